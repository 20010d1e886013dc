import hashlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.genome import noise

SHAPE = (8, 32, 32)


def latents(seed: int, count: int, kinship: float = 0.0) -> list[np.ndarray]:
    """Return latents of which each pair has about the given correlation."""
    rng = noise.stream(seed, 0, "test")
    common = noise.draw(rng, SHAPE)
    share = math.sqrt(kinship)
    own = math.sqrt(1 - kinship)
    return [share * common + own * noise.draw(rng, SHAPE) for _ in range(count)]


def assert_white(z: np.ndarray) -> None:
    """Mean 0, variance 1, and no correlation between neighbours (5 sigma at this size)."""
    tolerance = 5 / math.sqrt(z.size)
    assert abs(z.mean()) < tolerance
    assert abs(z.std() - 1) < 0.02 + tolerance / 2
    assert abs((z[:, :, 1:] * z[:, :, :-1]).mean()) < tolerance
    assert abs((z[:, 1:] * z[:, :-1]).mean()) < tolerance


@pytest.mark.parametrize("kinship", [0.0, 0.5, 0.9])
def test_every_operation_keeps_kin_parents_standard_normal(kinship: float) -> None:
    a, b, c = latents(1, 3, kinship)
    rng = noise.stream(2, 0, "test")
    soft = np.linspace(0, 1, 32)[None, :].repeat(32, 0)
    for z in (
        noise.rotate(a, noise.draw(rng, SHAPE), 0.7),
        noise.slerp(a, b, 0.5),
        noise.blend([a, b, c], [0.5, 0.3, 0.2]),
        noise.blend([a, b], [1.0, -0.4]) if kinship == 0 else noise.slerp(a, b, 0.3),
        noise.masked(a, b, noise.voronoi(rng, SHAPE[1:], 6, 0.4)),
        noise.masked(a, b, soft),
        noise.banded(a, b, 0.125),
    ):
        assert_white(z)


def test_a_hundred_generations_of_mixed_operations_keep_norm_and_whiteness() -> None:
    pool = latents(3, 8)
    for generation in range(100):
        rng = noise.stream(3, generation, "test")
        i, j = rng.choice(len(pool), 2, replace=False)
        way = generation % 5
        if way == 0:
            child = noise.rotate(pool[i], noise.draw(rng, SHAPE), 0.3)
        elif way == 1:
            child = noise.slerp(pool[i], pool[j], 0.4)
        elif way == 2:
            child = noise.blend(pool, rng.uniform(0, 1, len(pool)))
        elif way == 3:
            child = noise.masked(pool[i], pool[j], noise.voronoi(rng, SHAPE[1:], 6, 0.5))
        else:
            child = noise.banded(pool[i], pool[j], 0.125)
        pool[int(rng.integers(len(pool)))] = noise.stored(child)
    for z in pool:
        norm = np.linalg.norm(np.asarray(z, float)) / math.sqrt(z.size)
        assert norm == pytest.approx(1, abs=0.02)
        assert_white(np.asarray(z, dtype=float))


def test_twins_blend_to_themselves() -> None:
    (a,) = latents(4, 1)
    np.testing.assert_allclose(noise.blend([a, a, a], [0.2, 0.3, 0.5]), a)


@settings(max_examples=25)
@given(angle=st.floats(0, math.pi / 2), seed=st.integers(0, 50))
def test_rotation_turns_by_the_angle_asked_for(angle: float, seed: int) -> None:
    rng = noise.stream(seed, 0, "test")
    z, eps = noise.draw(rng, SHAPE), noise.draw(rng, SHAPE)
    assert noise.correlation(z, noise.rotate(z, eps, angle)) == pytest.approx(
        math.cos(angle), abs=0.06
    )


def test_angle_zero_is_a_copy() -> None:
    a, b = latents(5, 2)
    np.testing.assert_array_equal(noise.rotate(a, b, 0.0), a)


@pytest.mark.parametrize(("t", "expected"), [(0.0, 0), (1.0, 1)])
def test_slerp_ends_at_its_parents(t: float, expected: int) -> None:
    pair = latents(6, 2)
    np.testing.assert_allclose(noise.slerp(*pair, t), pair[expected], atol=1e-12)


def test_slerp_of_a_latent_with_itself_is_itself() -> None:
    (a,) = latents(7, 1)
    np.testing.assert_array_equal(noise.slerp(a, a, 0.5), a)


def test_a_mask_takes_each_cell_from_one_parent() -> None:
    a, b = latents(8, 2)
    mask = noise.voronoi(noise.stream(8, 0, "mask"), SHAPE[1:], 5, 0.5)
    child = noise.masked(a, b, mask)
    np.testing.assert_array_equal(child[:, mask == 1], a[:, mask == 1])
    np.testing.assert_array_equal(child[:, mask == 0], b[:, mask == 0])
    assert 0 < mask.mean() < 1


def test_bands_come_from_their_parents() -> None:
    a, b = latents(9, 2)
    child = noise.banded(a, b, 0.2)
    low = noise.banded(a, np.zeros_like(a), 0.2)
    np.testing.assert_allclose(noise.banded(child, np.zeros_like(a), 0.2), low, atol=1e-10)


def test_streams_depend_on_seed_individual_and_purpose() -> None:
    draws = {
        float(noise.stream(*key).standard_normal())
        for key in [(1, 2, "a"), (1, 2, "b"), (1, 3, "a"), (2, 2, "a"), (12, 2, "a"), (1, 22, "a")]
    }
    assert len(draws) == 6


def test_the_noise_of_a_seed_never_changes() -> None:
    """A golden value: if numpy's stream changed, old seeds would paint other pictures."""
    z = noise.stored(noise.draw(noise.stream(42, 7, "found"), (4, 8, 8)))
    assert hashlib.sha256(z.astype("<f2").tobytes()).hexdigest()[:16] == "6ec6ef23004de099"


def test_of_latents_that_cancel_out_the_first_is_left() -> None:
    (a,) = latents(10, 1)
    np.testing.assert_array_equal(noise.blend([a, -a], [0.3, 0.3]), a)


def test_noise_of_zeros_is_like_no_other_and_gives_no_direction() -> None:
    (a,) = latents(12, 1)
    zeros = np.zeros_like(a)
    assert noise.correlation(zeros, a) == noise.correlation(zeros, zeros) == 0
    np.testing.assert_allclose(noise.blend([a, zeros], [1.0, 1.0]), a)
    with pytest.raises(ValueError, match=r"do not differ in a direction"):
        noise.heading(a, a, zeros)


def test_as_many_weights_as_latents_are_needed() -> None:
    (a,) = latents(11, 1)
    with pytest.raises(ValueError, match=r"expected one weight per latent, got 2 for 1"):
        noise.blend([a], [1.0, 2.0])
