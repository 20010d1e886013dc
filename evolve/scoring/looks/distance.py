"""Distance between pictures: that of their embeddings, 1 for two unrelated founders of a prompt.

    d(a, b) = mean over embedders k of |e_ka - e_kb| / u_k,   divided by its median over founders

u_k is the median over pairs of founders of |e_ki - e_kj|, e_k a unit vector (`embedders`). The
embedders that have seen all founders count, so that a population keeps its distance when a later
version has more. Chords are metrics, unlike 1 - cos, and so is their mean: two steps of 0.2 lead at
most 0.4 away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from evolve.scoring.looks.sight import Sight, shared
from evolve.search.births import Births
from evolve.search.operators import ANTITHETIC, FOUND

MOST = 12
"""Founders that are used: a page."""
FEWEST = 4
"""Founders that are needed."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the distance of pictures."""

    units: Mapping[str, float] = field(default_factory=dict)
    """The length that counts as 1, by embedder."""
    unit: float = 1.0
    """The mean of their lengths that counts as 1."""

    @classmethod
    def of(cls, founders: Sequence[Sight], kinds: Sequence[str] | None = None) -> Measure | None:
        """Return the measure by which two founders are 1 apart on the median; None for too few.

        The embedders of `kinds` count, by default all that have seen every founder.
        """
        if len(founders) < FEWEST:
            return None
        return cls.through(combinations(founders, 2), shared(founders) if kinds is None else kinds)

    @classmethod
    def through(cls, pairs: Iterable[tuple[Sight, Sight]], kinds: Sequence[str]) -> Measure | None:
        """Return the measure by which pairs are 1 apart on the median; None without any."""
        pairs = list(pairs)
        units = {
            kind: middle
            for kind in kinds
            if (middle := _median(a.chord(b, kind) for a, b in pairs)) > 0
        }
        unit = _median(cls(units).between(a, b) for a, b in pairs)
        return cls(units, unit) if unit > 0 else None

    def between(self, a: Sight | None, b: Sight | None) -> float | None:
        """Return the distance of two pictures; None if unknown."""
        if a is None or b is None or not self.units:
            return None
        lengths = [(a.chord(b, kind), unit) for kind, unit in self.units.items()]
        known = [length / unit for length, unit in lengths if length is not None]
        return sum(known) / len(known) / self.unit if len(known) == len(lengths) else None

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {"units": dict(self.units), "unit": self.unit}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Measure:
        """Read what `to_json` wrote.

        Raises:
            ValueError: It is invalid.
        """
        measure = cls({str(k): float(v) for k, v in data["units"].items()}, float(data["unit"]))
        if not all(length > 0 for length in (measure.unit, *measure.units.values())):
            raise ValueError("a length that counts as 1 must be above 0")
        return measure


def _median(lengths: Iterable[float | None]) -> float:
    known = [length for length in lengths if length is not None]
    return float(np.median(known)) if known else 0.0


def founders(births: Births) -> list[int]:
    """Return the first founders of the first page, which all show the same prompt."""
    first: list[int] = np.flatnonzero(births.generations[: 4 * MOST] == 0).tolist()
    of_chance = (FOUND.name, ANTITHETIC.name)
    return [i for i in first if births[i].origin.operator in of_chance][:MOST]


class Distances:
    """Distances of the pictures of one population."""

    def __init__(self, births: Births, sight: Callable[[int], Sight | None]) -> None:
        self.births, self._sight = births, sight
        self._measure: Measure | None = None

    @property
    def measure(self) -> Measure | None:
        """The measure; None as long as too few founders are painted."""
        if self._measure is not None:
            return self._measure
        looked_at = [self._sight(i) for i in founders(self.births)]
        known = [each for each in looked_at if each is not None]
        measure = Measure.of(known)
        if len(known) == len(looked_at):  # or it may still change
            self._measure = measure
        return measure

    def between(self, a: int, b: int) -> float | None:
        """Return the distance of the pictures of two individuals; None if unknown."""
        measure = self.measure
        return None if measure is None else measure.between(self._sight(a), self._sight(b))

    def to_parent(self, individual: int) -> float | None:
        """Return the distance of a picture from that of its main parent; None if unknown."""
        parents = self.births[individual].parents
        return self.between(individual, parents[0]) if parents else None
