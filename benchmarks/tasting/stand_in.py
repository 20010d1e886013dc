"""A made-up generator in place of `portraits`, to tune on: thousands of its pictures cost seconds.

Attributes and looks follow from the noise by random functions of second order, so that they leap
now and then and mostly stay, as in painted faces; what is seen of them is blurred. Heredity by
angle, and how well a taste foretells pictures that were not judged, are about those of `portraits`
(`benchmarks/results/taste.md`). Nothing that is reported was measured on it.
"""

from collections.abc import Sequence

import numpy as np

from benchmarks.tasting.person import ATTRIBUTES, Array, Seen
from evolve import Genome
from evolve.scoring.looks.embedding import Embedding

SHAPE = (4, 8, 8)
VALUES = (7, 6, 6, 4, 4, 3, 3, 3, 6, 5)
"""Of each attribute."""
WAVES = ((0.49, 0.8), (0.39, 3.5), (0.12, 40.0))
"""Share and pace of the random waves of which everything consists: at angle t from a parent, the
correlation of a wave is exp(-pace (1 - cos t))."""
NUISANCE = 60
"""Dimensions of what is seen that no taste depends on."""
BLUR = 0.3
"""Of what the reader finds, in deviations of what decides it."""
SEEN = 0.8
"""How much more the nuisance is seen than attributes and looks."""


class StandIn:
    """Looks at what genomes would show."""

    def __init__(self, seed: int = 0) -> None:
        rng = np.random.default_rng([20, seed])
        width, count = int(np.prod(SHAPE)), sum(VALUES)
        self._count = count
        total = 2 * count + 4 + NUISANCE
        self._waves = [
            (np.sqrt(2 * share), np.sqrt(pace) * rng.normal(size=(width, total)) / np.sqrt(width))
            for share, pace in WAVES
        ]
        self._phase = rng.uniform(0, 2 * np.pi, size=(len(WAVES), total))
        self._mix = rng.normal(size=(count + 4, 48)) / np.sqrt(count + 4)
        self.seen = 0
        """How many were looked at."""

    def __call__(self, genomes: Sequence[Genome]) -> Seen:
        """Return what is seen in each."""
        self.seen += len(genomes)
        noise = np.stack([genome.noise.astype(float).ravel() for genome in genomes])
        values = sum(
            share * np.cos(noise @ waves + phase)
            for (share, waves), phase in zip(self._waves, self._phase, strict=True)
        )
        count = self._count
        decided, blur = values[:, :count], values[:, count : 2 * count]
        unnamed, rest = values[:, 2 * count : 2 * count + 4], values[:, 2 * count + 4 :]
        read, shares, start = [dict[str, str]() for _ in genomes], [], 0
        for name, size in zip(ATTRIBUTES, VALUES, strict=True):
            columns = slice(start, start + size)
            for row, best in zip(read, decided[:, columns].argmax(1), strict=True):
                row[name] = str(best)
            found = np.exp(4 * (decided[:, columns] + BLUR * blur[:, columns]))
            shares.append(found / found.sum(1, keepdims=True))
            start += size
        reading = np.sqrt(np.concatenate(shares, 1))
        soft = np.concatenate([*shares, 0.3 * unnamed], 1)
        clip = np.concatenate([3 * soft @ self._mix, SEEN * rest / np.sqrt(NUISANCE) * 2], 1)
        return Seen(_embedded(clip, reading), read, unnamed)


def _embedded(clip: Array, reading: Array) -> list[tuple[Embedding, ...]]:
    unit = clip / np.linalg.norm(clip, axis=1, keepdims=True)
    return [
        (Embedding("clip", a.astype(np.float16)), Embedding("reader", b.astype(np.float16)))
        for a, b in zip(unit, reading, strict=True)
    ]
