"""Children of edited parents: outside the mask the noise belongs to the base and stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from evolve.genome import Genome, noise

CELLS = 6
"""Voronoi cells of a picture of which some change."""


def with_noise(genome: Genome, latent: ArrayLike) -> Genome:
    """Return `genome` with other noise inside the mask of its edit."""
    if genome.edit is not None and genome.edit.mask is not None:
        latent = np.where(genome.edit.mask, latent, genome.noise)
    return replace(genome, noise=noise.stored(latent))


def region(rng: np.random.Generator, genome: Genome, share: float) -> noise.Mask:
    """Return random Voronoi cells; the mask of the genome's edit if none is inside it."""
    mask = noise.voronoi(rng, shape(genome)[1:], CELLS, share)
    if genome.edit is None or genome.edit.mask is None or (mask * genome.edit.mask).any():
        return mask
    return genome.edit.mask.astype(np.float64)


def cell_by_cell(
    rng: np.random.Generator, genome: Genome, other: ArrayLike, reach: float
) -> noise.Latent:
    """Return the noise of `genome` with random Voronoi cells on the way to `other`.

    First half of the cells go together, then the others one by one, so that the change grows from
    nothing to nearly everything without a jump: at a reach of 0 none of them, at 1 all but one. The
    same `rng` gives the same cells for any reach.
    """
    cells = noise.voronoi_cells(rng, shape(genome)[1:], CELLS)
    groups = [range(CELLS // 2), *([cell] for cell in range(CELLS // 2, CELLS - 1))]
    latent: noise.Latent = genome.noise.astype(np.float64)
    for k, group in enumerate(groups):
        share = min(1.0, max(0.0, reach * len(groups) - k))
        if share > 0:
            there = np.isin(cells, list(group)).astype(np.float64)
            moved = noise.halfway_round(rng, genome.noise, other, share)
            latent = noise.masked(moved, latent, there)
    return latent


def shape(genome: Genome) -> tuple[int, int, int]:
    """Return channels, height and width of the noise."""
    channels, height, width = genome.noise.shape
    return channels, height, width
