"""Niches: the best picture, and good ones that look least like it.

Of the best fifth, those are chosen one after the other whose least distance from the ones before is
the largest (Gonzalez 1985), in the model's own embedding of the pictures.
"""

from __future__ import annotations

from collections.abc import Mapping

from evolve.scoring.embedding import chord
from evolve.strategies.strategy import Situation

GOOD = 0.2
"""Share of all scores that may found a niche."""
LEAST = 6
"""At least so many of the best may."""


def niches(at: Situation, scores: Mapping[int, float], count: int) -> list[int]:
    """Return the heads of the niches, the best first; fewer if fewer are known."""
    ranked = sorted(scores, key=lambda i: (-scores[i], i))
    good = ranked[: max(LEAST, round(GOOD * len(ranked)))]
    looks = {i: at.embedding(i) for i in good}
    heads = good[:1]
    while len(heads) < min(count, len(good)):
        rest = [i for i in good if i not in heads]
        far = {i: min(chord(looks[i], looks[j]) or 0.0 for j in heads) for i in rest}
        heads.append(max(rest, key=lambda i: (round(far[i], 6), -i)))
    return heads
