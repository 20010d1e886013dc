"""A Gaussian process on the embeddings of pictures, seen through a person's answers.

    f ~ GP(0, k),   k(x, x') = exp(-|x - x'|^2 / l^2),   y = f(x) + b(page) + e

with an offset `b ~ N(0, 2^2)` of each page, which is the exact form of comparing answers within
their page, and `e` by the kind of answer (Rasmussen & Williams 2006, sections 2.2 and 3.4). numpy
alone: it is asked between two keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.taste import order
from evolve.taste.answers import Answers

OFFSET = 4.0
"""Variance of the offset of a page, in rating steps squared."""
ROUNDS = 4
"""Newton steps for picks in order; ratings need none."""

Floats = NDArray[np.float64]
Kernel = Callable[[Floats, Floats], Floats]


class Posterior(NamedTuple):
    """What the answers say of utilities anywhere."""

    inputs: Floats
    """(n, d): of whom something was said."""
    seen_as: Floats
    """(o, n): how the observations see the utilities of the inputs."""
    covariance: Floats
    """(o, o), of the observations."""
    weights: Floats
    """(n,): the mean at x is k(x, inputs) @ weights."""
    utilities: Floats
    """(n,): the means of the inputs themselves, with what was expected before."""
    kernel: Kernel

    def mean(self, inputs: Floats) -> Floats:
        """Return the mean utilities of `inputs`, (m, d) -> (m,)."""
        return self.kernel(inputs, self.inputs) @ self.weights

    def at(self, inputs: Floats) -> tuple[Floats, Floats]:
        """Return means and standard deviations of the utilities of `inputs`, (m, d), each (m,)."""
        cross = self.kernel(self.inputs, inputs)
        seen = self.seen_as @ cross
        known = (seen * np.linalg.solve(self.covariance, seen)).sum(0)
        return cross.T @ self.weights, np.sqrt(np.clip(1 - known, 1e-9, None))


def condition(
    kernel: Kernel, inputs: Floats, answers: Answers, before: Floats | None = None
) -> Posterior:
    """Return what answers say.

    Args:
        kernel: Covariance of the utilities of two sets of inputs, 1 for equal ones.
        inputs: (n, d), of `answers.individuals` in that order.
        answers: What was said.
        before: (n,), what was expected before anything was said; the process is what differs.
    """
    known = np.zeros(len(inputs)) if before is None else before
    row_of = {individual: row for row, individual in enumerate(answers.individuals)}
    among = kernel(inputs, inputs)
    rated = np.array([row_of[rating.individual] for rating in answers.ratings], np.intp)
    orders = [([row_of[i] for i in (*o.picked, *o.others)], o) for o in answers.orders]
    utilities = np.zeros(len(inputs))
    for _ in range(ROUNDS if orders else 1):
        blocks = [
            (rows, *order.observed((known + utilities)[rows], len(each.picked), each.age))
            for rows, each in orders
        ]
        # Not as products with `seen_as`, which is nearly all zeros.
        seen = np.concatenate([among[rated], *(t @ among[rows] for rows, t, _ in blocks)])
        covariance = np.concatenate(
            [seen[:, rated], *(seen[:, rows] @ t.T for rows, t, _ in blocks)], axis=1
        )
        _disturb(covariance, answers)
        target = np.concatenate(
            [
                [r.value for r in answers.ratings] - known[rated],
                *(t - transform @ known[rows] for rows, transform, t in blocks),
            ]
        )
        answered = np.linalg.solve(covariance, target)
        utilities = seen.T @ answered
    seen_as = np.zeros((len(target), len(inputs)))
    seen_as[np.arange(len(rated)), rated] = 1
    first = len(rated)
    for rows, transform, _ in blocks:
        seen_as[first : first + len(transform), rows] = transform
        first += len(transform)
    weights = seen_as.T @ answered
    return Posterior(inputs, seen_as, covariance, weights, known + among @ weights, kernel)


def _disturb(covariance: Floats, answers: Answers) -> None:
    """Add what makes answers differ from utilities: noise, and the offsets of pages."""
    noise = np.ones(len(covariance))
    noise[: len(answers.ratings)] = [rating.variance for rating in answers.ratings]
    covariance[np.diag_indices_from(covariance)] += noise
    pages = np.array([-1 if rating.page is None else rating.page for rating in answers.ratings])
    same = (pages[:, None] == pages) & (pages[:, None] >= 0)
    covariance[: len(pages), : len(pages)] += OFFSET * same


def squared_exponential(length: float) -> Kernel:
    """Return the kernel exp(-|x - x'|^2 / length) of a squared length."""

    def kernel(a: Floats, b: Floats) -> Floats:
        apart = np.square(a).sum(1)[:, None] + np.square(b).sum(1) - 2 * (a @ b.T)
        covariance: Floats = np.exp(-np.clip(apart, 0, None) / length)
        return covariance

    return kernel
