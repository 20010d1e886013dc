import numpy as np
import pytest
import torch

from evolve.errors import GenomeError
from evolve.genome.seeds import cpu_noise, cuda_noise


def test_the_noise_of_a_card_is_what_an_nvidia_card_draws() -> None:
    drawn_by_a_card = [
        [-0.92466259, -0.42534415, -2.6438457, 0.14518388],
        [-0.12086647, -0.57972564, -0.62285122, -0.32838709],
        [-1.07454231, -0.36314407, -1.67105067, 2.26550497],
    ]
    noise = cuda_noise(0, (1, 3, 4))
    np.testing.assert_array_equal(noise[0], np.array(drawn_by_a_card, np.float16))


def test_the_noise_of_a_card_is_standard_normal_and_differs_by_seed() -> None:
    noise = cuda_noise(2**40 + 7, (4, 64, 64)).astype(float)
    assert abs(noise.mean()) < 0.03
    assert abs(noise.std() - 1) < 0.03
    assert not np.array_equal(noise, cuda_noise(7, (4, 64, 64)))


def test_noise_that_depends_on_the_card_is_refused() -> None:
    with pytest.raises(GenomeError, match=r"noise of 262144 numbers depends on the GPU"):
        cuda_noise(1, (16, 128, 128))


def test_the_noise_of_a_cpu_is_that_of_torch() -> None:
    drawn = torch.randn((1, 4, 8, 8), generator=torch.Generator().manual_seed(42))[0]
    np.testing.assert_array_equal(cpu_noise(42, (4, 8, 8)), drawn.half().numpy())


@pytest.mark.parametrize("draw", [cpu_noise, cuda_noise])
@pytest.mark.parametrize("seed", [-1, 2**64])
def test_impossible_seeds_are_refused(draw, seed: int) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(GenomeError, match=r"is not between 0 and 2\^64 - 1"):
        draw(seed, (1, 2, 2))
