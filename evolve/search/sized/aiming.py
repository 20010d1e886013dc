"""Aiming: the reach by which a child has the size that is asked for.

A curve, measured once for each model and operator, gives the first guess. It is only a guess: the
same angle leads some parents twice as far as others. So a draft is painted and measured. If it
misses, the next guess goes further or less far on the same way: along the curve, stretched to what
was measured, or between two drafts of which one was too near and one too far. Where something
appears at an angle there may be nothing in between: then the child takes another way.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

SMALLEST = 0.005
"""The smallest reach, half a degree: a smaller one is lost in the rounding of the noise."""
TRUST = 0.85
"""Weight of what a single draft showed: part of it was a leap at that reach."""
CAUTION = 2
"""Children that the curves count as, against the first ones of a page."""
LEAP = 0.4
"""A draft whose distance is larger by more, as a logarithm, leapt over the size: a second one on
the same way is near in one of seven cases, one on another way in one of four."""
KINSHIP = 0.4
"""Correlation of children of one parent: part of their distance is due to the parent."""
STUCK = 0.01
"""Two reaches whose logarithms differ by less count as the same."""


@dataclass(frozen=True, slots=True)
class Curve:
    """How far children of one operator are from their parents, by reach."""

    reaches: tuple[float, ...]
    """Increasing, above 0 up to 1."""
    distances: tuple[float, ...]
    """Distance at each: it never falls."""

    @classmethod
    def through(cls, reaches: Sequence[float], distances: Sequence[float]) -> Curve:
        """Return the curve through measured points; where they fall it stays level."""
        rising = np.maximum.accumulate(np.maximum(distances, 1e-3))
        return cls(tuple(map(float, reaches)), tuple(map(float, rising)))

    def distance(self, reach: float) -> float:
        """Return the likely distance of a child of this reach."""
        return float(np.interp(reach, (0.0, *self.reaches), (0.0, *self.distances)))

    def reach(self, distance: float) -> float:
        """Return the smallest reach of this distance; 1 where there is none."""
        if distance > self.distances[-1]:
            return 1.0
        xs, ys = (0.0, *self.reaches), (0.0, *self.distances)
        k = next(k for k, y in enumerate(ys) if y >= distance)
        if k == 0:
            return 0.0
        share = (distance - ys[k - 1]) / (ys[k] - ys[k - 1])
        return float(xs[k - 1] + share * (xs[k] - xs[k - 1]))


@dataclass(slots=True)
class Aim:
    """One way of a child, and the distances of its drafts."""

    size: float
    """The distance that is asked for."""
    curve: Curve
    tries: list[tuple[float, float]] = field(default_factory=list)
    """Reach and distance of each draft, in order."""
    stretch: float = 1.0
    """Distance of others of the same page, as a multiple of the curve."""

    def guess(self) -> float:
        """Return the reach to try next."""
        if not self.tries:
            return _possible(self.curve.reach(self.size / self.stretch))
        near = max((t for t in self.tries if t[1] < self.size), default=None)
        far = min((t for t in self.tries if t[1] >= self.size), default=None)
        if near is not None and far is not None and near[0] < far[0]:
            # By logarithms: the further, the less a step adds.
            low, high, wanted = (math.log(max(1e-3, d)) for d in (near[1], far[1], self.size))
            share = (wanted - low) / (high - low)
            return _possible(near[0] * (far[0] / near[0]) ** share)
        reach, distance = self.best
        stretched = max(1e-3, distance) / max(1e-3, self.curve.distance(reach))
        trust = TRUST if len(self.tries) == 1 else 1.0
        return _possible(self.curve.reach(self.size / stretched**trust))

    @property
    def first(self) -> float:
        """Distance of the first draft, as a multiple of the curve."""
        reach, distance = self.tries[0]
        return max(1e-3, distance) / max(1e-3, self.curve.distance(reach))

    @property
    def best(self) -> tuple[float, float]:
        """Reach and distance of the draft that is nearest to the size; there must be one."""
        return min(self.tries, key=lambda t: abs(t[1] - self.size))

    @property
    def error(self) -> float:
        """By how much the best draft misses the size, as a share of it."""
        return abs(self.best[1] - self.size) / self.size

    @property
    def is_stuck(self) -> bool:
        """Whether another draft would repeat one: the way ends here."""
        ahead = math.log(self.guess())
        return any(abs(ahead - math.log(reach)) < STUCK for reach, _ in self.tries)


@dataclass(slots=True)
class Ways:
    """The ways that were tried for one child, one after the other."""

    aims: list[Aim]
    """At least one, all of the same size."""
    bisects: bool = False
    """Whether there may be drafts enough to close in on the size."""

    @property
    def aim(self) -> Aim:
        """The present way."""
        return self.aims[-1]

    @property
    def tries(self) -> list[tuple[float, float]]:
        """Reach and distance of each draft, in order."""
        return [each for aim in self.aims for each in aim.tries]

    @property
    def best(self) -> tuple[int, float]:
        """Way, counted from 0, and reach of the draft that is nearest to the size."""
        tried = [(aim.error, way) for way, aim in enumerate(self.aims) if aim.tries]
        _, way = min(tried)
        return way, self.aims[way].best[0]

    @property
    def error(self) -> float:
        """By how much the best draft misses the size, as a share of it."""
        return self.aims[self.best[0]].error

    @property
    def is_lost(self) -> bool:
        """Whether the present way does not lead near the size."""
        if not self.aim.tries:
            return False
        leap = math.log(max(1e-3, self.aim.best[1]) / self.aim.size)
        return self.aim.is_stuck or (leap > LEAP and not self.bisects)


def stretch_of(firsts: Sequence[float], caution: float = CAUTION) -> float:
    """Return the factor by which to stretch the curves for the rest of a page.

    In some populations every step leads twice as far as in others: the distances of the first
    children are multiples of their curves, which count as `caution` children.
    """
    if not firsts:
        return 1.0
    middle = float(np.median(np.log(firsts)))
    return math.exp(middle * len(firsts) / (len(firsts) + caution))


@dataclass(slots=True)
class Firsts:
    """The distances of the first drafts of a page, which show how far to go from its parents.

    The drafts are painted in waves; each wave begins with what the waves before it have shown.
    """

    mains: Mapping[int, int]
    """Main parent of each child, by place."""
    waves: Sequence[Sequence[int]]
    """Places."""
    kinship: float = 0.0
    """Correlation of children of the same parent."""
    known: dict[int, float] = field(default_factory=dict)
    """Distances as multiples of the curves, by place."""

    @classmethod
    def of(cls, mains: Mapping[int, int], *, by_parent: bool) -> Firsts:
        """Plan the waves of a page, by the main parent of each place.

        If `by_parent`, each has children of all parents, as far as possible; else, as in earlier
        versions, the second wave follows the first third of the page.
        """
        places, third = sorted(mains), math.ceil(len(mains) / 3)
        if not by_parent:
            return cls(mains, [places[:third], places[third:]])
        before: Counter[int] = Counter()
        rank = {}
        for place in places:
            rank[place] = before[mains[place]]
            before[mains[place]] += 1
        places.sort(key=lambda place: rank[place])
        waves = [places[at : at + third] for at in range(0, len(places), max(1, third))]
        return cls(mains, waves, KINSHIP)

    def wave(self, place: int) -> int:
        """Return the wave of a place, from 0."""
        return next(number for number, wave in enumerate(self.waves) if place in wave)

    def are_there(self, waves: int) -> bool:
        """Return whether all of the first `waves` are known."""
        return all(place in self.known for wave in self.waves[:waves] for place in wave)

    def stretch(self, place: int, waves: int) -> float:
        """Return by how much to stretch the curve of a child after the first `waves`."""
        known = [other for wave in self.waves[:waves] for other in wave]
        logs = [math.log(self.known[other]) for other in known]
        own = [
            math.log(self.known[other]) - float(np.median(logs))
            for other in known
            if self.mains[other] == self.mains[place]
        ]
        shift = self.kinship * sum(own) / (1 + self.kinship * (len(own) - 1)) if own else 0.0
        return stretch_of([self.known[other] for other in known]) * math.exp(shift)


def _possible(reach: float) -> float:
    return min(1.0, max(SMALLEST, reach))
