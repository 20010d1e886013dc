"""What identifies a model wherever it is: its weights, and the configurations that shape them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evolve.models.catalog import ModelCard
from evolve.models.files import digests
from evolve.models.files.safetensors_headers import tensors_of
from evolve.models.hub import cache
from evolve.models.loras.places import settings_beside

WEIGHTS, CONFIGURATION = "fingerprint", "configuration"
"""Keys of the record of a picture. Those of earlier versions have the first alone."""


def identity(card: ModelCard) -> dict[str, str]:
    """Return what the record of a picture states about the files of its model."""
    return {WEIGHTS: fingerprint(card.files), CONFIGURATION: configuration(card)}


def states(card: ModelCard) -> list[list[int]]:
    """Return what changes whenever one of a model's files does; empty for one that is gone."""
    beside = filter(None, map(settings_beside, card.loras))
    return [
        digests.state_of(file.stat()) if file.exists() else []
        for file in (*card.files, *(card.folder / each for each in card.configurations), *beside)
    ]


def is_recorded(record: Mapping[str, Any], card: ModelCard) -> bool:
    """Return whether a record is of this model, by all that it states about files."""
    if not record.get(WEIGHTS) or record[WEIGHTS] != fingerprint(card.files):
        return False
    return record.get(CONFIGURATION) in (None, configuration(card))


def has_changed(record: Mapping[str, Any], now: Mapping[str, str]) -> bool:
    """Return whether a picture was painted by other files than those whose `identity` is `now`.

    A record that states nothing about files counts as of the same.
    """
    return any(record.get(key) not in (None, "", same) for key, same in now.items())


def fingerprint(weights: Sequence[Path]) -> str:
    """Return the SHA-256 of all weights of a model, 64 hexadecimal digits.

    Raises:
        ModelError: The header of a large file is invalid.
    """
    total = hashlib.sha256()
    for file in weights:
        if file.stat().st_size > digests.SMALL:
            tensors_of(file)  # refuses terabytes of nothing before they are read
        total.update(_sha256(file))
    return total.hexdigest()


def configuration(card: ModelCard) -> str:
    """Return the SHA-256 of all else that decides what a model paints, 64 hexadecimal digits.

    It covers configurations and vocabularies by name and content; for a single file also the
    weights beside its configuration, which it may lack; for a LoRA the settings beside it, which
    say how strong it is.
    """
    total = hashlib.sha256()
    for file in card.configurations:
        total.update(file.encode("utf-8", "surrogateescape") + b"\0")
        total.update(_sha256(card.folder / file))
    for beside in filter(None, map(settings_beside, card.loras)):
        total.update(_sha256(beside))
    return total.hexdigest()


def _sha256(file: Path) -> bytes:
    content = file.resolve()
    # The hub's cache names large files by their content; elsewhere a stranger may choose the name.
    named = content.parent.name == "blobs" and len(content.name) == 64
    if named and content.is_relative_to(cache.cache_folder().resolve()):
        return bytes.fromhex(content.name)
    return digests.sha256(content)
