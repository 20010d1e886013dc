"""What a person should know of a new population before its pictures are painted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evolve.genome import Prompt
from evolve.genome.settings import Settings
from evolve.models.catalog import ModelCard
from evolve.models.own_size import size_remark
from evolve.models.words.remarks import remarks


def founding_remarks(card: ModelCard, config: Mapping[str, Any], lists: str = "") -> list[str]:
    """Return lines about the size and the words that a population of this config is founded on.

    `lists` is as `strangers_remark` takes it.

    Raises:
        ModelError: A file of the model is damaged.
    """
    prompt, settings = Prompt.from_json(config["prompt"]), Settings.from_json(config["settings"])
    size = size_remark(card, config.get("size"))
    return [*([size] if size else []), *remarks(card, prompt, lists, settings=settings)]
