"""Digests of large files, kept in the user's cache: reading gigabytes would slow every start.

A digest is valid as long as the file is unchanged (`file_states.py`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path

from platformdirs import user_cache_path

from evolve.models.files.file_states import is_settled, state_of

SMALL = 1 << 20
"""Bytes up to which hashing a file is faster than looking up its digest."""


def sha256(file: Path) -> bytes:
    """Return the SHA-256 of a file, 32 bytes.

    Raises:
        OSError: It cannot be read.
    """
    with file.open("rb") as stream:
        before = os.fstat(stream.fileno())
        if before.st_size <= SMALL:
            return hashlib.file_digest(stream, "sha256").digest()
        kept, state = _kept(file), list(state_of(before))
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
            known = json.loads(kept.read_text("utf-8"))
            if known["state"] == state and len(digest := bytes.fromhex(known["sha256"])) == 32:
                return digest
        read = time.time_ns()
        digest = hashlib.file_digest(stream, "sha256").digest()
        after = os.fstat(stream.fileno())
    if list(state_of(after)) == state and is_settled(after, read):
        _keep(kept, json.dumps({"file": str(file), "state": state, "sha256": digest.hex()}))
    return digest


def _kept(file: Path) -> Path:
    name = hashlib.sha256(os.fsencode(file)).hexdigest()[:32]
    return user_cache_path("fancier") / "digests" / f"{name}.json"


def _keep(place: Path, text: str) -> None:
    new = place.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):  # without it the next start takes longer, no more
        place.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, "utf-8")
        new.replace(place)
