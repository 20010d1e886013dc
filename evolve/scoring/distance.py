"""Distance between pictures: that of their embeddings, 1 for two unrelated founders of a prompt.

    d(a, b) = |e_a - e_b| / u,    u = median over pairs of founders of |e_i - e_j|

e is a unit vector (`evolve.scoring.embedders`). The chord is a metric, unlike 1 - cos: two steps of
0.2 lead at most 0.4 away.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from evolve.scoring.embedding import Embedding, chord, unit
from evolve.search.births import Births
from evolve.search.operators import ANTITHETIC, FOUND

MOST = 12
"""Founders that are looked at: a page of them."""


def founders(births: Births) -> list[int]:
    """Return the first founders of the first page, which all show the same prompt."""
    first: list[int] = np.flatnonzero(births.generations[: 4 * MOST] == 0).tolist()
    of_chance = (FOUND.name, ANTITHETIC.name)
    return [i for i in first if births[i].origin.operator in of_chance][:MOST]


class Distances:
    """Distances in the pictures of one population."""

    def __init__(self, births: Births, embedding: Callable[[int], Embedding | None]) -> None:
        """Measure with the embeddings that `embedding` returns, by individual."""
        self.births, self._embedding = births, embedding
        self._unit: float | None = None

    @property
    def unit(self) -> float | None:
        """The chord that counts as 1; None as long as too few founders are painted."""
        if self._unit is not None:
            return self._unit
        looked_at = [self._embedding(i) for i in founders(self.births)]
        known = [each for each in looked_at if each is not None]
        measured = unit(known)
        if len(known) == len(looked_at):  # else it may still change
            self._unit = measured
        return measured

    def between(self, a: int, b: int) -> float | None:
        """Return how far two pictures are from each other; None if that is not known."""
        length = chord(self._embedding(a), self._embedding(b))
        if length is None or (measured := self.unit) is None:
            return None
        return length / measured

    def to_parent(self, individual: int) -> float | None:
        """Return how far a picture is from that of its main parent; None if that is not known."""
        parents = self.births[individual].parents
        return self.between(individual, parents[0]) if parents else None
