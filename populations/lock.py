"""One writer per population: an exclusive lock that the system frees when its process dies."""

from __future__ import annotations

import contextlib
import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from evolve.errors import LockedError
from populations.failures import saving_failed

LOCK = ".lock"
WRITER = ".writer"
"""JSON beside the lock: who held it last, and since when."""


class WriterLock:
    """Held from construction until `release`.

    Raises:
        LockedError: Another process, or another handle in this one, writes to the population.
        ArchiveError: The folder is not writable.
    """

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path / LOCK, timeout=0, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout:
            raise LockedError(_who(path)) from None
        except OSError as error:
            raise saving_failed(error, path) from error
        since = datetime.now(UTC).isoformat(timespec="seconds")
        writer = {"pid": os.getpid(), "host": platform.node(), "since": since}
        with contextlib.suppress(OSError):  # only for the message; a full disk does not matter here
            (path / WRITER).write_text(json.dumps(writer) + "\n", encoding="utf-8")

    def release(self) -> None:
        """Let another process write; a second call does nothing."""
        self._lock.release(force=True)


def last_writer(path: Path) -> dict[str, str | int]:
    """Return `pid`, `host` and `since` (ISO 8601, UTC) of who wrote last; empty if not known."""
    try:
        writer = json.loads((path / WRITER).read_text(encoding="utf-8"))
        return {
            "pid": int(writer["pid"]),
            "host": str(writer["host"]),
            "since": str(writer["since"]),
        }
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _who(path: Path) -> str:
    writer = last_writer(path)
    if not writer:
        return f"population '{path.name}' is open in another process: close it there first"
    if writer["pid"] == os.getpid() and writer["host"] == platform.node():
        return f"population '{path.name}' is open already in this process: close it there first"
    try:
        since = f"{datetime.fromisoformat(str(writer['since'])).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        since = str(writer["since"])
    return (
        f"population '{path.name}' is open in another process "
        f"(pid {writer['pid']} on {writer['host']}, since {since}): close it there first"
    )
