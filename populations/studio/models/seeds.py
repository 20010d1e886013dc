"""Models of which the seed hardly matters: pictures of the same words are near copies.

Whether one is such was tried when it was first loaded (`evolve.rendering.tuning.spread`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evolve.models import trials
from evolve.models.catalog import ModelCard
from evolve.models.files.fingerprint import fingerprint


def needed_variety(card: ModelCard) -> float | None:
    """Return the variety that a model was found to need, if it was ever tried here."""
    found = trials.of_model(card.pipeline, lambda: fingerprint(card.files), of="variety")
    return found[-1]["variety"] if found else None


def seeds_remark(model: str, needed: float | None, config: Mapping[str, Any]) -> str:
    """Return one line for a population whose model needs variety; empty if it needs none.

    Args:
        model: Its name.
        needed: The variety that it needs.
        config: What the population is founded on.
    """
    if not needed:
        return ""
    name = model.partition("@")[0]
    has = config.get("settings", {}).get("variety")
    if has:
        return (
            f"the seed hardly matters to {name}: founders vary their words, too (variety {has:g}; "
            "--variety 0 turns it off)"
        )
    return (
        f"the seed hardly matters to {name}, so that these pictures are near copies: create it "
        f"again with --variety {needed:g}"
    )
