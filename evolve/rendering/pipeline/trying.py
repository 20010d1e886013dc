"""Tries: what an edit would paint by words of several weights, to see which of them it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evolve.errors import GenomeError
from evolve.genome import Genome
from evolve.genome.edit import Base, Edit
from evolve.genome.masks import located
from evolve.genome.noise import draw, stored, stream
from evolve.rendering.protocol import Locate, Located


def known(task: Locate) -> Located | None:
    """Return the place that a task names; None if it is looked for."""
    return None if task.place is None else Located(task.id, task.place.astype(np.float32), 0.0)


def tried(found: Located, chances: Sequence[float], guidance: float | None) -> Located:
    """Return what was found, with how surely each try shows the thing."""
    if not chances:
        return found
    cost = found.cost + len(chances)
    return replace(found, chances=tuple(chances), guidance=guidance, cost=cost)


def tries(task: Locate, found: Located, guidance: float) -> list[Genome]:
    """Return a child for each phrasing with the thing, all of the same fresh noise in its place.

    Args:
        task: What was looked for, or its known place; a plain phrasing is not tried.
        found: Where it changes.
        guidance: Guidance scale of all of them.
    """
    if not task.phrasings.thing:
        return []
    try:
        mask = located(found.difference) if task.place is None else task.place
    except GenomeError:  # no place stands out: the person marks one, and it is tried there
        return []
    fresh = stored(draw(stream(0, 0, "tries"), task.genome.noise.shape))
    begun = replace(
        task.genome,
        noise=np.where(mask, fresh, task.genome.noise),
        settings=replace(task.genome.settings, guidance_scale=guidance),
        edit=Edit(Base(task.latent), 1.0, mask),
    )
    prompts = (task.phrasings.after, *task.phrasings.stronger)
    return [replace(begun, prompt=prompt) for prompt in prompts]
