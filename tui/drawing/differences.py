"""How two pictures differ: in their genomes, in words; and in their pixels, as a picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from evolve.genome import Concept, Genome
from evolve.genome.edit import Edit
from evolve.genome.noise import correlation
from evolve.scoring.wanted import Wanted
from tui.drawing.blocks import Pixels

LEAST = 16
"""Levels of 255 in some channel from which a pixel counts as changed."""
BOOST = 2
"""Factor by which differences are brightened: half of the range is white."""


def angle(a: Genome, b: Genome) -> float | None:
    """Return the degrees between two noises: 0 the same, 90 unrelated; None between two shapes."""
    if a.noise.shape != b.noise.shape:
        return None
    return math.degrees(math.acos(max(-1.0, min(1.0, correlation(a.noise, b.noise)))))


def differences(a: Genome, b: Genome) -> list[str]:
    """Return in words what is different in `b`; nothing if the two are the same."""
    turned = angle(a, b)
    lines = [] if turned is not None and turned < 0.05 else [_turned(turned)]
    lines += _words(a.prompt.concepts, b.prompt.concepts)
    lines += [f"without {line}" for line in _words(a.prompt.negative, b.prompt.negative)]
    was, now = a.settings.to_json(), b.settings.to_json()
    for name in {**was, **now}:  # not every genome has every gene
        before, after = was.get(name, "none"), now.get(name, "none")
        if before != after:
            title = name.replace("_scale", "").replace("_", " ")
            lines.append(f"{title} {_short(before)} → {_short(after)}")
    if (begun := start(b.edit)) != start(a.edit):
        lines.append(f"starts from {begun}")
    elif a.edit is not None and b.edit is not None and a.edit.base != b.edit.base:
        lines.append("starts from another picture")
    return lines


def start(edit: Edit | None, what: str = "") -> str:
    """Return what painting starts from, in words; `what` names the thing that was edited."""
    if edit is None:
        return "noise alone"
    if edit.mask is None:
        return f"a picture, {edit.depth:.0%} of the way back to noise"
    if not edit.mask.any():
        return "a picture, of which all stays"
    depth = "" if edit.depth == 1 else f", {edit.depth:.0%} of the way back to noise"
    share = f"{edit.mask.mean():.0%}" if edit.mask.mean() >= 0.01 else "less than 1%"
    return f"a picture: only {what or 'a part'}, {share} of it, is painted again{depth}"


def edited(params: Mapping[str, Any]) -> str:
    """Return what an edit was about, from its record; empty if that is not known."""
    wanted = Wanted.of(params)
    return "" if wanted is None else f"'{wanted.there or wanted.gone}'"


def _turned(degrees: float | None) -> str:
    return "noise of another size" if degrees is None else f"noise turned by {degrees:.3g}°"


def _words(a: tuple[Concept, ...], b: tuple[Concept, ...]) -> list[str]:
    was, now = ({concept.text: concept.weight for concept in side} for side in (a, b))
    lines = [f"− {text}" for text in was if text not in now]
    lines += [f"+ {text}" for text in now if text not in was]
    lines += [
        f"{text} :{was[text]:g} → :{now[text]:g}"
        for text in was
        if text in now and was[text] != now[text]
    ]
    return lines


def _short(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def difference(a: Pixels, b: Pixels) -> Pixels:
    """Return the difference of two pictures as one: black where they are the same."""
    if a.shape != b.shape:
        height, width = a.shape[:2]
        b = np.asarray(Image.fromarray(b).resize((width, height), Image.Resampling.BOX))
    distance = np.abs(a.astype(np.int16) - b.astype(np.int16)) * BOOST
    boosted: Pixels = np.minimum(distance, 255).astype(np.uint8)
    return boosted


def changed_share(a: Pixels, b: Pixels) -> float:
    """Return the share of pixels that differ by `LEAST` or more."""
    return float((difference(a, b).max(-1) >= LEAST * BOOST).mean())
