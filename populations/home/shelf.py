"""Populations as folders in a home: renamed, copied, deleted and restored."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from evolve.errors import ArchiveError
from evolve.regular_files import IrregularError, opened
from populations.format.failures import moving_failed
from populations.format.files import JOURNAL, content, flush_folder, is_key
from populations.format.header import read_header
from populations.format.lock import WriterLock
from populations.format.snapshot import carry
from populations.home.creation import new_folder, taken
from populations.home.left import LEFT, copy_of_left
from populations.home.moved_model import MOVED
from populations.home.names import TRASH, ZARR, no_such_population, population_path, valid_name
from populations.home.summary import size

_MOMENT = "%Y%m%dT%H%M%S.%f"
_GONE = "gone-"
"""Prefix of the folder of a moment once it is being removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trashed:
    """A population in the trash."""

    name: str
    deleted: datetime
    """UTC."""
    path: Path

    @property
    def bytes(self) -> int:
        """Size of all its files; each of them is looked up."""
        return size(self.path)


def rename_population(home: Path, name: str, new: str) -> None:
    """Give a population another name.

    Raises:
        LockedError: It is open for writing.
        ArchiveError: There is none, or the new name is taken or impossible.
    """
    _move(_existing(home, name), home / valid_name(new))


def copy_population(home: Path, name: str, new: str) -> None:
    """Copy a population as it was last committed; it may be open elsewhere.

    Raises:
        ArchiveError: There is none, the new name is taken or impossible, or the disk is full.
    """
    path = _existing(home, name)
    read_header(path)
    with new_folder(home, new) as folder:

        def write(file: str, data: bytes) -> None:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(data)

        def take(files: Iterator[tuple[str, bytes]]) -> None:
            with contextlib.suppress(FileNotFoundError):  # unless there was a try before
                shutil.rmtree(folder / ZARR)
            for key, data in files:
                write(f"{ZARR}/{key}", data)

        left = copy_of_left(path)  # first: it may be of a branch that is made meanwhile
        carry(path, take)
        if left:
            write(LEFT, left.encode())
        with contextlib.suppress(FileNotFoundError):  # its model was not moved
            write(MOVED, content(path, MOVED))
        for name in _repair_of(path):  # a repair that was interrupted is finished by the copy
            write(f"{JOURNAL}/{name}", content(path, f"{JOURNAL}/{name}"))


def _repair_of(path: Path) -> list[str]:
    with opened(path) as folder:
        if not folder.require(JOURNAL, "a folder"):
            return []
        with folder.inner(JOURNAL) as journal:
            return [name for name in journal.names() if is_key(unquote(name))]


def delete_population(home: Path, name: str) -> None:
    """Move a population to the trash.

    Raises:
        LockedError: It is open for writing.
        ArchiveError: There is none.
    """
    path = _existing(home, name)
    place = _trash(home) / datetime.now(UTC).strftime(_MOMENT)
    try:
        place.mkdir(parents=True)
        flush_folder(place.parent)  # else a power cut might leave it neither here nor there
        flush_folder(home)
    except OSError as error:
        raise moving_failed(error, path) from error
    try:
        _move(path, place / path.name)
    except BaseException:
        with contextlib.suppress(OSError):
            place.rmdir()
        raise


def trashed(home: Path) -> list[Trashed]:
    """Return what is in the trash, the newest first."""
    entries = []
    for folder in sorted(_trash(home).glob("*/*"), reverse=True):
        with contextlib.suppress(ValueError):  # not put there by fancier
            moment = datetime.strptime(folder.parent.name, _MOMENT).replace(tzinfo=UTC)
            entries.append(Trashed(name=folder.name, deleted=moment, path=folder))
    return entries


def restore_population(home: Path, name: str) -> None:
    """Restore the population that was deleted last under this name.

    Raises:
        ArchiveError: There is none in the trash, or its name is taken now.
    """
    for each in trashed(home):
        if each.name == valid_name(name):
            if (home / each.name).exists():
                raise ArchiveError(
                    f"a population named '{name}' exists already: give that another name first "
                    f"with 'fancier rename \"{name}\" NEW'"
                )
            _move(each.path, home / each.name)
            with contextlib.suppress(OSError):  # an empty one does not matter
                each.path.parent.rmdir()
            return
    raise ArchiveError(f"no population named '{name}' in the trash: 'fancier trash' shows all")


def empty_trash(home: Path) -> tuple[list[str], int]:
    """Delete what is in the trash permanently; return the names and bytes of that."""
    gone, trash = trashed(home), _trash(home)
    freed = sum(each.bytes for each in gone)
    try:
        for each in gone:  # out of reach first: half of one must not be restored
            each.path.parent.rename(trash / f"{_GONE}{each.path.parent.name}")
        for folder in trash.glob(f"{_GONE}*"):  # also what was interrupted before
            folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
    except OSError as error:
        raise ArchiveError(
            f"cannot remove '{error.filename or trash}' ({error.strerror}): "
            "correct that, and empty the trash again"
        ) from error
    return [each.name for each in gone], freed


def _trash(home: Path) -> Path:
    """Return the folder of the trash; nothing is removed through a link."""
    trash = home / TRASH
    if trash.is_symlink():
        raise ArchiveError(
            f"'{trash}' is a link to '{os.readlink(trash)}': remove it, and the trash is made "
            "again in the home, where deleted populations stay"
        )
    return trash


def _existing(home: Path, name: str) -> Path:
    path = population_path(home, name)
    if not (path / ZARR).is_dir():
        raise no_such_population(path)
    return path


def _move(path: Path, to: Path) -> None:
    if to.exists():
        raise taken(to.name)
    try:
        with _unused(path, to):
            path.rename(to)
    except OSError as error:
        raise moving_failed(error, path) from error
    with contextlib.suppress(OSError):  # at worst a power cut moves it back
        flush_folder(to.parent)
        flush_folder(path.parent)


@contextlib.contextmanager
def _unused(path: Path, to: Path) -> Iterator[None]:
    """Ensure that no process writes to a population that is moved; with foreign files none can."""
    try:
        lock = WriterLock(path)
    except IrregularError:
        yield
        return
    try:
        yield
    finally:
        lock.release(to if to.is_dir() else path)
