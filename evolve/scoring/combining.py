"""One fitness out of several scores: by mean rank with a guard, or by fronts.

All of it is a pure function of the scores so far, so a search that was killed combines as it did.

**Ranks.** Scorers do not compare in size, but in order: f(i) = mean_c rank_c(i) / n, where equals
share their mean rank. A score that is gamed rises in one component and falls in another, so a child
that falls below a parent in any component by more than that component's deviation is capped at that
parent's fitness: it may not count as better.

**Fronts.** NSGA-II (Deb et al. 2002, https://doi.org/10.1109/4235.996017): what no other
dominates is in front 0, what only those dominate in front 1, and so on; in a front those come first
around which there is the most room (crowding distance, section III-B).
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
"""Individuals, the first ones, that are scored again to see how far two scores of one differ."""
ROOM = 0.9
"""Of the way to the next front is taken by room: more room never outweighs a front."""


def fitness(
    scores: Mapping[str, Scores],
    parents: Mapping[int, Sequence[int]] | None = None,
    *,
    by: By = "ranks",
    deviations: Mapping[str, float] | None = None,
) -> dict[int, float]:
    """Return the fitness of everyone whom all scorers scored; higher is better.

    Args:
        scores: By scorer and individual. With one scorer they are the fitness, as they are.
        parents: Of each individual, who must be older; for the guard of ranks.
        by: How several are combined: `ranks`, from above 0 to 1; or `fronts`, whose first has
            values from 0 to 0.9, the next from -1 to -0.1, and so on.
        deviations: Of each scorer, how far below a parent a child may be; 0 where it is not named.

    Returns:
        By individual, in order; nan for who has a score that is not finite.
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
    """Return a fitness as text, with what it is: a score alone where nothing is combined."""
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
    """Return a number for each row of (n, scorers): minus its front, and more for more room."""
    front = fronts(table)
    values = -front.astype(np.float64)
    for k in range(int(front.max(initial=-1)) + 1):
        members = np.flatnonzero(front == k)
        values[members] += ROOM * (1 - 1 / (1 + crowding(table[members])))
    return values


def fronts(table: Floats) -> NDArray[np.int64]:
    """Return the front of each row of (n, scorers), 0 for those that none dominates.

    One row dominates another that it is nowhere below and somewhere above. In lexicographic order
    nobody is dominated by who comes later, and who is dominated by somebody of a front is so by
    somebody of every front before: the front of each is found by bisection (Zhang et al. 2015,
    https://doi.org/10.1109/TEVC.2014.2308305).
    """
    order = np.lexsort(-table.T[::-1]).tolist()
    found = np.zeros(len(table), np.int64)
    members: list[list[tuple[float, ...]]] = []

    def is_free(row: tuple[float, ...], k: int) -> bool:
        if len(row) == 2:  # the last one has the most of the second
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
    """Return the deviation of one score, from those that were given twice; 0 if none were.

    Two scores of one picture over different views differ by a constant, for other views may be
    easier to please, and by chance: by sqrt(2) deviations in the root of the mean square.

    Args:
        scores: By individual.
        again: The same over other views.
        among: Which to look at: none that was chosen for a score, which is likely a lucky one.
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
    """Cap children at the fitness of parents below whom they fall; in order, so parents first."""
    for i in found:
        for parent in parents.get(i, ()):
            if parent == i or parent not in found or not np.isfinite(found[parent]):
                continue
            if any(
                known[i] < known[parent] - deviations.get(name, 0.0)
                for name, known in scores.items()
            ):
                found[i] = min(found[i], found[parent])
