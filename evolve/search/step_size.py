"""How far children step from their parents: the angle adapts to what was judged.

No state is kept: every child records the `step` it was bred by, so the next step follows from the
last judged generations alone, and a resumed search goes on as if it had never stopped.

Only children that were turned as a whole count. A child that differs in a region, in a band or
inside a mask looks near however far it was turned there, and a child of two parents was not turned.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from evolve.search.births import Births
from evolve.search.individual import Birth, Verdict
from evolve.search.operators import is_whole
from evolve.search.selection import preference
from evolve.search.verdicts import Verdicts

START = 35.0
LOWEST, HIGHEST = 4.0, 80.0
"""Degrees."""

TARGET = 0.24
"""Right success rate: 1 - Phi(m / 2), m the expected maximum of 8 standard normals."""

GAIN = 1.5
"""How strongly the step answers, per unit of success rate."""

NEARER, FARTHER = -1.0, 2.0
"""Standard deviations beyond chance at which the step shrinks after one page, and may grow."""

RECALLED = 3
"""Judged pages that have to favour far children together before the step grows."""

STRETCH = 1.5
"""Factor on the step after a page whose pictures all look the same."""


def next_step(
    births: Sequence[Birth],
    verdicts: Mapping[int, Verdict],
    is_masked: Callable[[int], bool] = lambda individual: False,
) -> float:
    """Return the step for the next generation, in degrees.

    Scores can be compared between parent and child: the step shrinks if few children beat their
    parent, and grows if many do, theta' = theta exp(GAIN (p - TARGET)), the success rule of
    evolution strategies. Ratings are relative to their page, so what counts is which angles were
    liked among children of one parent on one page (`Liking`): the step shrinks as soon as near
    children are liked more than by chance, and grows only when several pages together clearly
    favour far ones. A page whose pictures all look the same was bred by too small a step.
    Individuals that differ from their parent inside a mask only do not count.
    """
    births, verdicts = Births.of(births), Verdicts.of(verdicts)
    pages = _bred(births, verdicts)
    if not pages:
        return START
    page = pages[0]
    step = float(page[0].origin.params["step"])
    if any(b.id in verdicts and verdicts[b.id].same for b in page):
        change = math.log(STRETCH)
    elif _worth(page, verdicts, births):
        change = _change(
            [Liking.of(_whole(p, is_masked), _worth(p, verdicts, births)) for p in pages]
        )
    else:
        change = GAIN * (_success(_whole(page, is_masked), verdicts) - TARGET)
    return min(HIGHEST, max(LOWEST, step * math.exp(change)))


class Liking(NamedTuple):
    """How far and near children of the same parents were liked on one page.

    With u the worth of a child and a the logarithm of its angle, both less their mean among the
    children of its parent.
    """

    favour: float = 0.0
    """Sum of u a, above 0 where far ones were liked."""
    weight: float = 0.0
    """Sum of |u|."""
    variance: float = 0.0
    """Variance of `favour` if angle and worth were independent: the sum over parents of
    sum(u^2) sum(a^2) / (n - 1), the variance over all permutations."""

    @classmethod
    def of(cls, page: Iterable[Birth], worth: Mapping[int, float]) -> Liking:
        """Compare the children on a page, each with those of its main parent."""
        families: dict[int, list[tuple[float, float]]] = defaultdict(list)
        for b in page:
            if b.id in worth and (angle := b.origin.params.get("angle", 0)) > 0:
                families[b.parents[0]].append((worth[b.id], math.log(angle)))
        total = np.zeros(3)
        for pairs in families.values():
            if len(pairs) > 1:
                u, a = (np.array(pairs) - np.mean(pairs, axis=0)).T
                total += u @ a, abs(u).sum(), (u @ u) * (a @ a) / (len(u) - 1)
        return cls(*total.tolist())

    @property
    def beyond_chance(self) -> float:
        """`favour` in its standard deviations by chance; 0 where nothing could be compared."""
        return self.favour / math.sqrt(self.variance) if self.variance > 0 else 0.0


def _change(likings: Sequence[Liking]) -> float:
    """Return the logarithm of the factor on the step; the newest page is the first."""
    newest, together = likings[0], Liking(*map(sum, zip(*likings, strict=True)))
    nearer = newest.beyond_chance <= NEARER + 1e-9  # two children that differ are just there
    farther = newest.favour > 0 and together.beyond_chance >= FARTHER
    return newest.favour / newest.weight if nearer or farther else 0.0


def _worth(page: Sequence[Birth], verdicts: Verdicts, births: Births) -> dict[int, float]:
    """Return the worth of each individual of a page by a person's answer; empty without one."""
    known = {b.id: verdicts[b.id] for b in page if b.id in verdicts}
    size = int(np.count_nonzero(births.generations == page[0].generation))
    picked = {i: preference(v.place, size) for i, v in known.items() if v.place}
    if picked:
        rest = -sum(picked.values()) / max(1, size - len(picked))
        return {b.id: picked.get(b.id, rest) for b in page}
    return {
        i: 0.0 if v.rejected else float(v.rating or 0)
        for i, v in known.items()
        if v.rating or v.rejected
    }


def _bred(births: Births, verdicts: Verdicts) -> list[list[Birth]]:
    """Return the last generations that were bred by a step and judged, the newest first."""
    judged = verdicts.ids
    judged = judged[births.mains[judged] >= 0]
    pages: list[list[Birth]] = []
    while len(judged) and len(pages) < RECALLED:
        newest = births.generations[judged].max()
        members = np.flatnonzero(births.generations == newest).tolist()
        page = map(births.__getitem__, members)
        if bred := [b for b in page if b.parents and "step" in b.origin.params]:
            pages.append(bred)
        judged = judged[births.generations[judged] < newest]
    return pages


def _whole(page: Iterable[Birth], is_masked: Callable[[int], bool]) -> list[Birth]:
    """Return the individuals of a page that were turned as a whole."""
    return [b for b in page if is_whole(b.origin.operator) and not is_masked(b.id)]


def _success(page: Sequence[Birth], verdicts: Mapping[int, Verdict]) -> float:
    wins = [
        child.score > parent.score
        for b in page
        if (child := verdicts.get(b.id)) is not None
        and child.score is not None
        and (parent := verdicts.get(b.parents[0])) is not None
        and parent.score is not None
    ]
    return sum(wins) / len(wins) if wins else TARGET
