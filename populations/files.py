"""Files and folders that are there as a whole or not at all, and stay through a power cut."""

from __future__ import annotations

import contextlib
import os
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from evolve.errors import ArchiveError
from populations.running import run, together

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


@contextlib.contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """Give a file to write beside `file`, whose place it takes unless there is an error.

    For what a person exports: not made to stay through a power cut.
    """
    unfinished = file.with_name(f".part-{file.name}")
    try:
        yield unfinished
        unfinished.replace(file)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def files_in(root: Path) -> Iterator[Path]:
    """Yield all files below `root`, also those behind links.

    Raises:
        ArchiveError: A folder cannot be listed, or a link leads nowhere: nothing is passed over.
    """
    for here, folders, names in os.walk(root, onerror=_unlisted, followlinks=True):
        folders.sort()
        for file in sorted(Path(here) / name for name in names):
            if file.is_symlink() and not file.exists():
                raise ArchiveError(
                    f"{file} is a link to {os.readlink(file)}, which is not there: "
                    "bring it back (is its disk mounted?) and try again"
                )
            yield file


def flush_all(root: Path) -> None:
    """Make a folder and all that is in it durable."""
    folders = []
    inside = []
    for here, _, names in os.walk(root, onerror=_unlisted):
        folders.append(Path(here))
        inside += [Path(here) / name for name in names]
    run(together(_flush, inside))
    run(together(flush_folder, folders))


def _flush(path: Path) -> None:
    with path.open("rb+" if sys.platform == "win32" else "rb") as file:
        flush_file(file.fileno())


def _unlisted(error: OSError) -> None:
    """Say what `os.walk` would pass over."""
    raise ArchiveError(
        f"cannot read {error.filename} ({error.strerror}): make it readable and try again"
    ) from error


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
