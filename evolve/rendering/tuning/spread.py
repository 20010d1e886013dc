"""How far apart founders are, and how far their words must be shifted where that is too little.

    v = mean d(same words, other noise) / mean d(other words, same noise)

d is the root mean square difference of clean latents. `portraits`, whose noise counts, has a v of
0.41 over prompts of different styles; with noises 8 degrees apart it would have 0.11, and needed a
strength of 0.3. For a model that was distilled until little but the words counts, the strength is
found at which founders are as far apart as they should be.

On a CPU only models of few steps are tried: of the others most have not lost their variety, and
they would take long. On a GPU all are, in few steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome, Prompt
from evolve.genome.noise import draw, stored, stream
from evolve.genome.settings import GENES
from evolve.genome.variety import Variety
from evolve.models.catalog import EMBEDDED
from evolve.models.loading import LoadedModel
from evolve.models.machine import trials
from evolve.plain_numbers import is_number
from evolve.rendering.tuning.self_test import latents_of

FEW_STEPS = 12
"""Steps that a trial takes at most."""
CLOSE = 0.25
"""Founders of a smaller v lie closer together than they should."""
WANTED = 0.3
"""Their v with variety."""
TEXTS = ("a house by the sea", "a portrait of an old woman", "a red car", "a bowl of fruit")
STRENGTHS = (0.1, 0.15, 0.2, 0.3, 0.4, 0.6)
"""The least of these that reaches what is wanted is taken, or the last."""

Paint = Callable[[list[Genome]], list[NDArray[Any]]]


def tried(model: LoadedModel, begin: Callable[[], None] = lambda: None) -> float | None:
    """Return the variety that a model needs, None for none; found once, and remembered.

    `begin` is called before it is measured.
    """
    few = model.info.settings.steps <= FEW_STEPS or model.device.startswith("cuda")
    if model.info.name in EMBEDDED or not few:
        return None
    shape, settings = model.info.latent, model.info.settings
    settings = replace(settings, steps=min(settings.steps, FEW_STEPS))

    def founder(text: str, k: int, strength: float | None) -> Genome:
        drawn = stored(draw(stream(0, k, "spread"), shape))
        shift = Variety(((k, 1.0),)) if strength else None
        return Genome(drawn, Prompt.typed(text), replace(settings, variety=strength), variety=shift)

    def found() -> dict[str, float | None]:
        begin()
        needed, spread = needed_strength(lambda genomes: latents_of(model, genomes)[0], founder)
        return {"variety": needed, "spread": spread}

    known = trials.once(conditions_of(model.info.record), found, is_valid)
    return None if known["variety"] is None else float(known["variety"])


def is_valid(known: Mapping[str, Any]) -> bool:
    """Return whether this is what a trial came to, and not a file that was damaged."""
    gene, needed = GENES["variety"], known.get("variety", "")
    return needed is None or is_number(needed, gene.low, gene.high)


def conditions_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the variety that a model needs depends on: its files alone."""
    names = ("model", "pipeline", "fingerprint", "configuration")
    return {"trial": "variety", **{name: record.get(name) for name in names}}


def needed_strength(
    paint: Paint, founder: Callable[[str, int, float | None], Genome]
) -> tuple[float | None, float]:
    """Return the variety that a model needs, None for none, and its v without.

    Args:
        paint: Returns the clean latents of genomes; fewer if some failed.
        founder: Makes a genome of a text, a number of its noise, and a strength.
    """
    alike = paint([founder(TEXTS[0], k, None) for k in range(len(TEXTS))])
    apart = paint([founder(text, 0, None) for text in TEXTS])
    far = spread_of(apart)
    if len(alike) < 2 or not far:
        return None, 1.0
    found = spread_of(alike) / far
    if found >= CLOSE:
        return None, round(found, 4)
    for strength in STRENGTHS:
        shifted = paint([founder(TEXTS[0], k, strength) for k in range(len(TEXTS))])
        if spread_of(shifted) / far >= WANTED:
            break
    return strength, round(found, 4)


def spread_of(latents: list[NDArray[Any]]) -> float:
    """Return the mean root mean square difference of all pairs of latents of one shape.

    It is 0 of fewer than two, and about 1.41 of independent standard normal ones.
    """
    pairs = [np.sqrt(np.mean((a.astype(np.float64) - b) ** 2)) for a, b in combinations(latents, 2)]
    return float(np.mean(pairs)) if pairs else 0.0
