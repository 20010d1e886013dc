"""Mutation and crossover: pure functions (random source, parents, parameters) -> child genome.

No operator changes its argument, and all keep the noise standard normal (`evolve.genome.noise`).
The child of an edited genome is edited alike: outside the mask it keeps the noise that belongs to
its base.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evolve.errors import GenomeError
from evolve.genome import Concept, Genome, Prompt, noise
from evolve.genome.edit import Base, Edit
from evolve.genome.settings import GENES, SAMPLERS, Settings

LOW_BAND = 0.125
"""Default border of the bands in cycles per latent pixel: below it lie 5 % of the coefficients."""


def found(rng: np.random.Generator, template: Genome) -> Genome:
    """Return a founder: fresh noise under the prompt and settings of `template`."""
    return replace(template, noise=noise.stored(noise.draw(rng, _shape(template))))


def antithetic(parent: Genome) -> Genome:
    """Return the founder's mirror image, -z: as likely as z, and as unlike it as can be."""
    return _with(parent, -parent.noise)


def mutate(rng: np.random.Generator, parent: Genome, *, angle: float) -> Genome:
    """Turn the whole noise by `angle` degrees, 0 (a copy) to 90 (unrelated)."""
    eps = noise.draw(rng, _shape(parent))
    return _with(parent, noise.rotate(parent.noise, eps, math.radians(angle)))


def mutate_band(
    rng: np.random.Generator, parent: Genome, *, angle: float, low: bool, cutoff: float = LOW_BAND
) -> Genome:
    """Turn only the low band (composition, colour) or only the high band (detail)."""
    turned = noise.rotate(parent.noise, noise.draw(rng, _shape(parent)), math.radians(angle))
    a, b = (turned, parent.noise) if low else (parent.noise, turned)
    return _with(parent, noise.banded(a, b, cutoff))


def mutate_region(
    rng: np.random.Generator, parent: Genome, *, angle: float, share: float = 0.35, cells: int = 6
) -> Genome:
    """Turn the noise inside random Voronoi cells covering about `share` of the picture."""
    mask = _region(rng, parent, cells, share)
    turned = noise.rotate(parent.noise, noise.draw(rng, _shape(parent)), math.radians(angle))
    return _with(parent, noise.masked(turned, parent.noise, mask))


def repaint(
    rng: np.random.Generator,
    parent: Genome,
    base: Base,
    *,
    mask: NDArray[np.bool_] | None,
    angle: float,
    depth: float = 1.0,
) -> Genome:
    """Paint `parent` anew on the picture it came to, inside `mask` only.

    Args:
        rng: Random source.
        parent: Genome to vary; its noise is turned by `angle` degrees inside the mask.
        base: What `parent` comes to, as latent and picture.
        mask: (height, width) of the latent, True where it is painted anew; None is everywhere.
        angle: Degrees, 0 to 90 (unrelated).
        depth: Share of the way back to pure noise, above 0 up to 1.
    """
    return mutate(rng, replace(parent, edit=Edit(base, depth, mask)), angle=angle)


def look(rng: np.random.Generator, parent: Genome, *, angle: float, axes: int = 4) -> list[Genome]:
    """Return a ring of steps around `parent`: along each of `axes` directions, then against each.

    The directions are at right angles to each other, and all steps are `angle` degrees.
    """
    directions = noise.tangents(rng, parent.noise, axes)
    return [
        _with(parent, noise.rotate(parent.noise, d, math.radians(signed)))
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
    return _with(parent, noise.rotate(parent.noise, direction, math.radians(angle)))


def cross_slerp(a: Genome, b: Genome, *, share: float) -> Genome:
    """Walk `share` (0 to 1) of the way from `a` to `b`; words and settings come along."""
    nearer = replace(
        a if share < 0.5 else b,
        prompt=_between(a.prompt, b.prompt, share),
        settings=_mid_settings(a.settings, b.settings, share),
    )
    return _with(nearer, noise.slerp(a.noise, b.noise, share))


def cross_blend(parents: Sequence[Genome], weights: Sequence[float]) -> Genome:
    """Combine any number of parents by weight; words and settings come from the heaviest one."""
    heaviest = parents[int(np.argmax(weights))]
    return _with(heaviest, noise.blend([p.noise for p in parents], weights))


def cross_region(
    rng: np.random.Generator, a: Genome, b: Genome, *, share: float = 0.5, cells: int = 6
) -> Genome:
    """Take random Voronoi cells, about `share` of the picture, from `b` and the rest from `a`."""
    mask = _region(rng, a, cells, share)
    return _with(a, noise.masked(b.noise, a.noise, mask))


def cross_band(a: Genome, b: Genome, *, cutoff: float = LOW_BAND) -> Genome:
    """Take composition and colour from `a`, detail from `b`."""
    return _with(a, noise.banded(a.noise, b.noise, cutoff))


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


def _region(rng: np.random.Generator, genome: Genome, cells: int, share: float) -> noise.Mask:
    """Return random Voronoi cells, as far as the genome's edit paints; all of that if none do."""
    mask = noise.voronoi(rng, _shape(genome)[1:], cells, share)
    if genome.edit is None or genome.edit.mask is None or (mask * genome.edit.mask).any():
        return mask
    return genome.edit.mask.astype(np.float64)


def _with(genome: Genome, latent: ArrayLike) -> Genome:
    """Return `genome` with other noise, as far as its edit paints."""
    if genome.edit is not None and genome.edit.mask is not None:
        latent = np.where(genome.edit.mask, latent, genome.noise)
    return replace(genome, noise=noise.stored(latent))


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
