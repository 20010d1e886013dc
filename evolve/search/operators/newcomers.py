"""Newcomers, and parents as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evolve.genome import Genome, noise
from evolve.genome.variety import Variety
from evolve.search.operators.edited import shape, with_noise
from evolve.search.operators.operator import Child, Operator, Strength, kept


def found(rng: np.random.Generator, template: Genome) -> Genome:
    """Return a founder: fresh noise under the prompt and settings of `template`."""
    drawn = noise.stored(noise.draw(rng, shape(template)))
    return with_variety(rng, replace(template, noise=drawn))


def with_variety(rng: np.random.Generator, founder: Genome) -> Genome:
    """Return a founder with a fresh direction of variety, if its settings have variety."""
    if founder.settings.variety is None:
        return founder
    return replace(founder, variety=Variety.drawn(rng))


def antithetic(parent: Genome) -> Genome:
    """Return the founder of the opposite noise, -z: as likely as z, and as unlike as possible."""
    mirrored = with_noise(parent, -parent.noise)
    return replace(mirrored, variety=parent.variety and parent.variety.opposite())


def _found(rng: np.random.Generator, parents: Sequence[Genome], strength: Strength) -> Child:
    return Child(found(rng, parents[0]))


FOUND = Operator(name="found", kind="new", label="fresh noise", make=_found, parents=0, share=0.10)
KEEP = Operator(name="keep", kind="keep", label="nothing", make=kept)
ANTITHETIC = Operator(name="antithetic", kind="asked", label="a mirror image of fresh noise")
