"""The licence of a model, as its model card states it."""

from __future__ import annotations

from pathlib import Path

from evolve.errors import ModelError
from evolve.models.files import allowed_files

UNKNOWN = "unknown: see where you got it"
"""The licence of a model that states none."""

_KEYS = ("license", "license_name", "license_link")


def licence_of(folder: Path) -> str:
    """Return the licence in the YAML at the top of the `README.md` of a folder."""
    try:
        readme = allowed_files.read_bytes(folder / "README.md", str(folder))
        card = readme.decode("utf-8", "replace")
    except (OSError, ModelError):
        card = ""
    top = card.split("\n---", 1)[0] if card.startswith("---") else ""
    stated: dict[str, str] = {}
    key = ""
    for line in top.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            key = name
        elif name.strip().startswith("-"):  # of a list the first counts
            value = name.strip()[1:]
        value = value.strip().strip("'\"")
        if key in _KEYS and value:
            stated.setdefault(key, value)
    licence = stated.get("license")
    if licence == "other":
        licence = stated.get("license_name") or stated.get("license_link") or licence
    return licence or UNKNOWN
