"""Whether two renderers paint the same picture of a genome, bit for bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evolve.rendering.manner import KEY as MANNER

IN_WORDS = ("device", "dtype", "threads", "rows", "versions")
"""Differences that are reported before any others."""
BESIDE = frozenset({"model", "one_by_one"})
"""Keys that decide no bit: where the model is (there are fingerprints), and why it has no rows."""

CHOSEN = ("rows", MANNER)
"""Keys of what a renderer chooses by measuring. They can be given instead, since equal devices may
choose differently."""


def difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return in a few words what of two `ModelInfo.record`s changes bits of pictures; else ""."""
    keys = [key for key in {**one, **other} if key not in BESIDE]
    differing = [key for key in keys if one.get(key) != other.get(key)]
    if not differing:
        return ""
    key = min(differing, key=lambda k: IN_WORDS.index(k) if k in IN_WORDS else len(IN_WORDS))
    first, second = one.get(key), other.get(key)
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        inner = difference(first, second)
        return inner or f"{key} {first} and {second}"
    return f"{key.replace('_', ' ')} {first} and {second}"


def differs_in_choices_alone(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two would paint alike if one took the rows and the manner of the other."""
    mine, its = ({k: v for k, v in each.items() if k not in CHOSEN} for each in (one, other))
    return not difference(mine, its)
