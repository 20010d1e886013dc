"""Niches: the best picture, and good ones that look least like it.

Of the best fifth, those are chosen one after the other whose least distance from the ones before
is the largest (Gonzalez 1985), by the model's embedding of the pictures. The k-th is dealt
children in proportion to 1 / k; one that has not improved recently leaves most of them to the
others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from evolve.scoring.looks.embedding import chord
from evolve.strategies.strategy import Situation, ranked

GOOD = 0.2
"""Share of the best that may head a niche."""
LEAST = 6
"""Number of them at least."""
MOST = 400
"""Number of them at most, for their embeddings are read for every generation."""
PATIENCE = 3
"""Generations in which a niche has to improve."""
LEFT = 0.4
"""Share of its children that a niche keeps which has not improved."""
NOTABLE = 0.1
"""Deviations of scores by which the best has to become better, or breeding is stalled."""


def niches(at: Situation, scores: Mapping[int, float], count: int) -> list[int]:
    """Return the heads of the niches, the best first; fewer if fewer are known."""
    order = ranked(scores)
    good = order[: min(MOST, max(LEAST, round(GOOD * len(order))))]
    looks = {i: at.embedding(i) for i in good}
    heads = good[:1]
    while len(heads) < min(count, len(good)):
        rest = [i for i in good if i not in heads]
        far = {i: min(chord(looks[i], looks[j]) or 0.0 for j in heads) for i in rest}
        heads.append(max(rest, key=lambda i: (round(far[i], 6), -i)))
    return heads


def dealt(at: Situation, heads: Sequence[int], count: int) -> list[int]:
    """Return the main parents of `count` children, those of one niche together."""
    births, now = at.search.births, at.search.next_generation
    weights = [
        (1.0 if births[i].generation >= now - PATIENCE else LEFT) / rank
        for rank, i in enumerate(heads, start=1)
    ]
    mains: list[int] = []
    done = 0.0
    for head, weight in zip(heads, weights, strict=True):
        done += weight / sum(weights)
        mains += [head] * (round(count * done) - len(mains))
    return mains


def is_stalled(at: Situation, scores: Mapping[int, float], patience: int) -> bool:
    """Return whether the best has not improved notably in `patience` generations after founders.

    Notably is by `NOTABLE` deviations of the earlier scores.
    """
    births = at.search.births
    start = at.search.next_generation - patience
    earlier = [score for i, score in scores.items() if births.generations[i] < start]
    recent = {i: score for i, score in scores.items() if births.generations[i] >= start}
    if not earlier or any(not births[i].parents for i in recent):
        return False
    better = max(recent.values(), default=-np.inf) - max(earlier)
    return bool(better < NOTABLE * np.std(earlier))
