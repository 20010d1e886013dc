"""What a taste sees of pictures."""

from __future__ import annotations

import numpy as np
import pytest

from evolve.taste.features import Features
from evolve.taste.gaussian_process import squared_exponential


@pytest.mark.parametrize("count", [0, 1, 2, 12, 200])
def test_the_covariance_of_what_was_learnt_from_is_that_of_the_kernel(count: int) -> None:
    embeddings = np.random.default_rng(count).standard_normal((count, 12))
    features = Features(embeddings, [slice(0, 8), slice(8, 12)])
    if count == 1:  # in the middle of all: of length 0
        assert features.covariance() is None
        return
    seen = features.of(embeddings)
    kernel = squared_exponential(features.length)(seen, seen)
    assert features.covariance() == pytest.approx(kernel, abs=1e-12)


@pytest.mark.parametrize("count", [2, 40, 200, 233])
def test_the_typical_distance_is_the_median_however_many_there_are(count: int) -> None:
    embeddings = np.random.default_rng(count).standard_normal((count, 3)) ** 3
    features = Features(embeddings)
    seen = features.of(embeddings)
    apart = [2 - 2 * float(a @ b) for i, a in enumerate(seen) for b in seen[:i]]
    assert features.length == pytest.approx(np.median(apart))


def test_pictures_that_are_all_alike_are_told_apart_by_nothing() -> None:
    features = Features(np.ones((200, 4)))
    assert features.length == 2.0
    assert features.covariance() is None
