"""Axes of a population: ways in which its pictures differ from each other, as directions of noise.

The principal components of the pictures' embeddings show how they differ. The noise behind that is
found by regression: with scores s of n pictures along a component, and their noise z,

    d = sum_i s_i (z_i - mean z) / (sum_i s_i^2 + ridge),

of which the length does not matter. With so few pictures for so many numbers d is mostly chance;
yet a step along it moves a picture along the component, as a random one does not
(`python -m benchmarks.size --axes`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.genome.noise import Latent
from evolve.scoring.looks.embedding import Embedding
from evolve.search.births import Births

EmbeddingOf = Callable[[int], Embedding | None]

FEWEST = 36
"""Pictures that are needed: three pages."""
MOST = 256
"""Pictures that are looked at, the latest."""
COUNT = 2
"""Axes: half of the directions of a ring."""


def components(looks: Sequence[Embedding]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the ways in which pictures differ most, and the place of each picture along them.

    For embeddings of the same kind these are unit directions, (COUNT, width), and scores,
    (pictures, COUNT), centred on zero.
    """
    vectors = np.stack([look.vector.astype(np.float64) for look in looks])
    centred = vectors - vectors.mean(0)
    found: NDArray[np.float64] = np.linalg.svd(centred, full_matrices=False)[2][:COUNT]
    largest = np.abs(found).argmax(1)  # the sign is arbitrary, and has to be the same each time
    found = found * np.sign(found[np.arange(len(found)), largest])[:, None]
    return found, centred @ found.T


def pictures_before(births: Births, around: int, embedding: EmbeddingOf) -> list[int]:
    """Return the latest individuals of earlier pages, whose pictures show how a population differs.

    Those of the page of the individual to look `around` may not all be painted yet. Empty where
    there are too few.
    """
    earlier = np.flatnonzero(births.generations[:around] < births.generations[around])
    known: list[int] = []
    kind = ""
    for i in earlier[::-1].tolist():
        look = embedding(i)
        if look is not None and look.of == (kind := kind or look.of):
            known.append(i)
        if len(known) == MOST:
            break
    return known[::-1] if len(known) >= FEWEST else []


def along(
    pictures: Sequence[int], embedding: EmbeddingOf, genome: Callable[[int], Genome]
) -> list[Latent]:
    """Return the axes in which pictures differ most, as noise of the genomes' shape.

    Empty where a picture has no embedding, or the genomes are of several shapes.
    """
    looks = [look for i in pictures if (look := embedding(i)) is not None]
    noises = [genome(i).noise for i in pictures]
    if not looks or len(looks) < len(noises) or len({noise.shape for noise in noises}) > 1:
        return []
    stack = np.stack([noise.astype(np.float64) for noise in noises])
    stack -= stack.mean(0)
    return [np.tensordot(column, stack, axes=1) for column in components(looks)[1].T]
