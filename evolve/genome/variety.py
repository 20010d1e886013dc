"""Variety: the direction in which the encoded prompt of a genome is shifted.

Models that were distilled to a few steps paint nearly the same picture from any noise. They still
follow the prompt, so that is shifted at random, and the shift is inherited:

    E' = E + s RMS(E) R,    R = sum_i a_i R_i,    sum_i a_i^2 = 1

with the strength s of the settings, and R_i standard normal, of the shape of E, drawn from a seed.
The seeds with their a_i are the gene. As different seeds give independent R_i, the a_i are the
coordinates of R: a rotation or a mixture of them is one of R, and keeps it standard normal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolve.errors import GenomeError
from evolve.genome import noise
from evolve.plain_numbers import is_number

TERMS = 8
"""Seeds of one genome at most; of more, those with the largest shares are kept."""
SEEDS = 2**32

Vectors = Sequence[NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Variety:
    """A direction, as seeds and their shares."""

    draws: tuple[tuple[int, float], ...]
    """Seeds from 0 to 2^32 - 1, each once, with shares whose squares sum to 1."""

    def __post_init__(self) -> None:
        seeds = [seed for seed, _ in self.draws]
        if not seeds or len(set(seeds)) < len(seeds) or len(seeds) > TERMS:
            raise GenomeError(f"variety has 1 to {TERMS} seeds, each once")
        if not all(type(seed) is int and 0 <= seed < SEEDS for seed in seeds):
            raise GenomeError(f"a seed of variety is not between 0 and {SEEDS - 1}")
        shares = [share for _, share in self.draws]
        fit = all(is_number(share, -2, 2) for share in shares)
        if not fit or abs(math.fsum(share**2 for share in shares) - 1) > 0.01:  # rounded
            raise GenomeError("the squared shares of variety do not sum to 1")

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Variety:
        """Return a random direction."""
        return cls(((int(rng.integers(SEEDS)), 1.0),))

    def opposite(self) -> Variety:
        """Return -R."""
        return Variety(tuple((seed, -share) for seed, share in self.draws))

    def turned(self, fresh: Variety, angle: float) -> Variety:
        """Return R turned by `angle` degrees towards a random one."""
        theta = math.radians(angle)
        return combined([self, fresh], lambda v: noise.rotate(v[0], v[1], theta))

    def to_json(self) -> list[list[float]]:
        """Return `[[seed, share], ...]`."""
        return [[seed, share] for seed, share in self.draws]

    @classmethod
    def from_json(cls, data: Sequence[Sequence[float]]) -> Variety:
        """Read what `to_json` wrote."""
        return cls(
            tuple((seed, float(s) if is_number(s) else math.nan) for seed, s in data)  # type: ignore[misc]
        )


def combined(
    varieties: Sequence[Variety], how: Callable[[Vectors], NDArray[np.float64]]
) -> Variety:
    """Return the combination of directions by a function of `evolve.genome.noise`.

    It receives their coordinates, an array each, and returns those of the result.
    """
    seeds = list(dict.fromkeys(seed for one in varieties for seed, _ in one.draws))
    known: list[Mapping[int, float]] = [dict(one.draws) for one in varieties]
    shares = how([np.array([each.get(seed, 0.0) for seed in seeds]) for each in known])
    largest = np.sort(np.argsort(-np.abs(shares), kind="stable")[:TERMS])
    kept = shares[largest] / np.linalg.norm(shares[largest])
    draws = [(seeds[i], round(float(a), 5)) for i, a in zip(largest, kept, strict=True)]
    return Variety(tuple((seed, share) for seed, share in draws if share))


def blended(varieties: Sequence[Variety], weights: Sequence[float]) -> Variety:
    """Return the mixture of several by weight; the first one where they cancel out."""
    return combined(varieties, lambda v: noise.blend(v, weights))


def pattern(
    draws: Sequence[tuple[int, float]], part: int, shape: Sequence[int]
) -> NDArray[np.float32]:
    """Return R of a variety's draws for one array of an encoding: the `part`-th, from 0.

    A longer text has the same R where a shorter one has it.
    """
    scale = math.sqrt(math.fsum(share**2 for _, share in draws))
    total = np.zeros(tuple(shape), np.float64)
    for seed, share in draws:
        rng = noise.stream(seed, part, "variety")
        total += share / scale * rng.standard_normal(tuple(shape))
    return total.astype(np.float32)
