"""The choice of parents: fitness from verdicts, then the best that are not close kin.

Diversity is kept on purpose: no two parents of a page are close kin, because selection with
crossover by slerp alone pulls a population of sixteen to a mean correlation of .5 within three
generations.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from evolve.judgements import RATINGS
from evolve.search.births import Births
from evolve.search.individual import Birth, Verdict
from evolve.search.verdicts import Verdicts

NEUTRAL = RATINGS[-1] / 2
"""The middle of the scale, counted once on each page: a lone rating then still means something."""

AGEING = 0.15
"""Rating steps that a picture loses for each generation bred since, unless it is pinned."""

PIN = 0.5
"""Rating steps that a pin is worth."""

KIN = 0.5
"""Correlation of noise from which two individuals count as close kin."""

COMPARED = 64
"""How many of the fittest, and of the best of each line, are compared with each other."""

PREFERENCE = 1.5
"""How much the fitter parents are preferred: the k-th gets children in proportion to k^-1.5."""


def fitness(births: Sequence[Birth], verdicts: Mapping[int, Verdict]) -> dict[int, float]:
    """Return the fitness of each judged individual as a parent; higher is better.

    A person's ratings are compared within their page, for a person rates relative to what is on
    the screen: r - (sum of the page's ratings + NEUTRAL) / (n + 1). Rejected pictures count as 0
    in that mean and are never parents. Picks count by their place on their page (`preference`). Of
    a page of which none is wanted only pinned pictures are parents. A page whose pictures are all
    the same is neither good nor bad. Where a person has judged nothing, the scores are the fitness.
    Individuals without a judgement are not in the result.
    """
    births, verdicts = Births.of(births), Verdicts.of(verdicts)
    by_eye = verdicts.judged
    if not any(_is_candidate(v) for v in by_eye.values()):
        return _spared(births, by_eye) or _scored(verdicts)

    pages: dict[int, list[float]] = defaultdict(lambda: [NEUTRAL])
    for i, verdict in by_eye.items():
        if verdict.rating or verdict.rejected:
            pages[page_of(births, i, verdict)].append(
                0 if verdict.rejected else verdict.rating or 0
            )
    newest = max(page_of(births, i, v) for i, v in by_eye.items())
    result = {}
    for i, verdict in by_eye.items():
        if not _is_candidate(verdict):
            continue
        page = page_of(births, i, verdict)
        mean = sum(pages[page]) / len(pages[page])
        value = (verdict.rating - mean) if verdict.rating else 0.0
        value += preference(verdict.place, page_size(births, page)) if verdict.place else 0.0
        result[i] = value + (PIN if verdict.pinned else AGEING * (page - newest))
    return result


def preference(place: int, of: int) -> float:
    """Return by how much a picked picture is above the middle of its page, in rating steps.

    The expected value of the `place`-th largest of `of` standard normals (Blom 1958), for ratings
    of one page spread by about one step.
    """
    return NormalDist().inv_cdf((max(of, place) - place + 0.625) / (max(of, place) + 0.25))


def _is_candidate(verdict: Verdict) -> bool:
    """Return whether a verdict allows its individual to be a parent."""
    if verdict.rejected or (verdict.none and not verdict.pinned):
        return False
    return bool(verdict.rating or verdict.pinned or verdict.place or verdict.same)


def lines(births: Sequence[Birth]) -> NDArray[np.int64]:
    """Return the line of each individual, (n,): the founder at the end of its main parents."""
    mains = Births.of(births).mains
    ancestor = np.where(mains < 0, np.arange(len(mains)), mains)
    while not np.array_equal(further := ancestor[ancestor], ancestor):  # each time twice as far
        ancestor = further
    return ancestor


def select_parents(
    fit: Mapping[int, float],
    line_of: Sequence[int] | NDArray[np.int64],
    count: int,
    kinship: Callable[[int, int], float],
) -> list[int]:
    """Return up to `count` of the fit, the best first, no two close kin if that is possible.

    `line_of` has the line of every individual, (n,), as `lines` gives it; `kinship` returns the
    correlation of the noise of two, -1 to 1.
    """
    ids = np.fromiter(fit, np.int64, len(fit))
    values = np.fromiter(fit.values(), np.float64, len(fit))
    ranked = ids[np.lexsort((ids, -values))]
    # The fittest may all be of one family: the best of every line is compared too.
    best_rank = np.full(len(line_of), -1)
    best_rank[np.asarray(line_of)[ranked[::-1]]] = np.arange(len(ranked))[::-1]
    champions = np.sort(best_rank[best_rank >= 0])[:COMPARED]
    compared = sorted({*range(min(COMPARED, len(ranked))), *champions.tolist()})
    chosen: list[int] = []
    for i in ranked[compared].tolist():
        if len(chosen) == count:
            break
        if all(kinship(i, j) < KIN for j in chosen):
            chosen.append(i)
    rest = [i for i in ranked[: 2 * count].tolist() if i not in chosen]
    return chosen + rest[: count - len(chosen)]


def shares(count: int, parents: int) -> list[int]:
    """Divide `count` children over ranked parents by their preference."""
    weights = [(rank + 1) ** -PREFERENCE for rank in range(parents)]
    exact = [count * w / sum(weights) for w in weights]
    whole = [math.floor(e) for e in exact]
    by_remainder = sorted(range(parents), key=lambda k: (whole[k] - exact[k], k))
    for k in by_remainder[: count - sum(whole)]:
        whole[k] += 1
    return whole


def page_size(births: Births, page: int) -> int:
    """Return how many individuals a page shows."""
    return int(np.count_nonzero(births.generations == page))


def _spared(births: Births, by_eye: Mapping[int, Verdict]) -> dict[int, float]:
    """Return what a person who only rejected left on the newest judged page, each at 0."""
    if not by_eye:
        return {}
    page = max(page_of(births, i, v) for i, v in by_eye.items())
    members = np.flatnonzero(births.generations == page).tolist()
    return {i: 0.0 for i in members if not (i in by_eye and _is_unwanted(by_eye[i]))}


def _scored(verdicts: Verdicts) -> dict[int, float]:
    scores = verdicts.scores.finite()
    for i, verdict in verdicts.judged.items():
        if _is_unwanted(verdict):
            scores.pop(i, None)
    return scores


def _is_unwanted(verdict: Verdict) -> bool:
    return verdict.rejected or verdict.none


def page_of(births: Births, individual: int, verdict: Verdict) -> int:
    """Return the page on which an individual was judged; by default its own."""
    return int(births.generations[individual]) if verdict.page is None else verdict.page
