"""What `fancier run` judges by."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from types import SimpleNamespace
from typing import Any

import pytest

from evolve.errors import GenomeError, ModelError
from evolve.genome import Prompt
from tui.cli import values
from tui.commands.breeding.run import _scorer


def population(prompt: str) -> Any:
    config = {"model": "portraits", "prompt": Prompt.parse(prompt).to_json()}
    return SimpleNamespace(model="portraits", config=config)


def args(fitness: str, clip: str | None = None) -> Namespace:
    return Namespace(fitness=values.fitness(fitness), clip=clip)


def test_a_fitness_is_a_kind_with_or_without_a_text() -> None:
    assert values.fitness("clip") == ("clip", None)
    assert values.fitness("words: red hair") == ("words", "red hair")
    for wrong in ("beauty", "clip:", "words: ", ""):
        with pytest.raises(ArgumentTypeError, match="use clip or words, or clip:TEXT"):
            values.fitness(wrong)


def test_words_are_looked_for_by_the_reader_of_the_model() -> None:
    assert _scorer(args("words"), population("a man with a hat")).name == "words"
    assert _scorer(args("words:glasses"), population("a dragon")).name == "words:glasses"
    assert _scorer(args("clip"), population("a man")).name == "clip"


def test_words_that_cannot_be_looked_for_are_refused() -> None:
    with pytest.raises(GenomeError, match="'a dragon' asks for nothing that portraits can read"):
        _scorer(args("words"), population("a dragon"))
    with pytest.raises(ModelError, match="--fitness words asks none: leave one out"):
        _scorer(args("words", clip="some/clip"), population("a hat"))
