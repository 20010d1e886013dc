"""Edits: children that differ from one picture in one place, or are painted again from it.

Outside the place latent and pixels do not change; see `evolve.genome.edit`. Each child starts from
the finished picture of its parent, so edits stack.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evolve.genome import Genome, Prompt, noise
from evolve.genome.edit import Base, Edit, merged
from evolve.genome.masks import Mask
from evolve.search.operators.mutation import mutate
from evolve.search.operators.operator import Operator

LEAST = 0.01
"""Depth where nothing is painted."""


def repaint(
    rng: np.random.Generator,
    parent: Genome,
    base: Base,
    *,
    mask: Mask | None,
    angle: float,
    depth: float = 1.0,
) -> Genome:
    """Paint `parent` again on its finished picture, inside `mask` only; None for everywhere.

    There its noise is turned by `angle` degrees, 0 to 90 (unrelated), and it goes back by the share
    `depth` to pure noise, above 0 up to 1.
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

    There it has the other's noise, turned by `angle` degrees, 0 to 90. The less it goes back from
    the other's finished picture to pure noise (`depth`, above 0 up to 1), the more it looks like
    that; the more, the better it fits what is around it.

    Raises:
        GenomeError: The two are not of one size.
    """
    edit = Edit(merged(*bases, mask), depth, mask)
    theirs = noise.stored(np.where(mask, other.noise, parent.noise))
    begun = replace(parent, noise=theirs, prompt=prompt or parent.prompt, edit=edit)
    return mutate(rng, begun, angle=angle)


def put_back(genome: Genome, bases: tuple[Base, Base], mask: Mask) -> Genome:
    """Return the genome with another finished picture inside `mask`; nothing of it is painted."""
    nowhere = np.zeros_like(mask)
    return replace(genome, edit=Edit(merged(*bases, mask, soft=False), LEAST, nowhere))


REPAINT = Operator(name="repaint", kind="asked", label="a region repainted")
EDIT = Operator(name="edit", kind="asked", label="something added, removed or exchanged")
TAKE = Operator(name="take", kind="asked", label="a part of another picture", parents=2)
TAKE_OFF = Operator(name="take_off", kind="asked", label="an edit taken off again")
