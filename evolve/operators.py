"""Mutation and crossover: pure functions (random source, parents, parameters) -> child genome.

No operator changes its argument, and all keep the noise standard normal (see `evolve.noise`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evolve import noise
from evolve.errors import GenomeError
from evolve.genome import Concept, Genome, Prompt
from evolve.settings import GENES, SAMPLERS, Settings

LOW_BAND = 0.125
"""Default border of the bands in cycles per latent pixel: below it lie 5 % of the coefficients."""


def found(rng: np.random.Generator, template: Genome) -> Genome:
    """Return a founder: fresh noise under the prompt and settings of `template`."""
    return replace(template, noise=noise.stored(noise.draw(rng, _shape(template))))


def antithetic(parent: Genome) -> Genome:
    """Return the founder's mirror image, -z: as likely as z, and as unlike it as can be."""
    return replace(parent, noise=-parent.noise)


def mutate(rng: np.random.Generator, parent: Genome, *, angle: float) -> Genome:
    """Turn the whole noise by `angle` degrees, 0 (a copy) to 90 (unrelated)."""
    eps = noise.draw(rng, _shape(parent))
    return replace(parent, noise=noise.stored(noise.rotate(parent.noise, eps, math.radians(angle))))


def mutate_band(
    rng: np.random.Generator, parent: Genome, *, angle: float, low: bool, cutoff: float = LOW_BAND
) -> Genome:
    """Turn only the low band (composition, colour) or only the high band (detail)."""
    turned = noise.rotate(parent.noise, noise.draw(rng, _shape(parent)), math.radians(angle))
    a, b = (turned, parent.noise) if low else (parent.noise, turned)
    return replace(parent, noise=noise.stored(noise.banded(a, b, cutoff)))


def mutate_region(
    rng: np.random.Generator, parent: Genome, *, angle: float, share: float = 0.35, cells: int = 6
) -> Genome:
    """Turn the noise inside random Voronoi cells covering about `share` of the picture."""
    mask = noise.voronoi(rng, _shape(parent)[1:], cells, share)
    turned = noise.rotate(parent.noise, noise.draw(rng, _shape(parent)), math.radians(angle))
    return replace(parent, noise=noise.stored(noise.masked(turned, parent.noise, mask)))


def look(rng: np.random.Generator, parent: Genome, *, angle: float, axes: int = 4) -> list[Genome]:
    """Return a ring of steps around `parent`: along each of `axes` directions, then against each.

    The directions are at right angles to each other, and all steps are `angle` degrees.
    """
    directions = noise.tangents(rng, parent.noise, axes)
    return [
        replace(parent, noise=noise.stored(noise.rotate(parent.noise, d, math.radians(signed))))
        for signed in (angle, -angle)
        for d in directions
    ]


def steer(parent: Genome, start: Genome, end: Genome, *, angle: float) -> Genome:
    """Turn the noise by `angle` degrees in the direction that leads from `start` to `end`.

    A negative angle goes the other way. Words and settings stay.
    """
    shapes = {genome.noise.shape for genome in (parent, start, end)}
    if len(shapes) > 1:
        raise GenomeError("a direction holds only between pictures of one size")
    try:
        direction = noise.heading(parent.noise, start.noise, end.noise)
    except ValueError as error:
        raise GenomeError(str(error)) from None
    turned = noise.rotate(parent.noise, direction, math.radians(angle))
    return replace(parent, noise=noise.stored(turned))


def cross_slerp(a: Genome, b: Genome, *, share: float) -> Genome:
    """Walk `share` (0 to 1) of the way from `a` to `b`; words and settings come along."""
    return Genome(
        noise=noise.stored(noise.slerp(a.noise, b.noise, share)),
        prompt=_between(a.prompt, b.prompt, share),
        settings=_mid_settings(a.settings, b.settings, share),
        edit=(a if share < 0.5 else b).edit,
    )


def cross_blend(parents: Sequence[Genome], weights: Sequence[float]) -> Genome:
    """Combine any number of parents by weight; words and settings come from the heaviest one."""
    heaviest = parents[int(np.argmax(weights))]
    return replace(heaviest, noise=noise.stored(noise.blend([p.noise for p in parents], weights)))


def cross_region(
    rng: np.random.Generator, a: Genome, b: Genome, *, share: float = 0.5, cells: int = 6
) -> Genome:
    """Take random Voronoi cells, about `share` of the picture, from `b` and the rest from `a`."""
    mask = noise.voronoi(rng, _shape(a)[1:], cells, share)
    return replace(a, noise=noise.stored(noise.masked(b.noise, a.noise, mask)))


def cross_band(a: Genome, b: Genome, *, cutoff: float = LOW_BAND) -> Genome:
    """Take composition and colour from `a`, detail from `b`."""
    return replace(a, noise=noise.stored(noise.banded(a.noise, b.noise, cutoff)))


def mutate_settings(
    rng: np.random.Generator, parent: Genome, *, strength: float = 1.0, locked: Sequence[str] = ()
) -> Genome:
    """Vary the numbers among the settings on their logarithmic scales, and rarely the sampler.

    Args:
        rng: Random source.
        parent: Genome to vary.
        strength: Factor on the mutation scale of each gene.
        locked: Names of settings that stay as they are.
    """
    settings = parent.settings
    for name, gene in GENES.items():
        before = getattr(settings, name)
        if before is None:  # not drawn either: children are those of a version without this gene
            continue
        step = rng.normal(0.0, gene.scale * strength)
        off = name == "guidance_scale" and before <= 1  # of a model made to paint without it
        if name in locked or off:
            continue
        value = min(gene.high, max(gene.low, before * math.exp(step)))
        settings = replace(settings, **{name: round(value) if gene.whole else round(value, 2)})
    other = rng.integers(len(SAMPLERS))
    if rng.random() < 0.1 * strength and "sampler" not in locked:
        settings = replace(settings, sampler=SAMPLERS[other])
    return replace(parent, settings=settings)


def mutate_weights(rng: np.random.Generator, parent: Genome, *, scale: float = 0.2) -> Genome:
    """Vary the weight of each concept on a logarithmic scale; a single concept stays."""
    concepts = parent.prompt.concepts
    if len(concepts) < 2:
        return parent
    steps = rng.normal(0.0, scale, len(concepts))
    varied = tuple(
        Concept(c.text, round(min(10.0, max(0.05, c.weight * math.exp(s))), 3))
        for c, s in zip(concepts, steps, strict=True)
    )
    return replace(parent, prompt=replace(parent.prompt, concepts=varied))


def _shape(genome: Genome) -> tuple[int, int, int]:
    channels, height, width = genome.noise.shape
    return channels, height, width


def _between(a: Prompt, b: Prompt, share: float) -> Prompt:
    """Mix the weights where both say the same in other strengths; else take the nearer prompt."""
    nearer = a if share < 0.5 else b
    if [c.text for c in a.concepts] != [c.text for c in b.concepts]:
        return nearer
    mixed = tuple(
        Concept(x.text, round(x.weight ** (1 - share) * y.weight**share, 3))
        for x, y in zip(a.concepts, b.concepts, strict=True)
    )
    return replace(nearer, concepts=mixed)


def _mid_settings(a: Settings, b: Settings, share: float) -> Settings:
    values: dict[str, float] = {}
    for name, gene in GENES.items():
        mine, other = getattr(a, name), getattr(b, name)
        if mine is None or other is None:
            continue
        value = mine ** (1 - share) * other**share
        values[name] = round(value) if gene.whole else round(value, 2)
    return replace(a if share < 0.5 else b, **values)  # type: ignore[arg-type]
