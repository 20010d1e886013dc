"""A Gaussian process on the embeddings of pictures, seen through a person's answers.

    f ~ GP(0, k),   k(x, x') = exp(-|x - x'|^2 / l^2),   y = f(x) + b(page) + e

with an offset `b ~ N(0, 2^2)` of each page, which is the exact form of comparing answers within
their page, and `e` by the kind of answer (Rasmussen & Williams 2006, sections 2.2 and 3.4). It uses
numpy alone, for it has to answer between two keys.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.taste.answers import Answers
from evolve.taste.process import order
from evolve.taste.process.cholesky import Cholesky

OFFSET = 4.0
"""Variance of the offset of a page, in rating steps squared."""
ROUNDS = 4
"""Newton steps for picks in order; ratings need none."""

Floats = NDArray[np.float64]
Kernel = Callable[[Floats, Floats], Floats]


class Posterior(NamedTuple):
    """The utilities of any inputs, given the answers."""

    inputs: Floats
    """(n, d): features of the judged pictures."""
    observed: Observed
    """How the answers see the utilities of the inputs."""
    covariance: Cholesky
    """(o, o), of the observations."""
    weights: Floats
    """(n,): the mean at x is k(x, inputs) @ weights."""
    utilities: Floats
    """(n,): the means of the inputs, the prior included."""
    kernel: Kernel

    def at(self, inputs: Floats) -> tuple[Floats, Floats]:
        """Return means and standard deviations of the utilities of `inputs`, (m, d), each (m,)."""
        cross = self.kernel(self.inputs, inputs)
        known = np.square(self.covariance.forward(self.observed.of(cross))).sum(0)
        return cross.T @ self.weights, np.sqrt(np.clip(1 - known, 1e-9, None))


class Observed(NamedTuple):
    """Observations as sums of utilities: a matrix that is nearly all zeros, (o, n)."""

    rated: NDArray[np.intp]
    """The input of each rating."""
    orders: Sequence[tuple[list[int], Floats]] = ()
    """Inputs and observations of each order (order.py)."""

    def of(self, values: Floats) -> Floats:
        """Return the product of the matrix and `values`, (n, m) -> (o, m)."""
        rated = values if self._is_each(len(values)) else values[self.rated]
        if not self.orders:
            return rated
        return np.concatenate([rated, *(sees @ values[rows] for rows, sees in self.orders)])

    def back(self, values: Floats, count: int) -> Floats:
        """Return the product of its transpose and `values`, (o,) -> (n,), `n` being `count`."""
        first = len(self.rated)
        summed = np.zeros(count)
        np.add.at(summed, self.rated, values[:first])
        for rows, sees in self.orders:
            summed[rows] += sees.T @ values[first : first + len(sees)]
            first += len(sees)
        return summed

    def _is_each(self, count: int) -> bool:
        """Return whether every input has one rating, in order."""
        return np.array_equal(self.rated, np.arange(count))


def condition(
    kernel: Kernel,
    inputs: Floats,
    answers: Answers,
    before: Floats | None = None,
    covariance: Floats | None = None,
) -> Posterior:
    """Return the posterior.

    Args:
        kernel: Covariance of the utilities of two sets of inputs, 1 for equal ones.
        inputs: (n, d), of `answers.individuals` in that order.
        answers: The answers.
        before: (n,), the utilities by a prior, to which the process is the difference.
        covariance: (n, n), of the inputs; None to compute it.
    """
    known = np.zeros(len(inputs)) if before is None else before
    row_of = {individual: row for row, individual in enumerate(answers.individuals)}
    among = kernel(inputs, inputs) if covariance is None else covariance
    rated = np.array([row_of[rating.individual] for rating in answers.ratings], np.intp)
    values = np.array([rating.value for rating in answers.ratings])
    orders = [([row_of[i] for i in (*o.picked, *o.others)], o) for o in answers.orders]
    utilities = np.zeros(len(inputs))
    for _ in range(ROUNDS if orders else 1):
        blocks = [
            (rows, *order.observed((known + utilities)[rows], len(each.picked), each.weight))
            for rows, each in orders
        ]
        observed = Observed(rated, [(rows, sees) for rows, sees, _ in blocks])
        target = [values - known[rated], *(t - sees @ known[rows] for rows, sees, t in blocks)]
        seen = observed.of(among)
        factor = Cholesky(_disturbed(observed.of(seen.T).T, answers))
        answered = factor.solve(np.concatenate(target))
        utilities = seen.T @ answered
    weights = observed.back(answered, len(inputs))
    return Posterior(inputs, observed, factor, weights, known + among @ weights, kernel)


def _disturbed(covariance: Floats, answers: Answers) -> Floats:
    """Return the covariance of answers: of utilities, plus noise and the offsets of pages."""
    disturbed = np.array(covariance, order="C")
    noise = np.ones(len(disturbed))
    noise[: len(answers.ratings)] = [rating.variance for rating in answers.ratings]
    disturbed.flat[:: len(disturbed) + 1] += noise
    of_page = defaultdict[int, list[int]](list)
    for row, rating in enumerate(answers.ratings):
        if rating.page is not None:
            of_page[rating.page].append(row)
    for rows in of_page.values():
        if rows[-1] - rows[0] == len(rows) - 1:  # mostly: a slice is faster
            disturbed[rows[0] : rows[-1] + 1, rows[0] : rows[-1] + 1] += OFFSET
        else:
            disturbed[np.ix_(rows, rows)] += OFFSET
    return disturbed


def squared_exponential(length: float) -> Kernel:
    """Return the kernel exp(-|x - x'|^2 / length) of a squared length."""

    def kernel(a: Floats, b: Floats) -> Floats:
        apart = np.square(a).sum(1)[:, None] + np.square(b).sum(1) - 2 * (a @ b.T)
        covariance: Floats = np.exp(-np.clip(apart, 0, None) / length)
        return covariance

    return kernel
