"""Digests of large files, kept in the user's cache: reading gigabytes would slow every start.

A digest is valid as long as size, times and inode of the file stay the same; a program cannot set
the time of the last change of an inode. None is kept of a file that was changed just before, since
another change within the same tick of the clock would not be noticed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from pathlib import Path

from platformdirs import user_cache_path

SMALL = 1 << 20
"""Bytes up to which hashing a file is faster than looking up its digest."""

TICK_NS = 2_000_000_000
"""Age of a file from which on a later change of it has another time; some file systems count in
steps of two seconds."""


def sha256(file: Path) -> bytes:
    """Return the SHA-256 of a file, 32 bytes.

    Raises:
        OSError: It cannot be read.
    """
    with file.open("rb") as stream:
        before = os.fstat(stream.fileno())
        if before.st_size <= SMALL:
            return hashlib.file_digest(stream, "sha256").digest()
        kept, state = _kept(file), state_of(before)
        with contextlib.suppress(OSError, ValueError, LookupError, TypeError):
            known = json.loads(kept.read_text("utf-8"))
            if known["state"] == state and len(digest := bytes.fromhex(known["sha256"])) == 32:
                return digest
        read = time.time_ns()
        digest = hashlib.file_digest(stream, "sha256").digest()
        after = os.fstat(stream.fileno())
    if state_of(after) == state and max(after.st_mtime_ns, after.st_ctime_ns) + TICK_NS < read:
        _keep(kept, json.dumps({"file": str(file), "state": state, "sha256": digest.hex()}))
    return digest


def state_of(status: os.stat_result) -> list[int]:
    """Return what changes whenever a file does."""
    times = status.st_mtime_ns, status.st_ctime_ns
    return [status.st_size, *times, status.st_ino, status.st_dev]


def _kept(file: Path) -> Path:
    name = hashlib.sha256(os.fsencode(file)).hexdigest()[:32]
    return user_cache_path("fancier") / "digests" / f"{name}.json"


def _keep(place: Path, text: str) -> None:
    new = place.with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):  # without it the next start takes longer, no more
        place.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, "utf-8")
        new.replace(place)
