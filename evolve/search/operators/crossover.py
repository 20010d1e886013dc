"""Crossover: a child between its parents, of regions of them, or of bands of frequencies.

A walk has many between few, for clips that turn one picture into another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from evolve.genome import Concept, Genome, Noise, Prompt, noise
from evolve.genome.settings import GENES, Settings
from evolve.search.operators import word_weights
from evolve.search.operators.edited import cell_by_cell, region, with_noise
from evolve.search.operators.mutation import HIGHEST_BAND, LOW_BAND
from evolve.search.operators.operator import MOST_SHARE, Child, Operator, Strength
from evolve.search.operators.shifting import mixed

BLENDED = 8
"""Parents of one child at most: of more of them nothing would be left."""


def cross_slerp(a: Genome, b: Genome, *, share: float) -> Genome:
    """Walk `share` (0 to 1) of the way from `a` to `b`, with prompt and settings."""
    nearer = replace(
        a if share < 0.5 else b,
        prompt=_between(a.prompt, b.prompt, share),
        settings=_mid_settings(a.settings, b.settings, share),
    )
    return with_noise(nearer, noise.slerp(a.noise, b.noise, share))


def cross_blend(parents: Sequence[Genome], weights: Sequence[float]) -> Genome:
    """Combine any number of parents by weight; settings come from the heaviest one.

    So does the prompt, unless all have the same base: then the weights of concepts are averaged.
    """
    heaviest = parents[int(np.argmax(weights))]
    prompts = [parent.prompt for parent in parents]
    if word_weights.have_base(*prompts):
        shares = [weight / sum(weights) for weight in weights]
        heaviest = replace(heaviest, prompt=word_weights.between(prompts, shares))
    return with_noise(heaviest, noise.blend([p.noise for p in parents], weights))


def cross_region(rng: np.random.Generator, a: Genome, b: Genome, *, share: float = 0.5) -> Genome:
    """Take random Voronoi cells, about `share` of the picture, from `b` and the rest from `a`."""
    mask = region(rng, a, share)
    return with_noise(a, noise.masked(b.noise, a.noise, mask))


def cross_band(a: Genome, b: Genome, *, cutoff: float = LOW_BAND) -> Genome:
    """Take composition and colour from `a`, detail from `b`."""
    return with_noise(a, noise.banded(a.noise, b.noise, cutoff))


def walk(stops: Sequence[Genome], frames: int) -> list[Genome]:
    """Return the genomes on the way along `stops`, these included.

    From one stop to the next there are `frames` genomes. Noise goes along great circles, prompt and
    settings as in `cross_slerp`: where prompts or edits differ the picture jumps half way.
    """
    path = []
    for a, b in pairwise(stops):
        path.append(a)
        for share in (k / frames for k in range(1, frames)):
            between = cross_slerp(a, b, share=share)
            path.append(replace(between, variety=mixed([a, b], [1 - share, share])))
    return [*path, stops[-1]]


def _between(a: Prompt, b: Prompt, share: float) -> Prompt:
    """Mix the weights where both have the same concepts or base; else take the nearer prompt."""
    if word_weights.have_base(a, b):
        return word_weights.between([a, b], [1 - share, share])
    nearer = a if share < 0.5 else b
    if [c.text for c in a.concepts] != [c.text for c in b.concepts]:
        return nearer
    if any(c.weight <= 0 for c in (*a.concepts, *b.concepts)):  # has no mean with the oldest rule's
        return nearer
    between = tuple(
        Concept(x.text, round(x.weight ** (1 - share) * y.weight**share, 3))
        for x, y in zip(a.concepts, b.concepts, strict=True)
    )
    return replace(nearer, concepts=between)


def _mid_settings(a: Settings, b: Settings, share: float) -> Settings:
    values: dict[str, float] = {}
    for name, gene in GENES.items():
        mine, other = getattr(a, name), getattr(b, name)
        if mine is None or other is None:
            continue
        value = (
            mine ** (1 - share) * other**share
            if min(mine, other) > 0
            else mine * (1 - share) + other * share
        )
        values[name] = round(value) if gene.whole else round(value, 2)
    return replace(a if share < 0.5 else b, **values)  # type: ignore[arg-type]


def _towards(
    rng: np.random.Generator, parents: Sequence[Genome], other: Noise, reach: float
) -> Child:
    """Return a child on the way from its main parent to `other`, at most `MOST_SHARE` of it.

    As with a mutation the reach is of a right angle, for pictures follow the angle: opposite
    parents are twice as far from each other as unrelated ones.
    """
    apart = max(1e-6, noise.angle(parents[0].noise, other))
    share = round(min(MOST_SHARE, reach * math.pi / 2 / apart), 4)
    child = parents[0]
    if len(parents) == 2:  # with prompt and settings
        child = cross_slerp(*parents, share=share)
    return Child(
        with_noise(child, noise.halfway_round(rng, parents[0].noise, other, share)),
        {"share": share},
    )


def _cross_slerp(rng: np.random.Generator, parents: Sequence[Genome], strength: Strength) -> Child:
    if strength.reach is not None:
        return _towards(rng, parents, parents[1].noise, strength.reach)
    share = round(strength.share(rng.uniform(0.2, 0.5)), 3)
    return Child(cross_slerp(*parents, share=share), {"share": share})


def _cross_blend(rng: np.random.Generator, parents: Sequence[Genome], strength: Strength) -> Child:
    weights = np.sort(rng.dirichlet(np.ones(len(parents))))[::-1].round(4)
    if strength.reach is not None:
        others = noise.blend([parent.noise for parent in parents[1:]], weights[1:].tolist())
        return _towards(rng, parents, noise.stored(others), strength.reach)
    if strength.factor != 1:  # else bit by bit what earlier versions made
        others = weights[1:].sum()
        share = strength.share(others)
        weights = np.array([1 - share, *(weights[1:] * share / max(others, 1e-4))]).round(4)
    shares: list[float] = weights.tolist()
    return Child(cross_blend(parents, shares), {"weights": shares})


def _cross_region(rng: np.random.Generator, parents: Sequence[Genome], strength: Strength) -> Child:
    if strength.reach is not None:
        latent = cell_by_cell(rng, parents[0], parents[1].noise, strength.reach)
        return Child(with_noise(parents[0], latent))
    share = round(strength.share(rng.uniform(0.25, 0.5)), 3)
    return Child(cross_region(rng, *parents, share=share), {"share": share})


def _cross_band(rng: np.random.Generator, parents: Sequence[Genome], strength: Strength) -> Child:
    if strength.reach is not None:  # from only the finest detail to all of the other parent
        cutoff = round(HIGHEST_BAND * (1 - strength.reach), 4)
        return Child(cross_band(*parents, cutoff=cutoff), {"cutoff": cutoff})
    return Child(cross_band(*parents))


CROSS_REGION = Operator(
    name="cross_region",
    kind="cross",
    label="regions of another parent",
    make=_cross_region,
    parents=2,
    share=0.15,  # more than slerp, which soon makes all pictures alike
)
CROSS_BLEND = Operator(
    name="cross_blend",
    kind="cross",
    label="between many parents",
    make=_cross_blend,
    parents=2,
    most_parents=BLENDED,
)
CROSS_SLERP = Operator(
    name="cross_slerp",
    kind="cross",
    label="towards another parent",
    make=_cross_slerp,
    parents=2,
    share=0.10,
    is_line=True,
    of_many=CROSS_BLEND,
)
CROSS_BAND = Operator(
    name="cross_band",
    kind="cross",
    label="detail of another parent",
    make=_cross_band,
    parents=2,
    is_line=True,
)
