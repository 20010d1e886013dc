"""Names of models and LoRAs, without what programs write in different ways."""

from __future__ import annotations

import re
from pathlib import PurePath

from evolve.models.model_names import HubName


def bare(name: str) -> str:
    """Return a name without its folder, owner, revision and ending."""
    hub = HubName.parse(name)  # in a path of the disk an @ is no revision
    path = (hub.file or hub.repo) if hub else name.replace("\\", "/")
    return re.sub(r"\.(safetensors|ckpt)$", "", PurePath(path).name, flags=re.IGNORECASE)


def are_alike(theirs: str, ours: str) -> bool:
    """Return whether two names are of one model, as far as names can say: file, folder or hub."""
    return _letters(theirs) == _letters(ours)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", bare(name).lower())
