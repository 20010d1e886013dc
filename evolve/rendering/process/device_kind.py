"""Whether two renderers paint the same genome as the same picture, to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

IN_WORDS = ("device", "dtype", "threads", "rows", "versions")
"""What a person is shown first of how two differ."""
BESIDE = frozenset({"model", "one_by_one"})
"""What decides no bit: where the model is, which has fingerprints, and why it has no rows."""


def difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return in a few words how what decides the bits of pictures differs; "" if it does not.

    Args:
        one: The record of a model that is ready (`ModelInfo.record`).
        other: That of another.
    """
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


def differs_in_rows_alone(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two would paint alike if one took the rows of the other."""
    return not difference({**one, "rows": 0}, {**other, "rows": 0})
