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
from typing import Any

from filelock import FileLock, Timeout

from evolve.errors import LockedError
from evolve.regular_files import IrregularError, opened
from populations.format.failures import MovedError, OvertakenError, saving_failed
from populations.format.files import LOCK, WRITER, identity, require_own, small_object

_LARGEST = 4096
"""Bytes of the description of a writer."""


class WriterLock:
    """Held from construction until `release`; `patience` is the seconds to wait for another writer.

    Raises:
        LockedError: Another process, or another handle in this one, writes to the population.
        ArchiveError: The folder is not writable.
    """

    def __init__(self, path: Path, *, patience: float = 0) -> None:
        self._path = path
        self._lock = FileLock(self._file, timeout=patience, thread_local=False)
        try:
            require_own(path)
            self._lock.acquire()
            self._locked = identity(self._file)
        except Timeout:
            raise LockedError(_who(path)) from None
        except (OSError, NotImplementedError) as error:  # some disks know no locks
            raise saving_failed(error, path) from error
        self._writer: dict[str, str | int] = {
            "pid": os.getpid(),
            "host": platform.node(),
            "since": _now(),
        }
        self._record()

    def require_held(self) -> None:
        """Test that no other process can have taken the lock meanwhile.

        Raises:
            MovedError: The whole population is somewhere else by now.
            OvertakenError: Its file, or the whole population, was removed or replaced.
        """
        if not self._path.is_dir():
            raise MovedError(self._path)
        if identity(self._file) != self._locked:
            raise OvertakenError(self._path, f"{LOCK} was removed, moved or replaced")

    def release(self, moved_to: Path | None = None) -> None:
        """Let another process write, wherever the population is now; a second call does nothing."""
        self._path = moved_to or self._path
        if self._lock.is_locked and identity(self._file) == self._locked:
            self._writer["until"] = _now()
            self._record()
        self._lock.release(force=True)

    @property
    def _file(self) -> Path:
        return self._path / LOCK

    def _record(self) -> None:
        with (  # only for messages; a full disk does not matter here
            contextlib.suppress(OSError, IrregularError),
            opened(self._path) as folder,
            open(folder.open(WRITER, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as file,
        ):
            file.write(json.dumps(self._writer).encode() + b"\n")


def last_writer(path: Path) -> dict[str, str | int]:
    """Return `pid`, `host` and `since` (ISO 8601, UTC) of the last writer; empty if not known."""
    return _writer(small_object(path / WRITER, _LARGEST))


def _writer(data: Mapping[str, Any]) -> dict[str, str | int]:
    """Return a writer as the file describes it; empty if that is invalid."""
    try:
        pid, host, since = int(data["pid"]), str(data["host"]), str(data["since"])
        year = datetime.fromisoformat(since).year
        if not 0 < pid < 2**31 or len(host) > 255 or not 2000 < year < 2200:
            return {}
    except (ValueError, KeyError, TypeError, OverflowError):
        return {}
    return {"pid": pid, "host": host, "since": since}


def who_writes(path: Path) -> dict[str, str | int] | None:
    """Return `pid`, `host` and `since` of who has a population open for writing on this machine.

    It takes no lock, so it can be wrong where a process was killed and its number given to another.
    """
    data = small_object(path / WRITER, _LARGEST)
    writer = _writer(data)
    if not writer or "until" in data or writer["host"] != platform.node():
        return None
    return writer if may_run(int(writer["pid"])) else None


def may_run(pid: int) -> bool:
    """Return whether a process of this machine may be running; False only if it surely is not."""
    if sys.platform == "win32":  # there, a signal would end the process
        return True
    try:
        os.kill(pid, 0)  # signal 0 only tests whether the process exists
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def written_by(writer: Mapping[str, str | int]) -> str:
    """Return a writer in words: process, machine, and since when."""
    since = f"{datetime.fromisoformat(str(writer['since'])).astimezone():%Y-%m-%d %H:%M}"
    return f"pid {writer['pid']} on {writer['host']}, since {since}"


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
