"""Names of models and LoRAs, which every program writes in another way, without what differs."""

from __future__ import annotations

import re
from pathlib import PurePath


def bare(name: str) -> str:
    """Return a name without its folder, owner, revision and ending."""
    last = PurePath(name.replace("\\", "/").split("@")[0]).name
    return re.sub(r"\.(safetensors|ckpt)$", "", last, flags=re.IGNORECASE)


def are_alike(theirs: str, ours: str) -> bool:
    """Return whether two names are of one model, as far as names can say: file, folder or hub."""
    return _letters(theirs) == _letters(ours)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", bare(name).lower())
