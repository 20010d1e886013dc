"""The text `parameters` in pictures, as the web UI of AUTOMATIC1111 writes it and many tools read.

a woman, (red hair:1.4)
Negative prompt: glasses
Steps: 8, Sampler: DPM++ 2M, CFG scale: 4, Seed: 7, Size: 128x128, Model: portraits

The last line holds the settings; what stands before it is the prompt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import PurePath

from evolve.genome import Concept, Genome
from populations.told import Told

KEY = "parameters"
"""Keyword of the text chunk."""

_NAMES = {"dpm++": "DPM++ 2M", "euler": "Euler", "unipc": "UniPC", "deis": "DEIS"}
_SAMPLERS = {name.lower(): ours for ours, name in _NAMES.items()}
_PAIR = re.compile(r'(\w[\w \-/]{0,40}):[ ]?("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')


def write(genome: Genome, size: tuple[int, int], model: str, seed: int, **more: str | int) -> str:
    """Return the text for a picture of so many pixels (width, height).

    No seed gives its noise: it is that of the population. More facts stand at the end.
    """
    settings, (width, height) = genome.settings, size
    facts = {
        "Steps": settings.steps,
        "Sampler": _NAMES[settings.sampler],
        "CFG scale": f"{settings.guidance_scale:g}",
        "Seed": seed,
        "Size": f"{width}x{height}",
        "Model": _quoted(PurePath(model).name),
        "Version": "fancier",
        **{key: _quoted(str(value)) for key, value in more.items()},
    }
    lines = [_weighted(genome.prompt.concepts)]
    if genome.prompt.negative:
        lines.append(f"Negative prompt: {_weighted(genome.prompt.negative)}")
    return "\n".join([*lines, ", ".join(f"{key}: {value}" for key, value in facts.items())])


def read(text: str) -> Told | None:
    """Read such a text; None if it is something else."""
    *lines, last = text.strip().split("\n")
    facts = {key.strip(): _unquoted(value.strip()) for key, value in _PAIR.findall(last)}
    if not facts.keys() >= {"Steps", "Seed"}:
        return None
    prompt, _, negative = "\n".join(lines).partition("Negative prompt:")
    size = re.fullmatch(r"(\d{1,5})x(\d{1,5})", facts.get("Size", ""))
    sampler = re.sub(r" Karras$", "", facts.get("Sampler", ""))
    source = facts.get("RNG", "GPU")
    notes = emphasised(prompt + negative)
    if "Variation seed" in facts:
        notes.append("its variation seed is left out")
    if "Hires upscale" in facts or "Hires resize" in facts:
        notes.append("only its first pass is taken over")
    return Told(
        tool="A1111",
        prompt=plain(prompt),
        negative=plain(negative),
        seed=int(facts["Seed"]),
        source="cpu" if source == "CPU" else "cuda",
        steps=int(facts["Steps"]),
        sampler=_SAMPLERS.get(sampler.lower()),
        sampler_name=facts.get("Sampler", ""),
        guidance=float(facts["CFG scale"]) if "CFG scale" in facts else None,
        size=(int(size[1]), int(size[2])) if size else None,
        notes=tuple(notes),
    )


def plain(prompt: str) -> str:
    """Return a prompt without emphasis, `(like this:1.3)`, and without `<names:of files>`."""
    bare = re.sub(r"<[^<>]{0,200}>", "", prompt)
    bare = re.sub(r":\s*\d+(\.\d+)?\s*(?=[)\]])", "", bare)
    bare = re.sub(r"(?<!\\)[()\[\]]", "", bare).replace("\\(", "(").replace("\\)", ")")
    return " ".join(bare.split()).strip(" ,")


def emphasised(prompt: str) -> list[str]:
    """Return what is lost when emphasis is taken from a prompt, one line or none."""
    if " ".join(prompt.split()).strip(" ,") == plain(prompt):
        return []
    return ["emphasis and extra networks in its prompt are left out"]


def _weighted(concepts: Iterable[Concept]) -> str:
    words = []
    for concept in concepts:
        text = re.sub(r"([()\[\]])", r"\\\1", " ".join(concept.text.split()))
        words.append(text if concept.weight == 1 else f"({text}:{concept.weight:g})")
    return ", ".join(words)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if re.search(r"[,:\n]", text) else text


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text)) if text.startswith('"') else text
    except ValueError:
        return text
