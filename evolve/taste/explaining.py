"""What was learnt, in words: which properties the liked have more often than the disliked.

    d_k = (mean of p_k over liked - mean over disliked) / deviation of p_k

(Cohen's d) with `p_k` how surely a picture has property `k`, and each picture counted by how much
above or below its page it was judged. A property is named only if its difference is larger than
chance would make it, though many are looked at: chance names one in one of ten reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CHANCE = 0.1
"""How many of all properties chance names in a report, on average."""


class Learnt(NamedTuple):
    """One property and how much it matters."""

    words: str
    weight: float
    """Cohen's d: above 0 if it is liked."""
    doubt: float
    """Standard error of that."""


def explain(utilities: Floats, properties: Floats, words: Sequence[str]) -> list[Learnt]:
    """Return the properties that matter, the strongest first.

    Args:
        utilities: (n,), what was judged, relative to its page.
        properties: (n, k), how surely each picture has each property, 0 to 1.
        words: What the properties are called, k.
    """
    liked = np.clip(utilities - np.mean(utilities), 0, None)
    disliked = np.clip(np.mean(utilities) - utilities, 0, None)
    if len(utilities) < 4 or not liked.sum() or not disliked.sum():
        return []
    liked, disliked = liked / liked.sum(), disliked / disliked.sum()
    spread = properties.std(0)
    varies = spread > 1e-6
    apart = np.where(varies, (liked - disliked) @ properties, 0.0)
    apart = apart / np.where(varies, spread, 1.0)
    # Of a weighted mean, with the effective number of pictures (Kish 1965).
    error = np.sqrt(np.square(liked).sum() + np.square(disliked).sum())
    least = error * NormalDist().inv_cdf(1 - CHANCE / (2 * max(1, int(varies.sum()))))
    found = [
        Learnt(name, round(float(d), 3), round(float(error), 3))
        for name, d in zip(words, apart, strict=True)
        if abs(d) > least
    ]
    return sorted(found, key=lambda learnt: (-abs(learnt.weight), learnt.words))
