"""How much each property of pictures matters to a person, from their answers.

Most tastes are of a few things: a person who chooses by hair does not care for earrings, and one
who loves strong colours cares for neither. A model in which each property has its own variance,

    u = b(page) + g + sum_a f_a + e,    g ~ GP(0, (1 - s) k),    f_a ~ GP(0, v_a k_a)
    k_a(x, x') = (x_a - m_a) . (x_a' - m_a) / q_a

(Duvenaud et al. 2011, first order), with x_a how much of it there is, m_a the mean and q_a the
variance, shows which of them explain the ratings: automatic relevance determination (MacKay 1992)
by blocks, in which two dozen answers do not overfit as by single columns. From the initial shares
s_a it takes one step of a multiplicative update towards a higher posterior density,

    v_a = s_a (s_a z' N_a z + c) / (s_a tr(C^-1 N_a) + c),    z = C^-1 u

with C the covariance of the answers, N_a = k_a among the pictures, and a prior of strength c that
holds v_a to its share; more steps predict no better. A property then counts sqrt(v_a / s_a): more
than 1 if it decides, less if it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SHARE = 0.5
"""Initial share of the variance of utilities that is attributed to single properties."""
HELD = 0.25
"""Strength of the prior that holds variances to their shares, in degrees of freedom."""
LEAST = 1e-4
"""The smallest share: that of a property in which all pictures are the same."""


class Judged(NamedTuple):
    """The answers to `n` pictures."""

    worth: Floats
    """(n,): relative to the mean of the page, in rating steps."""
    variance: Floats
    """(n,): of the worth."""
    page: NDArray[np.intp]
    """(n,): the page of each."""


class Property(NamedTuple):
    """A property by which pictures are compared."""

    there: Floats
    """(n, d): how much of it there is in each picture, in one or several columns."""
    share: float
    """Initial share of the variance of utilities; those of all sum to 1."""


def relevance(
    properties: Sequence[Property], among: Floats, judged: Judged, offset: float
) -> Floats:
    """Return how much each property counts, (properties,), 1 by default.

    `among`, (n, n), is the covariance of utilities over all properties; `offset` the variance of
    the level of a page.
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
