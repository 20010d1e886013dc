"""Turns in a direction: a ring of them around a picture, or on from one picture to another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from evolve.errors import GenomeError
from evolve.genome import Genome, noise
from evolve.genome.variety import Variety
from evolve.search.operators.edited import with_noise
from evolve.search.operators.operator import Operator
from evolve.search.operators.shifting import headed

AXES = 4
"""Directions of a ring."""


def look(
    rng: np.random.Generator,
    parent: Genome,
    *,
    angle: float,
    along: Sequence[ArrayLike] = (),
) -> list[Genome]:
    """Return a ring of steps around `parent`: along each of `AXES` directions, then against each.

    The directions are at right angles to each other, and all steps are `angle` degrees. The first
    ones lead `along` given arrays of noise, the others are random.
    """
    directions = noise.tangents(rng, parent.noise, AXES, along=along)
    ring = [
        with_noise(parent, noise.rotate(parent.noise, d, math.radians(signed)))
        for signed in (angle, -angle)
        for d in directions
    ]
    if (own := parent.variety) is None:
        return ring
    fresh = [Variety.drawn(rng) for _ in range(AXES)]
    return [
        replace(child, variety=own.turned(fresh[k % AXES], angle if k < AXES else -angle))
        for k, child in enumerate(ring)
    ]


def steer(parent: Genome, start: Genome, end: Genome, *, angle: float) -> Genome:
    """Turn the noise by `angle` degrees in the direction that leads from `start` to `end`.

    A negative angle goes the other way. Prompt and settings do not change.
    """
    shapes = {genome.noise.shape for genome in (parent, start, end)}
    if len(shapes) > 1:
        raise GenomeError("a direction holds only between pictures of one size")
    try:
        direction = noise.heading(parent.noise, start.noise, end.noise)
    except ValueError as error:
        raise GenomeError(str(error)) from None
    turned = with_noise(parent, noise.rotate(parent.noise, direction, math.radians(angle)))
    return replace(turned, variety=headed(parent, start, end, angle))


LOOK = Operator(name="look", kind="asked", label="a ring around a picture", is_whole=True)
STEER = Operator(name="steer", kind="asked", label="a step in a direction", is_whole=True)
