"""What a taste sees of pictures."""

import numpy as np
import pytest

from evolve.scoring.looks.appearance import NAME as APPEARANCE
from evolve.taste.embeddings import lengths_of
from evolve.taste.features import Features
from evolve.taste.process.gaussian_process import squared_exponential


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


@pytest.mark.parametrize("count", [2, 40])
def test_the_typical_distance_is_the_median(count: int) -> None:
    embeddings = np.random.default_rng(count).standard_normal((count, 3)) ** 3
    features = Features(embeddings)
    seen = features.of(embeddings)
    apart = [2 - 2 * float(a @ b) for i, a in enumerate(seen) for b in seen[:i]]
    assert features.length == pytest.approx(np.median(apart))


def test_pictures_that_are_all_alike_are_told_apart_by_nothing() -> None:
    features = Features(np.ones((200, 4)))
    assert features.length == 2.0
    assert features.covariance() is None


def test_how_pictures_look_counts_half_of_what_the_other_parts_do() -> None:
    kind = (("clip", 5), ("reader", 4), (APPEARANCE, 3))
    lengths = lengths_of(kind)
    assert lengths == pytest.approx([2 / 3, 2 / 3, 1 / 3])
    assert lengths_of(kind[:2]) == pytest.approx([0.5**0.5] * 2)
    embeddings = np.random.default_rng(0).standard_normal((40, 12))
    parts = [slice(0, 5), slice(5, 9), slice(9, 12)]
    seen = Features(embeddings, parts, lengths).of(embeddings)
    assert [np.linalg.norm(seen[:, part], axis=1).mean() for part in parts] == pytest.approx(
        lengths
    )
