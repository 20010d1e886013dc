"""What identifies the weights of a model, wherever they lie."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path


def fingerprint(weights: Sequence[Path]) -> str:
    """Return the SHA-256 of all weights of a model, 64 hexadecimal digits."""
    total = hashlib.sha256()
    for file in weights:
        total.update(_sha256(file))
    return total.hexdigest()


def _sha256(file: Path) -> bytes:
    content = file.resolve()
    if content.parent.name == "blobs" and len(content.name) == 64:
        return bytes.fromhex(content.name)  # the hub's cache names large files by their content
    with content.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
