"""Who becomes a parent: fitness from verdicts, then the best that are not close kin.

Diversity is kept on purpose: no two parents of a page are close kin, because selection with
crossover by slerp alone pulls a population of sixteen to a mean correlation of .5 within three
generations.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from evolve.individual import Birth, Verdict

NEUTRAL = 2.5
"""The middle of the scale, counted once on each page: a lone rating then still means something."""

AGEING = 0.15
"""Rating steps that a picture loses for each generation bred since, unless it is pinned."""

PIN = 0.5
"""Rating steps that a pin is worth."""

KIN = 0.5
"""Correlation of noise from which two individuals count as close kin."""

HEARD = 64
"""How many candidates are compared with each other."""

PREFERENCE = 1.5
"""How much the fitter parents are preferred: the k-th gets children in proportion to k^-1.5."""


def fitness(births: Sequence[Birth], verdicts: Mapping[int, Verdict]) -> dict[int, float]:
    """Return how fit each judged individual is to be a parent; higher is better.

    A person's ratings are compared within their page, for a person rates relative to what is on
    the screen: r - (sum of the page's ratings + NEUTRAL) / (n + 1). Rejected pictures count as 0
    in that mean and are never parents. Where a person has judged nothing, scores decide as they
    are. Individuals that nobody judged are not in the result.
    """
    by_eye = {i: v for i, v in verdicts.items() if v.rating or v.pinned or v.rejected}
    if not any(v.rating or v.pinned for v in by_eye.values()):
        chosen = _spared(births, by_eye)
        scores = {i: v.score for i, v in verdicts.items() if v.score is not None and not v.rejected}
        return chosen or {i: s for i, s in scores.items() if math.isfinite(s)}

    pages: dict[int, list[float]] = defaultdict(lambda: [NEUTRAL])
    for i, verdict in by_eye.items():
        if verdict.rating or verdict.rejected:
            pages[_page(births, i, verdict)].append(0 if verdict.rejected else verdict.rating or 0)
    newest = max(_page(births, i, v) for i, v in by_eye.items())
    result = {}
    for i, verdict in by_eye.items():
        if verdict.rejected or not (verdict.rating or verdict.pinned):
            continue
        page = _page(births, i, verdict)
        mean = sum(pages[page]) / len(pages[page])
        value = (verdict.rating - mean) if verdict.rating else 0.0
        result[i] = value + (PIN if verdict.pinned else AGEING * (page - newest))
    return result


def lines(births: Sequence[Birth]) -> list[int]:
    """Return the line of each individual: the founder it descends from by its main parents."""
    founder: list[int] = []
    for birth in births:
        founder.append(founder[birth.parents[0]] if birth.parents else birth.id)
    return founder


def select_parents(
    fit: Mapping[int, float],
    line_of: Sequence[int],
    count: int,
    kinship: Callable[[int, int], float],
) -> list[int]:
    """Return up to `count` parents, best first, no two of them close kin if that is possible.

    Args:
        fit: Fitness of the candidates.
        line_of: Line of every individual, as `lines` gives it.
        count: How many parents are wanted.
        kinship: Correlation of two individuals' noise.
    """
    ranked = sorted(fit, key=lambda i: (-fit[i], i))
    # The fittest may all be of one family: the best of every line gets a hearing too.
    champions: dict[int, int] = {}
    for i in ranked:
        champions.setdefault(line_of[i], i)
    heard = set(ranked[:HEARD]) | set(list(champions.values())[:HEARD])
    chosen: list[int] = []
    for i in (i for i in ranked if i in heard):
        if len(chosen) == count:
            break
        if all(kinship(i, j) < KIN for j in chosen):
            chosen.append(i)
    taken = set(chosen)
    rest = (i for i in ranked if i not in taken)
    return chosen + [i for i, _ in zip(rest, range(count - len(chosen)), strict=False)]


def shares(count: int, parents: int) -> list[int]:
    """Divide `count` children over ranked parents by their preference."""
    weights = [(rank + 1) ** -PREFERENCE for rank in range(parents)]
    exact = [count * w / sum(weights) for w in weights]
    whole = [math.floor(e) for e in exact]
    by_remainder = sorted(range(parents), key=lambda k: (whole[k] - exact[k], k))
    for k in by_remainder[: count - sum(whole)]:
        whole[k] += 1
    return whole


def _spared(births: Sequence[Birth], by_eye: Mapping[int, Verdict]) -> dict[int, float]:
    """Where a person only rejected: what was left standing on the newest page so judged."""
    if not by_eye:
        return {}
    page = max(_page(births, i, v) for i, v in by_eye.items())
    return {
        b.id: 0.0
        for b in births
        if b.generation == page and not (b.id in by_eye and by_eye[b.id].rejected)
    }


def _page(births: Sequence[Birth], individual: int, verdict: Verdict) -> int:
    return births[individual].generation if verdict.page is None else verdict.page
