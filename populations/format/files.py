"""Files and folders that are there as a whole or not at all, and stay through a power cut."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from evolve.errors import ArchiveError
from evolve.regular_files import Folder, irregular, opened, read
from populations.format.failures import UnreadableError
from populations.format.json_texts import parse_object
from populations.home.names import ZARR

A = TypeVar("A")

SCRATCH = ".tmp"
"""Folder of unfinished files, beside the zarr root and so on the same file system."""
JOURNAL = ".repair"
"""Folder of files that are to replace others, all of them or none, beside the zarr root."""
COPY = ".header"
"""Copy of `population.zarr/zarr.json`, beside it; at worst one commit behind."""
LOCK = ".lock"
"""What a writer holds."""
WRITER = ".writer"
"""JSON beside the lock: who held it last, and since when."""
LOG = "renderer.log"
"""What libraries print while they paint."""

_DAY_S = 86_400
LARGEST_FILE = 192 << 20
"""Bytes in one file of a population: a chunk of the largest noise there may be, and some more."""

_KEY = re.compile(r"(\w[\w.-]{0,99}/){0,5}(zarr\.json|c(\.\d{1,12}){1,6})", re.ASCII)


def is_key(name: str) -> bool:
    """Return whether a file in the zarr root may have this name: a description, or a chunk."""
    return _KEY.fullmatch(name) is not None


def require_own(path: Path) -> None:
    """Test that what is written to in the folder of a population is what it should be.

    Raises:
        IrregularError: Something is a link, for example, or has another name elsewhere.
    """
    with opened(path) as folder:
        for name in (SCRATCH, JOURNAL, ZARR):
            folder.require(name, "a folder")
        for name in (WRITER, COPY, LOG, LOCK):
            folder.require(name, "a file")
            if name != COPY:  # that is replaced as a whole
                folder.require_alone(name)


def identity(path: Path, *, through_links: bool = False) -> tuple[int, int] | None:
    """Return what identifies a file or folder, None if there is none."""
    try:
        status = os.stat(path, follow_symlinks=through_links)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def write_file(path: Path, key: str, data: bytes, *, durably: bool = True) -> None:
    """Replace the file `key` of the population in the folder `path` as a whole.

    It is durable after a flush of its folder; not `durably`, the disk need not confirm its content.
    """
    *inner, name = key.split("/")
    unfinished = uuid.uuid4().hex
    with opened(path, SCRATCH) as scratch, opened(path, *inner) as place:
        try:
            with open(scratch.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
                file.write(data)
                if durably:
                    file.flush()
                    flush_file(file.fileno())
            scratch.move(unfinished, place, name)
        except BaseException:
            with contextlib.suppress(OSError):
                scratch.unlink(unfinished)
            raise


def content(path: Path, key: str) -> bytes:
    """Return what is in the file `key` of the population in `path`, to be carried elsewhere.

    Raises:
        FileNotFoundError: It is not there.
        ArchiveError: It is not a regular file, or larger than any of a population.
    """
    *inner, name = key.split("/")
    with opened(path, *inner) as folder:
        try:
            return folder.read(name, LARGEST_FILE)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise UnreadableError(error) from error
        except ValueError as error:
            raise ArchiveError(
                f"'{path / key}' is not a file of a population ({error}): "
                "remove it, or restore it from a backup"
            ) from error


def small_object(file: Path, most: int) -> dict[str, Any]:
    """Return the JSON object in a file of up to `most` bytes; empty if there is none to read."""
    try:
        return parse_object(read(file, most))
    except (OSError, ArchiveError, ValueError):
        return {}


def keys(path: Path) -> Iterator[str]:
    """Yield the keys of all files of a population in its zarr root; others are passed over.

    Raises:
        ArchiveError: A folder cannot be listed, or there is a link, a pipe or a device.
    """
    try:
        with opened(path, ZARR) as root:
            yield from _keys(root, "")
    except OSError as error:
        raise UnreadableError(error) from error


def _keys(folder: Folder, within: str) -> Iterator[str]:
    entries = folder.entries()
    for name in sorted(entries):
        if entries[name] == "a folder":
            if name.startswith(".") or within.count("/") > 5:
                continue
            with folder.inner(name) as inner:
                yield from _keys(inner, f"{within}{name}/")
        elif entries[name] != "a file":
            raise irregular(folder.path / name, entries[name])
        elif is_key(within + name):
            yield within + name


def sweep(folder: Path, prefix: str) -> None:
    """Remove what killed programs left: what begins with `prefix` and is older than a day."""
    with contextlib.suppress(OSError):  # a folder that cannot be listed is for others to refuse
        for left in folder.glob(f"{prefix}*"):
            if left.stat().st_mtime > time.time() - _DAY_S:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


def flush_all(root: Path) -> None:
    """Make a folder and all that is in it durable."""
    folders = []
    inside = []
    for here, _, names in os.walk(root, onerror=_unlisted):
        folders.append(Path(here))
        inside += [Path(here) / name for name in names]
    together(_flush, inside)
    together(flush_folder, folders)


def together(function: Callable[[A], None], arguments: Iterable[A]) -> None:
    """Call `function`, which waits for the disk, with all `arguments` side by side.

    An error is raised only when the rest is done too.
    """
    calls = [_disk().submit(function, argument) for argument in arguments]
    wait(calls)
    for call in calls:
        call.result()


@cache
def _disk() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(16, thread_name_prefix="populations-disk")


if hasattr(os, "register_at_fork"):  # threads do not survive a fork
    os.register_at_fork(after_in_child=_disk.cache_clear)


def _flush(path: Path) -> None:
    with path.open("rb+" if sys.platform == "win32" else "rb") as file:
        flush_file(file.fileno())


def _unlisted(error: OSError) -> None:
    """Raise what `os.walk` would ignore."""
    raise UnreadableError(error) from error


def flush_folder(path: Path, *inner: str) -> None:
    """Make the names in a folder durable; Windows does this by itself and has no call for it."""
    if sys.platform == "win32":
        return
    with opened(path, *inner) as folder:
        if folder.descriptor is not None:
            flush_file(folder.descriptor)


def flush_file(descriptor: int) -> None:
    """Make the content of an open file or folder durable."""
    if sys.platform == "darwin":  # fsync leaves the data in the drive's own cache there
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    elif sys.platform == "win32":
        os.fsync(descriptor)
    else:
        os.fdatasync(descriptor)
