"""Children of edited parents: outside the mask the noise belongs to the base, and stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from evolve.genome import Genome, noise


def with_noise(genome: Genome, latent: ArrayLike) -> Genome:
    """Return `genome` with other noise, as far as its edit paints."""
    if genome.edit is not None and genome.edit.mask is not None:
        latent = np.where(genome.edit.mask, latent, genome.noise)
    return replace(genome, noise=noise.stored(latent))


def region(rng: np.random.Generator, genome: Genome, cells: int, share: float) -> noise.Mask:
    """Return random Voronoi cells, as far as the genome's edit paints; all of that if none do."""
    mask = noise.voronoi(rng, shape(genome)[1:], cells, share)
    if genome.edit is None or genome.edit.mask is None or (mask * genome.edit.mask).any():
        return mask
    return genome.edit.mask.astype(np.float64)


def shape(genome: Genome) -> tuple[int, int, int]:
    """Return channels, height and width of the noise."""
    channels, height, width = genome.noise.shape
    return channels, height, width
