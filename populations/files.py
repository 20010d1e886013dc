"""Files that are there as a whole or not at all, and stay through a power cut."""

from __future__ import annotations

import contextlib
import os
import sys
import uuid
from pathlib import Path

SCRATCH = ".tmp"
"""Folder of unfinished files, beside the zarr root and so on the same file system."""


def write_file(path: Path, data: bytes, scratch: Path) -> None:
    """Replace the file `path` as a whole; durable after `flush_folder(path.parent)`."""
    unfinished = scratch / uuid.uuid4().hex
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            flush_file(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def flush_folder(folder: Path) -> None:
    """Make the names in `folder` durable; Windows does this by itself and has no call for it."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        flush_file(descriptor)
    finally:
        os.close(descriptor)


def flush_file(descriptor: int) -> None:
    """Make the content of an open file or folder durable."""
    if sys.platform == "darwin":  # fsync leaves the data in the drive's own cache there
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    elif sys.platform == "win32":
        os.fsync(descriptor)
    else:
        os.fdatasync(descriptor)
