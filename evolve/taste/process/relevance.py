"""How much each property of pictures matters to a person, from their answers so far.

Most tastes are of a few things: who chooses by hair does not care for earrings, and who loves
strong colours, for neither. A model that lets each property have a variance of its own,

    u = b(page) + g + sum_a f_a + e,    g ~ GP(0, (1 - s) k),    f_a ~ GP(0, v_a k_a)
    k_a(x, x') = (x_a - m_a) . (x_a' - m_a) / q_a

(Duvenaud et al. 2011, first order), with x_a how much of it there is, m_a the mean and q_a the
variance, shows by which of them ratings are explained: automatic relevance determination (MacKay
1992) by blocks, in which two dozen answers do not overfit as by single columns. From shares s_a, as
all count at first, one step of a multiplicative update towards a higher posterior density,

    v_a = s_a (s_a z' N_a z + c) / (s_a tr(C^-1 N_a) + c),    z = C^-1 u

with C the covariance of what was said, N_a = k_a among the pictures, and a prior of strength c that
holds v_a to its share; more steps predict no better. A property counts sqrt(v_a / s_a) of itself
then: one that decides counts more, another less.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHARE = 0.5
"""Of the variance of what is liked, at first, that is put down to properties, one by one."""
HELD = 0.25
"""How strongly variances are held to their shares: the degrees of freedom of a quarter answer."""
LEAST = 1e-4
"""The smallest share: a property in which all pictures are the same says nothing."""


class Judged(NamedTuple):
    """What was said of some pictures, `n` of them."""

    worth: Floats
    """(n,): relative to the mean of the page, in rating steps."""
    variance: Floats
    """(n,): of that."""
    page: NDArray[np.intp]
    """(n,): on which page."""


class Property(NamedTuple):
    """One of what pictures are compared by."""

    there: Floats
    """(n, d): how much of it there is in each picture, in one or several columns."""
    share: float
    """Of how much pictures are liked, as it counts at first; those of all sum to 1."""


def relevance(
    properties: Sequence[Property], among: Floats, judged: Judged, offset: float
) -> Floats:
    """Return how much each property counts, (properties,): 1 where nothing speaks for or against.

    Args:
        properties: What pictures are compared by.
        among: (n, n), the covariance of how much they are liked for whatever there is in them.
        judged: What was said of them.
        offset: Variance of the level of a page.
    """
    alike = np.zeros((len(properties), len(among), len(among)))
    for row, each in zip(alike, properties, strict=True):
        around = each.there - each.there.mean(0)
        row[:] = around @ around.T / max(float(np.square(around).sum(1).mean()), LEAST)
    shares = np.maximum([SHARE * each.share for each in properties], LEAST)
    covariance = (1 - SHARE) * among + offset * (judged.page[:, None] == judged.page)
    covariance += np.tensordot(shares, alike, 1)
    covariance.flat[:: len(covariance) + 1] += judged.variance
    inverse = np.linalg.inv(covariance)
    answered = inverse @ judged.worth
    explained = shares * ((alike @ answered) @ answered)
    expected = shares * np.tensordot(alike, inverse, 2)
    counts: Floats = np.sqrt((explained + HELD) / (expected + HELD))
    return counts
