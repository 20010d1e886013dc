"""A taste in words: the properties for which pictures are liked better than others of their page.

A forward selection over a linear model with page effects (least squares with dummy variables; its
steps are those of Efroymson 1960):

    u_ij = a_j + sum_k b_k p_ijk + e_ij

with `u_ij` the judged worth of picture i of page j, `p_ijk` how much it has of property k, and
`a_j` the level of its page. Only differences within a page count, so what decided the first pages
is not diluted by later ones on which all pictures have it. One property after the other is named,
the one that explains most of what those before it left, as long as its t is larger than by chance,
given how many properties there are. An unknown property counts as the mean of its page.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CHANCE = 0.05
"""Number of properties in a report that are there by chance, on average."""
FEWEST = 4
"""Degrees of freedom without which nothing is named."""
SEVERAL = 2.5
"""Pictures that a property has to set apart (Kish 1965: the effective number): a single one may be
judged for any of its properties."""


class Learnt(NamedTuple):
    """One property and how much it matters."""

    words: str
    weight: float
    """How much more a picture is worth for having all of it: above 0 if it is liked."""
    doubt: float
    """Standard error of that."""


def explain(
    utilities: Floats,
    properties: Floats,
    words: Sequence[str],
    pages: Sequence[int] | None = None,
) -> list[Learnt]:
    """Return the properties that matter, in the order in which they explain what was judged.

    Args:
        utilities: (n,), the judged worth of the pictures.
        properties: (n, k), how much each picture has of each, nan where unknown; of equal ones the
            first is named.
        words: The names of the properties, k.
        pages: (n,), the page that each picture was judged on; None if all on one.
    """
    page = np.unique(np.zeros(len(utilities)) if pages is None else pages, return_inverse=True)[1]
    left, there = _within(utilities[:, None], page)[:, 0], _within(properties, page)
    freedom = len(utilities) - len(np.unique(page)) - 1
    found: list[Learnt] = []
    while freedom >= FEWEST:
        square, fourth = np.square(there).sum(0), np.power(there, 4).sum(0)
        counts = np.square(square) > SEVERAL * fourth
        if not counts.any():
            break
        scale = np.where(counts, square, 1.0)
        slope = np.where(counts, left @ there / scale, 0.0)
        rest = np.maximum(np.square(left).sum() - np.square(slope) * scale, 1e-12)
        t = slope / np.sqrt(rest / freedom / scale)
        best = int(np.argmax(np.round(np.abs(t), 6)))
        if abs(t[best]) < _chance(CHANCE / (2 * int(counts.sum())), freedom):
            break
        error = float(abs(slope[best] / t[best]))
        found.append(Learnt(words[best], round(float(slope[best]), 3), round(error, 3)))
        axis = there[:, best] / np.sqrt(scale[best])
        left, there = left - axis * (axis @ left), there - np.outer(axis, axis @ there)
        there[:, np.square(there).sum(0) < 1e-6 * scale] = 0  # combinations of those named
        freedom -= 1
    return found


def _within(values: Floats, page: NDArray[np.intp]) -> Floats:
    """Return values, (n, k), less the mean of their page; 0 where they are not known."""
    known = ~np.isnan(values)
    sums = np.zeros((2, int(page.max(initial=-1)) + 1, values.shape[1]))
    np.add.at(sums[0], page, np.where(known, values, 0))
    np.add.at(sums[1], page, known)
    means = sums[0] / np.maximum(sums[1], 1)
    found: Floats = np.where(known, values - means[page], 0)
    return found


def _chance(share: float, freedom: int) -> float:
    """Return the t that chance exceeds in a share of cases (Abramowitz & Stegun 26.7.5)."""
    z = NormalDist().inv_cdf(1 - share)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
