"""Mutation of the noise: as a whole, in one band of frequencies, in a region."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from evolve.genome import Genome, noise
from evolve.search.operators.edited import cell_by_cell, region, shape, with_noise
from evolve.search.operators.operator import Child, Operator, Strength

HIGHEST_BAND = 0.71
"""Cycles per latent pixel above which there is no frequency."""

LOW_BAND = 0.125
"""Default border of the bands in cycles per latent pixel: 5 % of the coefficients are below it."""


def mutate(rng: np.random.Generator, parent: Genome, *, angle: float) -> Genome:
    """Turn the whole noise by `angle` degrees, 0 (a copy) to 90 (unrelated)."""
    eps = noise.draw(rng, shape(parent))
    return with_noise(parent, noise.rotate(parent.noise, eps, math.radians(angle)))


def mutate_band(
    rng: np.random.Generator, parent: Genome, *, angle: float, low: bool, cutoff: float = LOW_BAND
) -> Genome:
    """Turn only the low band (composition, colour) or only the high band (detail)."""
    turned = noise.rotate(parent.noise, noise.draw(rng, shape(parent)), math.radians(angle))
    a, b = (turned, parent.noise) if low else (parent.noise, turned)
    return with_noise(parent, noise.banded(a, b, cutoff))


def mutate_region(
    rng: np.random.Generator, parent: Genome, *, angle: float, share: float = 0.35
) -> Genome:
    """Turn the noise inside random Voronoi cells covering about `share` of the picture."""
    mask = region(rng, parent, share)
    turned = noise.rotate(parent.noise, noise.draw(rng, shape(parent)), math.radians(angle))
    return with_noise(parent, noise.masked(turned, parent.noise, mask))


def _mutate(rng: np.random.Generator, parents: Sequence[Genome], strength: Strength) -> Child:
    angle = strength.angle
    return Child(mutate(rng, parents[0], angle=angle), {"angle": round(angle, 3)})


def _mutate_region(
    rng: np.random.Generator, parents: Sequence[Genome], strength: Strength
) -> Child:
    if strength.reach is not None:
        fresh = noise.draw(rng, shape(parents[0]))
        latent = cell_by_cell(rng, parents[0], fresh, strength.reach)
        return Child(with_noise(parents[0], latent))
    angle = min(90.0, 2 * strength.angle)  # for a third of the picture, to look as far
    return Child(mutate_region(rng, parents[0], angle=angle), {"angle": round(angle, 3)})


def _mutate_band(rng: np.random.Generator, parents: Sequence[Genome], strength: Strength) -> Child:
    low = bool(rng.random() < 0.5)
    if strength.reach is not None:
        return _band_of_reach(rng, parents[0], strength.reach, low=low)
    angle = min(90.0, strength.angle * (2.0 if low else 1.0))
    child = mutate_band(rng, parents[0], angle=angle, low=low)
    return Child(child, {"low": low, "angle": round(angle, 3)})


def _band_of_reach(rng: np.random.Generator, parent: Genome, reach: float, *, low: bool) -> Child:
    """Turn a band that grows wider the further it turns, up to all of the noise."""
    angle = round(min(90.0, 180 * reach), 3)
    end = HIGHEST_BAND if low else 0.0
    cutoff = round(LOW_BAND + reach**2 * (end - LOW_BAND), 4)
    child = mutate_band(rng, parent, angle=angle, low=low, cutoff=cutoff)
    return Child(child, {"low": low, "angle": angle, "cutoff": cutoff})


MUTATE = Operator(
    name="mutate", kind="mutate", label="whole picture", make=_mutate, share=0.40, is_whole=True
)
MUTATE_REGION = Operator(
    name="mutate_region", kind="mutate", label="a region", make=_mutate_region, share=0.15
)
MUTATE_BAND = Operator(
    name="mutate_band",
    kind="mutate",
    label="composition or detail",
    make=_mutate_band,
    share=0.10,
)
