"""Picks in order as observations of utilities, by a Gaussian around a guess of them.

Plackett-Luce (Plackett 1975): the best is chosen out of all with probability
`exp f_i / sum_j exp f_j`, the next out of those left, and so on. The logarithm of that, to second
order around `f`, is the likelihood of observations `T f = t` with unit variance (Laplace's
approximation, Rasmussen & Williams 2006, section 3.4).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHARPNESS = 1.5
"""How many times a rating step counts in a choice: a picture a step better than another is
preferred with probability 1 / (1 + exp(-1.5)) = .82, as with ratings of variance .5."""


def observed(
    utilities: NDArray[np.float64], picks: int, weight: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the observations `T`, (k, n), and `t`, (k,), that picks are equivalent to.

    Args:
        utilities: The guess, (n,), of all that could be picked: those picked first, in order.
        picks: How many were picked, 1 to n.
        weight: Of the choice, above 0 up to 1.
    """
    count = len(utilities)
    gradient, curvature = np.zeros(count), np.zeros((count, count))
    for stage in range(min(picks, count - 1)):
        left = SHARPNESS * utilities[stage:]
        share = np.exp(left - left.max())
        share /= share.sum()
        gradient[stage] += SHARPNESS
        gradient[stage:] -= SHARPNESS * share
        curvature[stage:, stage:] += SHARPNESS**2 * (np.diag(share) - np.outer(share, share))
    values, vectors = np.linalg.eigh(weight * curvature)
    kept = values > 1e-9 * values.max()  # the choice does not depend on the level of all
    root = np.sqrt(values[kept])
    transform = (vectors[:, kept] * root).T
    return transform, transform @ utilities + (vectors[:, kept].T @ (weight * gradient)) / root
