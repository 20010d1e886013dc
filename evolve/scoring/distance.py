"""Distance between pictures: that of their embeddings, 1 for two unrelated founders of a prompt.

    d(a, b) = |e_a - e_b| / u,    u = median over pairs of founders of |e_i - e_j|

e is a unit vector, as a CLIP gives it, or a description of our own (`embedding`). The chord is a
metric, unlike 1 - cos: two steps of 0.2 lead at most 0.4 away.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.search.births import Births
from evolve.search.operators import ANTITHETIC, FOUND

KEY = "embedding"
"""What it is called in the record of a picture."""

FEWEST = 4
"""Founders that are needed to measure with."""
MOST = 12
"""Founders that are looked at: a page of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """What a picture is like, as a vector."""

    of: str
    """What looked at it; vectors of different embedders cannot be compared."""
    vector: NDArray[np.float16]
    """(width,), of length 1; rounded once, and this is what counts."""

    def to_json(self) -> dict[str, str]:
        """Return it as the record of a picture holds it."""
        data = self.vector.astype("<f2").tobytes()
        return {"of": self.of, "vector": base64.b64encode(data).decode("ascii")}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Embedding | None:
        """Read it from the record of a picture; None if it is not there, or damaged."""
        try:
            data = record[KEY]
            raw = base64.b64decode(data["vector"], validate=True)
            vector = np.frombuffer(raw, "<f2").astype(np.float16)
            if not len(vector) or not np.isfinite(vector).all():
                return None
            return cls(str(data["of"]), vector)
        except (KeyError, TypeError, ValueError, binascii.Error):
            return None


def chord(a: Embedding | None, b: Embedding | None) -> float | None:
    """Return |e_a - e_b|; None where the two cannot be compared."""
    if a is None or b is None or a.of != b.of or a.vector.shape != b.vector.shape:
        return None
    return float(np.linalg.norm(a.vector.astype(np.float64) - b.vector))


def unit(founders: Sequence[Embedding]) -> float | None:
    """Return the distance that counts as 1: the median over all pairs; None of too few."""
    chords = [
        length
        for i, a in enumerate(founders)
        for b in founders[:i]
        if (length := chord(a, b)) is not None
    ]
    enough = len(chords) >= FEWEST * (FEWEST - 1) // 2
    middle = float(np.median(chords)) if enough else 0.0
    return middle if middle > 0 else None


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
