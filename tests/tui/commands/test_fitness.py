"""What `fancier run` judges by."""

from __future__ import annotations

from argparse import ArgumentTypeError

import pytest

from tui.cli import values


def test_a_fitness_is_a_kind_with_or_without_a_text() -> None:
    assert values.fitness("clip") == ("clip", None)
    assert values.fitness("words: red hair") == ("words", "red hair")
    for wrong in ("beauty", "clip:", "words: ", ""):
        with pytest.raises(ArgumentTypeError, match="use clip or words, or clip:TEXT"):
            values.fitness(wrong)
