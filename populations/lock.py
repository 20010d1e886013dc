"""One writer per population: an exclusive lock that the system frees when its process dies."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
from collections.abc import Mapping
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
        self._writer = path / WRITER
        self._told: dict[str, str | int] = {
            "pid": os.getpid(),
            "host": platform.node(),
            "since": _now(),
        }
        self._tell()

    def release(self) -> None:
        """Let another process write; a second call does nothing."""
        if self._lock.is_locked:
            self._told["until"] = _now()
            self._tell()
        self._lock.release(force=True)

    def _tell(self) -> None:
        with contextlib.suppress(OSError):  # only for messages; a full disk does not matter here
            if self._writer.parent.is_dir():
                self._writer.write_text(json.dumps(self._told) + "\n", encoding="utf-8")


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


def who_writes(path: Path) -> dict[str, str | int] | None:
    """Return `pid`, `host` and `since` of who has a population open for writing on this machine.

    It takes no lock, so it can be wrong where a process was killed and its number given anew.
    """
    writer = last_writer(path)
    if not writer or writer["host"] != platform.node() or _is_over(path):
        return None
    if sys.platform == "win32":  # there a signal would end the process
        return writer
    try:
        os.kill(int(writer["pid"]), 0)  # signal 0 only asks whether there is such a process
    except PermissionError:
        return writer
    except (OSError, OverflowError):
        return None
    return writer


def written_by(writer: Mapping[str, str | int]) -> str:
    """Return a writer for reading: process, machine, and since when."""
    try:
        since = f"{datetime.fromisoformat(str(writer['since'])).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        since = str(writer["since"])
    return f"pid {writer['pid']} on {writer['host']}, since {since}"


def _is_over(path: Path) -> bool:
    try:
        return "until" in json.loads((path / WRITER).read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return True


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _who(path: Path) -> str:
    writer = last_writer(path)
    if not writer:
        return f"population '{path.name}' is open in another process: close it there first"
    if writer["pid"] == os.getpid() and writer["host"] == platform.node():
        return f"population '{path.name}' is open already in this process: close it there first"
    return (
        f"population '{path.name}' is open in another process ({written_by(writer)}): "
        "close it there first"
    )
