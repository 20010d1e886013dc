"""Models of which the seed hardly matters: pictures of the same words are near copies.

Whether one is such was tried when it was first loaded (`evolve.rendering.tuning.spread`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evolve.models.catalog import ModelCard
from evolve.plain_numbers import is_number
from populations.studio.models.tried import trials_of


def needed_variety(card: ModelCard) -> float | None:
    """Return the variety that a model was found to need, if it was ever tried here."""
    found = trials_of(card, "variety")
    needed = found[-1]["variety"] if found else None
    return needed if is_number(needed) else None


def seeds_remark(needed: float | None, config: Mapping[str, Any]) -> str:
    """Return one short line if the model of a population needs variety; empty if it needs none."""
    if not needed:
        return ""
    has = config.get("settings", {}).get("variety")
    if has:
        return f"this model's seed hardly matters: founders vary their words, too (variety {has:g})"
    return f"this model's seed hardly matters: create it again with variety {needed:g}"
