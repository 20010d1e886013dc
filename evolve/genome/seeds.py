"""The noise that other programs draw from a seed, so that a familiar seed gives the familiar noise.

The project's noise never comes from here: it is drawn by `evolve.genome.noise.stream` and stored.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evolve.errors import GenomeError
from evolve.genome.noise import Noise, stored

CUDA_AT_ONCE = 71_680
"""Numbers per call up to which all NVIDIA cards draw alike: beyond, it depends on their size."""

_MULTIPLIERS = np.array([0xD2511F53, 0xCD9E8D57], np.uint64)
_WEYL = np.array([0x9E3779B9, 0xBB67AE85], np.uint32)
_LOW = np.uint64(0xFFFFFFFF)
_UNIT = 2.0**-32


def cpu_noise(seed: int, shape: tuple[int, int, int]) -> Noise:
    """Return what `torch.randn` draws on a CPU after `torch.manual_seed(seed)`, rounded to float16.

    Raises:
        GenomeError: The seed is not a whole number of 64 bits.
    """
    import torch

    generator = torch.Generator().manual_seed(_checked(seed))
    return stored(torch.randn(shape, generator=generator).numpy())


def cuda_noise(seed: int, shape: tuple[int, int, int]) -> Noise:
    """Return what `torch.randn` draws on an NVIDIA card after `torch.manual_seed(seed)`.

    The card's generator is Philox4x32-10 (Salmon et al. 2011, section 3.3): the number at place i
    of a tensor is the first normal of the counter (0, 0, i, 0) under the key `seed`.

    Raises:
        GenomeError: `shape` is so large that it depends on the card.
    """
    count = int(np.prod(shape))
    if count > CUDA_AT_ONCE:
        raise GenomeError(f"noise of {count} numbers depends on the GPU that drew it")
    counter = np.zeros((4, count), np.uint32)
    counter[2] = np.arange(count)
    seed = _checked(seed)
    key = np.array([seed & 0xFFFFFFFF, seed >> 32], np.uint32)
    a, b = (word.astype(np.float64) for word in _philox(counter, key)[:2])
    # Box and Muller (1958), on the open interval (0, 1)
    radius = np.sqrt(-2 * np.log(a * _UNIT + _UNIT / 2))
    return stored((radius * np.sin(2 * np.pi * (b * _UNIT + _UNIT / 2))).reshape(shape))


def _philox(counter: NDArray[np.uint32], key: NDArray[np.uint32]) -> NDArray[np.uint32]:
    for _ in range(10):
        first, second = counter[0] * _MULTIPLIERS[0], counter[2] * _MULTIPLIERS[1]
        counter = np.stack(
            [
                (second >> np.uint64(32)).astype(np.uint32) ^ counter[1] ^ key[0],
                (second & _LOW).astype(np.uint32),
                (first >> np.uint64(32)).astype(np.uint32) ^ counter[3] ^ key[1],
                (first & _LOW).astype(np.uint32),
            ]
        )
        key = key + _WEYL
    return counter


def _checked(seed: int) -> int:
    if not 0 <= seed < 2**64:
        raise GenomeError(f"seed {seed} is not between 0 and 2^64 - 1")
    return seed
