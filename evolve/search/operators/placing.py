"""Edits: children that differ from one picture in one place, or are painted again from it.

What is outside the place stays the picture's own, latent and pixels alike; see
`evolve.genome.edit`. Each starts from what the parent came to, not from what that started from, so
edits stack.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome, Prompt, noise
from evolve.genome.edit import Base, Edit, merged
from evolve.search.operators.mutation import mutate
from evolve.search.operators.operator import Operator

Mask = NDArray[np.bool_]

LEAST = 0.01
"""Depth of what is not painted at all."""


def repaint(
    rng: np.random.Generator,
    parent: Genome,
    base: Base,
    *,
    mask: Mask | None,
    angle: float,
    depth: float = 1.0,
) -> Genome:
    """Paint `parent` again on the picture that it came to, inside `mask` only.

    Args:
        rng: Random source.
        parent: Genome to vary; its noise is turned by `angle` degrees inside the mask.
        base: What the picture came to.
        mask: (height, width) of the latent, True where it is painted; None is everywhere.
        angle: Degrees, 0 to 90 (unrelated).
        depth: Share of the way back to pure noise, above 0 up to 1.
    """
    return mutate(rng, replace(parent, edit=Edit(base, depth, mask)), angle=angle)


def take(
    rng: np.random.Generator,
    parent: Genome,
    other: Genome,
    bases: tuple[Base, Base],
    *,
    mask: Mask,
    angle: float,
    depth: float,
    prompt: Prompt | None = None,
) -> Genome:
    """Cross two pictures by place: inside `mask` the child begins as `other`, else it is `parent`.

    Args:
        rng: Random source.
        parent: The main parent.
        other: Whose noise is in the mask, turned by `angle` degrees.
        bases: What the two came to.
        mask: (height, width) of the latent, True where it is painted.
        angle: Degrees, 0 to 90.
        depth: How far back from the other's picture to pure noise, above 0 up to 1: the less, the
            more it looks like that; the more, the better it fits what is around it.
        prompt: Words of the child; None for the main parent's.

    Raises:
        GenomeError: The two are not of one size.
    """
    edit = Edit(merged(*bases, mask), depth, mask)
    theirs = noise.stored(np.where(mask, other.noise, parent.noise))
    begun = replace(parent, noise=theirs, prompt=prompt or parent.prompt, edit=edit)
    return mutate(rng, begun, angle=angle)


def put_back(genome: Genome, bases: tuple[Base, Base], mask: Mask) -> Genome:
    """Return the genome with another's picture inside `mask`, where nothing is painted at all.

    Args:
        genome: Whose words, settings and noise it has.
        bases: What it came to, and what the other came to.
        mask: (height, width) of the latent.
    """
    nowhere = np.zeros_like(mask)
    return replace(genome, edit=Edit(merged(*bases, mask, soft=False), LEAST, nowhere))


REPAINT = Operator(name="repaint", kind="asked", label="a region repainted")
EDIT = Operator(name="edit", kind="asked", label="something added, removed or exchanged")
TAKE = Operator(name="take", kind="asked", label="a part of another picture", parents=2)
TAKE_OFF = Operator(name="take_off", kind="asked", label="an edit taken off again")
