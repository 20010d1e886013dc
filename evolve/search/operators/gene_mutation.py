"""Mutation of the settings, and of the weights of concepts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from evolve.genome import Concept, Genome, Prompt
from evolve.genome.prompt import BASED
from evolve.genome.settings import GENES, LORAS, SAMPLERS
from evolve.search.operators import word_weights
from evolve.search.operators.operator import Operator, kept


def mutate_settings(
    rng: np.random.Generator, parent: Genome, *, strength: float = 1.0, locked: Sequence[str] = ()
) -> Genome:
    """Vary the numbers among the settings on their logarithmic scales, and rarely the sampler.

    The strength is a factor on the mutation scale of each gene that is not locked.
    """
    settings = parent.settings
    for name, gene in GENES.items():
        before = getattr(settings, name)
        if before is None:  # nor is anything drawn: children are those of earlier versions
            continue
        step = rng.normal(0.0, gene.scale * strength)
        off = name == "guidance_scale" and before <= 1  # of a model that paints without guidance
        if ("lora" if name in LORAS else name) in locked or off:
            continue
        value = gene.clipped(before * math.exp(step))
        changed: dict[str, Any] = {name: round(value) if gene.whole else round(value, 2)}
        settings = replace(settings, **changed)
    other = rng.integers(len(SAMPLERS))
    if rng.random() < 0.1 * strength and "sampler" not in locked:
        settings = replace(settings, sampler=SAMPLERS[other])
    return replace(parent, settings=settings)


def mutate_weights(
    rng: np.random.Generator,
    parent: Genome,
    *,
    scale: float = word_weights.SCALE,
    asked: Prompt | None = None,
) -> Genome:
    """Vary the weight of each concept, by `word_weights.vary` where there is a base.

    Concepts that are mixed vary on a logarithmic scale; a single one does not. The standard
    deviation is `scale`; `asked` is the prompt of newcomers, None for that of the parent.
    """
    prompt = parent.prompt
    asked = asked or prompt
    if prompt.rule in BASED or word_weights.have_base(prompt, asked):
        return replace(parent, prompt=word_weights.vary(rng, prompt, asked, scale=scale))
    concepts = prompt.concepts
    if len(concepts) < 2:
        return parent
    steps = rng.normal(0.0, scale, len(concepts))
    varied = tuple(
        Concept(c.text, round(min(10.0, max(0.05, c.weight * math.exp(s))), 3))
        for c, s in zip(concepts, steps, strict=True)
    )
    return replace(parent, prompt=replace(parent.prompt, concepts=varied))


# Settings and weights are varied in breeding, beside whatever an operator makes.
MUTATE_SETTINGS = Operator(
    name="mutate_settings", kind="mutate", label="settings and weights alone", make=kept
)
