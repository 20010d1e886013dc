"""What is measured of a search: its best picture by judges it never asked, and how much varies."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.portraits.held_out import Held, meant
from benchmarks.portraits.judges import load_judge
from benchmarks.portraits.judging.steadiness import MOVES
from evolve.scoring.looks.embedding import Embedding, chord
from evolve.session.archive import Picture

LEAST = 0.001
"""The smallest probability that counts."""


class Reading(NamedTuple):
    """What a judge sees of what was asked."""

    log_probability: float
    """Mean over what was asked."""
    solved: bool
    """Whether it reads all of it."""


class HeldOut:
    """A judge that no search asks."""

    def __init__(self, name: str) -> None:
        """Load the first or the second."""
        self.name, self._judge = name, load_judge(name)

    def read(self, picture: Picture, face: Held) -> Reading:
        """Return what is seen in a picture, as it is and moved: less of it is chance."""
        moved = np.stack([np.roll(picture, move, (0, 1)) for move in ((0, 0), *MOVES)])
        chances = self._judge.chances_in(moved)
        logs, right = [], []
        for attribute, values in meant(face).items():
            columns = [self._judge.classes[attribute].index(value) for value in values]
            there = chances[attribute][:, columns].sum(1)
            logs.append(float(there.clamp(min=LEAST).log().mean()))
            right.append(int(chances[attribute].mean(0).argmax()) in columns)
        return Reading(float(np.mean(logs)), all(right))


def variety(embeddings: Sequence[Embedding | None]) -> float:
    """Return the mean distance of pictures, as the model's own CLIP sees them; nan of one."""
    chords = [
        length
        for k, one in enumerate(embeddings)
        for other in embeddings[:k]
        if (length := chord(one, other)) is not None
    ]
    return float(np.mean(chords)) if chords else float("nan")
