"""Repainting: a picture painted again from what it came to, inside a mask or everywhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.genome.edit import Base, Edit
from evolve.search.operators.mutation import mutate
from evolve.search.operators.operator import Operator


def repaint(
    rng: np.random.Generator,
    parent: Genome,
    base: Base,
    *,
    mask: NDArray[np.bool_] | None,
    angle: float,
    depth: float = 1.0,
) -> Genome:
    """Repaint `parent` from the picture it came to, inside `mask` only.

    Args:
        rng: Random source.
        parent: Genome to vary; its noise is turned by `angle` degrees inside the mask.
        base: What `parent` comes to, as latent and picture.
        mask: (height, width) of the latent, True where it is repainted; None is everywhere.
        angle: Degrees, 0 to 90 (unrelated).
        depth: Share of the way back to pure noise, above 0 up to 1.
    """
    return mutate(rng, replace(parent, edit=Edit(base, depth, mask)), angle=angle)


REPAINT = Operator(name="repaint", kind="asked", label="a region repainted")
