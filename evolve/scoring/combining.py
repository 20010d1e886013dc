"""One fitness out of several scores: by mean rank with a guard, or by fronts.

All of it is a pure function of the scores so far, so a search that was killed combines as it did.

**Ranks.** Scores of different scorers can be compared in order, not in size: f(i) = mean_c
rank_c(i) / n, where equals share their mean rank. A score that is gamed rises in one component and
falls in another, so a child that falls below a parent in any component by more than that
component's deviation is capped at that parent's fitness.

**Fronts.** NSGA-II (Deb et al. 2002, https://doi.org/10.1109/4235.996017): individuals that no
other dominates are in front 0, those that only these dominate in front 1, and so on. In a front
those with the most room around them come first (crowding distance, section III-B).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Scores = Mapping[int, float]
Floats = NDArray[np.float64]
By = Literal["ranks", "fronts"]

MEASURED = 12
"""The first individuals, which are scored twice to measure the deviation of a score."""
ROOM = 0.9
"""Share of the distance between fronts for room, which never outweighs a front."""


def fitness(
    scores: Mapping[str, Scores],
    parents: Mapping[int, Sequence[int]] | None = None,
    *,
    by: By = "ranks",
    deviations: Mapping[str, float] | None = None,
) -> dict[int, float]:
    """Return the fitness of the individuals that all scorers scored; higher is better.

    Args:
        scores: By scorer and individual. Those of a single scorer are the fitness.
        parents: Of each individual; they must be older. For the guard of ranks.
        by: How several are combined: `ranks`, from above 0 to 1; or `fronts`, whose first has
            values from 0 to 0.9, the next from -1 to -0.1, and so on.
        deviations: By how much a child may be below a parent, by scorer; 0 where missing.

    Returns:
        By individual, in order; nan where a score is not finite.
    """
    names = list(scores)
    if len(names) == 1:
        return dict(sorted(scores[names[0]].items()))
    ids = sorted(set[int].intersection(*(set(scores[name]) for name in names)))
    table = np.array([[scores[name][i] for name in names] for i in ids]).reshape(-1, len(names))
    valid = np.isfinite(table).all(1)
    values = np.full(len(ids), np.nan)
    combine = by_ranks if by == "ranks" else by_fronts
    values[valid] = combine(table[valid])
    found = dict(zip(ids, values.tolist(), strict=True))
    if by == "ranks":
        _guard(found, scores, parents or {}, deviations or {})
    return found


def in_words(value: float, by: By | None, *, digits: int = 3) -> str:
    """Return a fitness as text, with its kind unless it is a single score."""
    if by == "fronts":
        return f"front {1 - math.floor(value)}"
    return f"{'mean rank ' if by == 'ranks' else ''}{value:.{digits}g}"


def by_ranks(table: Floats) -> Floats:
    """Return the mean rank of each row of (n, scorers), from above 0 to 1."""
    mean: Floats = np.mean([ranks(values) for values in table.T], axis=0) / max(1, len(table))
    return mean


def ranks(values: Floats) -> Floats:
    """Return the ranks of values, (n,), from 1 for the least; equal ones share the mean."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    shared: Floats = (np.cumsum(count) - (count - 1) / 2)[place]
    return shared


def by_fronts(table: Floats) -> Floats:
    """Return a number for each row of (n, scorers): minus its front, plus a part for room."""
    front = fronts(table)
    values = -front.astype(np.float64)
    for k in range(int(front.max(initial=-1)) + 1):
        members = np.flatnonzero(front == k)
        values[members] += ROOM * (1 - 1 / (1 + crowding(table[members])))
    return values


def fronts(table: Floats) -> NDArray[np.int64]:
    """Return the front of each row of (n, scorers), 0 for those that no row dominates.

    A row dominates another if it is nowhere below it and somewhere above. In lexicographic order no
    row is dominated by a later one, and a row that a front dominates is dominated by every front
    before, so its front is found by bisection (Zhang et al. 2015,
    https://doi.org/10.1109/TEVC.2014.2308305).
    """
    order = np.lexsort(-table.T[::-1]).tolist()
    found = np.zeros(len(table), np.int64)
    members: list[list[tuple[float, ...]]] = []

    def is_free(row: tuple[float, ...], k: int) -> bool:
        if len(row) == 2:  # the last member has the highest second score
            return members[k][-1] == row or members[k][-1][1] < row[1]
        others = np.array(members[k])
        return not ((others >= row).all(1) & (others > row).any(1)).any()

    for i, row in zip(order, map(tuple, table[order].tolist()), strict=True):
        k = bisect_left(range(len(members)), True, key=partial(is_free, row))
        if k == len(members):
            members.append([])
        members[k].append(row)
        found[i] = k
    return found


def crowding(table: Floats) -> Floats:
    """Return the crowding distance of each row of a front, (n,): inf at its ends."""
    room = np.zeros(len(table))
    for values in table.T:
        order = np.argsort(values, kind="stable")
        ranked = values[order]
        room[order[[0, -1]]] = np.inf
        if (extent := ranked[-1] - ranked[0]) > 0:
            room[order[1:-1]] += (ranked[2:] - ranked[:-2]) / extent
    return room


def deviation(scores: Scores, again: Scores, among: Sequence[int]) -> float:
    """Return the deviation of one score, from pictures that were scored twice; 0 without any.

    Two scores of one picture over different views differ by a constant, for some views are easier
    to please, and by chance: by sqrt(2) deviations in the root of the mean square. No individual
    may be chosen by its score, which would likely be a lucky one.
    """
    both = (i for i in among if i in scores and i in again)
    apart = [d for i in both if np.isfinite(d := scores[i] - again[i])]
    return float(np.std(apart, ddof=1) / np.sqrt(2)) if len(apart) > 1 else 0.0


def _guard(
    found: dict[int, float],
    scores: Mapping[str, Scores],
    parents: Mapping[int, Sequence[int]],
    deviations: Mapping[str, float],
) -> None:
    """Cap children at the fitness of parents that they fall below; parents come first."""
    for i in found:
        for parent in parents.get(i, ()):
            if parent == i or parent not in found or not np.isfinite(found[parent]):
                continue
            if any(
                known[i] < known[parent] - deviations.get(name, 0.0)
                for name, known in scores.items()
            ):
                found[i] = min(found[i], found[parent])
