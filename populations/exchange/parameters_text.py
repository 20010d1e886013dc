"""The text `parameters` in PNG files of fancier, which tools for pictures of the web UI show.

a woman, (red hair:1.4)
Negative prompt: (glasses:0.5)
Steps: 8, Sampler: DPM++ 2M, CFG scale: 4, Seed: 7, Size: 128x128, Model: portraits

Words of a weight below 0, here `glasses :-0.5`, lead away from glasses. Other programs do that with
a negative prompt; what their own weights below 0 do is nothing like it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace

from evolve.genome import Concept, Genome
from evolve.models.model_names import ModelName
from populations.exchange.foreign.bare_names import bare

KEY = "parameters"
"""Keyword of the text chunk."""

_NAMES = {"dpm++": "DPM++ 2M", "euler": "Euler", "unipc": "UniPC", "deis": "DEIS"}


def write(genome: Genome, size: tuple[int, int], model: str, seed: int, **more: str | int) -> str:
    """Return the text for a picture of this size (width, height) in pixels.

    The seed is that of the population, which does not give this noise. `more` stands at the end.
    """
    settings, (width, height) = genome.settings, size
    named = ModelName.parse(model)
    facts = {
        "Steps": settings.steps,
        "Sampler": _NAMES[settings.sampler],
        "CFG scale": f"{settings.guidance_scale:g}",
        "Seed": seed,
        "Size": f"{width}x{height}",
        "Model": _quoted(bare(named.base)),
        "Version": "fancier",
        **{key: _quoted(str(value)) for key, value in more.items()},
    }
    loras = zip(named.loras, settings.loras, strict=False)
    tags = "".join(f" <lora:{bare(lora)}:{weight:g}>" for lora, weight in loras)
    concepts, negative = genome.prompt.concepts, genome.prompt.negative
    lines = [_weighted([*_towards(concepts), *_away(negative)]) + tags]
    if unwanted := [*_towards(negative), *_away(concepts)]:
        lines.append(f"Negative prompt: {_weighted(unwanted)}")
    return "\n".join([*lines, ", ".join(f"{key}: {value}" for key, value in facts.items())])


def _towards(concepts: Iterable[Concept]) -> list[Concept]:
    return [concept for concept in concepts if concept.weight > 0]


def _away(concepts: Iterable[Concept]) -> list[Concept]:
    return [replace(concept, weight=-concept.weight) for concept in concepts if concept.weight < 0]


def _weighted(concepts: Iterable[Concept]) -> str:
    words = []
    for concept in concepts:
        text = re.sub(r"([()\[\]])", r"\\\1", " ".join(concept.text.split()))
        words.append(text if concept.weight == 1 else f"({text}:{concept.weight:g})")
    return ", ".join(words)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if re.search(r"[,:\n]", text) else text
