"""Factors of covariances."""

import numpy as np
import pytest

from evolve.taste.process.cholesky import BLOCK, Cholesky


def _covariance(count: int) -> np.ndarray:
    spread = np.random.default_rng(count).standard_normal((count, count + 4))
    return spread @ spread.T / count + 0.1 * np.eye(count)


@pytest.mark.parametrize("count", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_what_is_solved_is_what_was_asked_whatever_the_number_of_blocks(count: int) -> None:
    covariance, wanted = _covariance(count), np.random.default_rng(0).standard_normal((count, 3))
    factor = Cholesky(covariance.copy())
    assert factor.solve(covariance @ wanted) == pytest.approx(wanted, abs=1e-9)
    assert factor.solve(covariance @ wanted[:, 0]) == pytest.approx(wanted[:, 0], abs=1e-9)
    explained = np.square(factor.forward(wanted)).sum(0)
    assert explained == pytest.approx((wanted * np.linalg.solve(covariance, wanted)).sum(0))


def test_only_the_lower_triangle_counts() -> None:
    covariance = _covariance(2 * BLOCK)
    values = np.arange(2.0 * BLOCK)
    lower = np.tril(covariance)
    assert np.array_equal(Cholesky(lower).solve(values), Cholesky(covariance).solve(values))


def test_what_is_no_covariance_is_refused() -> None:
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        Cholesky(-np.eye(3))
