"""The licence of a model, as its model card states it."""

from __future__ import annotations

import re
from pathlib import Path

from evolve.errors import ModelError
from evolve.models.files import allowed_files

UNKNOWN = "unknown: see where you got it"
"""The licence of a model that does not state any."""

_LICENCE = r"^(license\w*):[ \t]*(?:\n[ \t]*-[ \t]*)?['\"]?([^\s'\"].*?)['\"]?[ \t]*$"


def licence_of(folder: Path) -> str:
    """Return the licence in the YAML at the top of the `README.md` of a folder."""
    try:
        readme = allowed_files.read_bytes(folder / "README.md", str(folder))
        card = readme.decode("utf-8", "replace")
    except (OSError, ModelError):
        card = ""
    top = card.split("\n---", 1)[0] if card.startswith("---") else ""
    stated = dict(re.findall(_LICENCE, top, re.M))
    licence = stated.get("license")
    if licence == "other":
        licence = stated.get("license_name") or stated.get("license_link") or licence
    return licence or UNKNOWN
