"""Properties of pictures that have words: what a model's reader knows, or what prompts say.

A reader says how probable each value of each attribute is (`evolve.scoring.words`). A model that
brings none, but a CLIP, is asked how like a picture is to the words of the prompts. Others have no
words for what is in a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Prompt
from evolve.models.catalog import ModelCard
from evolve.models.words.meanings import meanings_of
from evolve.session.archive import Picture

MOST = 64
"""Phrases that are looked at."""


class Properties(NamedTuple):
    """Properties of some pictures."""

    words: list[str]
    """What they are called, k; none where the model has no words for pictures."""
    values: NDArray[np.float64]
    """(n, k): more for what is there more surely."""
    by: str = ""
    """Who read them: `reader` or `clip`."""


def properties(
    card: ModelCard, pictures: Sequence[Picture], prompts: Iterable[Prompt]
) -> Properties:
    """Return what can be said in words of pictures.

    Args:
        card: The model that painted them.
        pictures: What it painted.
        prompts: What they were to show.

    Raises:
        ModelError: Its reader or its CLIP cannot be used.
    """
    if card.reader is not None and pictures:
        from evolve.scoring.words import Words  # torch comes with it

        words, meanings = Words(card), meanings_of(card)
        assert meanings is not None  # a reader reads what they name
        names = [meanings.names(*value) for value in words.values]
        return Properties(names, words.read(pictures), "reader")
    texts = phrases(prompts)
    if card.clip is None or not texts or not pictures:
        return Properties([], np.zeros((len(pictures), 0)))
    from evolve.scoring.clip import Clip  # torch comes with it

    return Properties(texts, Clip(card.clip).likeness(pictures, texts), "clip")


def phrases(prompts: Iterable[Prompt]) -> list[str]:
    """Return the different phrases of prompts, as they are divided by bars and commas."""
    texts = [c.text for prompt in prompts for c in (*prompt.concepts, *prompt.negative)]
    parts = (part.strip() for text in texts for part in re.split(r"[,.;:]", text))
    return list(dict.fromkeys(part for part in parts if part))[:MOST]
