"""Files in folders that may come from strangers: only regular files and real folders are opened.

In such a folder a link may lead anywhere, a pipe keeps its reader waiting for ever, and a device
may never end. The folder itself may be reached through links, for a person named it; in it no link
is followed. Every name is looked up in the folder that is already open, so that nothing can be
exchanged meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from evolve.errors import ArchiveError

_AT = os.open in os.supports_dir_fd and os.stat in os.supports_dir_fd
"""Whether names can be looked up in an open folder; Windows cannot, and needs a right for links."""
_CAREFUL = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # or opening a pipe waits for its other end
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER = getattr(os, "O_DIRECTORY", 0)
_KINDS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISREG, "a file"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class IrregularError(ArchiveError):
    """Something that may not be in a folder: a link, a pipe, a device, a huge file."""


class Folder:
    """A folder that is open; use `opened`."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self.descriptor = descriptor
        """Of the open folder; None where the system has none."""

    def read(self, name: str, most: int) -> bytes:
        """Return the content of a regular file of up to `most` bytes.

        Raises:
            FileNotFoundError: There is nothing of that name.
            IrregularError: It is not a regular file.
            ValueError: It is larger.
        """
        descriptor = self.open(name)
        try:
            if (size := os.fstat(descriptor).st_size) > most:
                raise ValueError(f"{name!r} has {size} bytes, but at most {most} are allowed")
            data = os.read(descriptor, size + 1)
            while len(data) < size and (part := os.read(descriptor, size - len(data))):
                data += part  # one call reads no more than 2 GiB, or less when interrupted
            return data
        finally:
            os.close(descriptor)

    def open(self, name: str, flags: int = os.O_RDONLY, mode: int = 0o666) -> int:
        """Open a regular file and return its descriptor.

        Raises:
            OSError: It is not there, or cannot be opened.
            IrregularError: It is not a regular file; or it is to be written and has another name
                elsewhere (a hard link).
        """
        empty, flags = flags & os.O_TRUNC, flags & ~os.O_TRUNC
        try:
            if not _AT:
                self.require(name, "a file")
            descriptor = os.open(self._at(name), flags | _CAREFUL, mode, dir_fd=self.descriptor)
        except OSError as error:
            self.require(name, "a file")
            error.filename = str(self.path / name)
            raise
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise irregular(self.path / name, _kind(status.st_mode))
            if flags & (os.O_WRONLY | os.O_RDWR):
                self._require_alone(name, status)
            if empty:
                os.ftruncate(descriptor, 0)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def kind(self, name: str) -> str:
        """Return the kind of a name: 'a file', 'a folder', 'a link', ...; '' if it is missing."""
        status = self._stat(name)
        return _kind(status.st_mode) if status else ""

    def require(self, name: str, *kinds: str) -> bool:
        """Return whether a name is there, and refuse one of other kinds.

        Raises:
            IrregularError: It is of another kind.
        """
        kind = self.kind(name)
        if kind and kind not in kinds:
            raise irregular(self.path / name, kind)
        return bool(kind)

    def require_alone(self, name: str) -> None:
        """Refuse a file that has another name elsewhere (a hard link), before it is written.

        Raises:
            IrregularError: It has.
        """
        if status := self._stat(name):
            self._require_alone(name, status)

    def names(self) -> list[str]:
        """Return the names in the folder, in order."""
        return sorted(self.entries())

    def entries(self) -> dict[str, str]:
        """Return the kind of each name: 'a file', 'a folder', 'a link', ..."""
        with os.scandir(self.path if self.descriptor is None else self.descriptor) as entries:
            return {
                entry.name: "a file"
                if entry.is_file(follow_symlinks=False)
                else "a folder"
                if entry.is_dir(follow_symlinks=False)
                else self.kind(entry.name)
                for entry in entries
            }

    @contextlib.contextmanager
    def inner(self, name: str) -> Iterator[Folder]:
        """Open a folder in this one.

        Raises:
            FileNotFoundError: It is not there.
            IrregularError: It is a link, or no folder.
        """
        folder = _within(self, name)
        try:
            yield folder
        finally:
            _close(folder)

    def move(self, name: str, to: Folder, new: str) -> None:
        """Move a file or folder, and replace a file that is there."""
        os.replace(
            self._at(name), to._at(new), src_dir_fd=self.descriptor, dst_dir_fd=to.descriptor
        )

    def make(self, name: str) -> bool:
        """Make a folder unless it is there; return whether it was made."""
        try:
            os.mkdir(self._at(name), dir_fd=self.descriptor)
        except FileExistsError:
            return False
        return True

    def unlink(self, name: str) -> None:
        """Remove a file or link, if it is there."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self.descriptor)

    def remove(self, name: str) -> None:
        """Remove a file, a link, or a folder with its contents."""
        if self.kind(name) == "a folder":
            shutil.rmtree(self._at(name), dir_fd=self.descriptor)
        else:
            self.unlink(name)

    def _at(self, name: str) -> str:
        """Return a name as the system takes it together with the descriptor of the folder."""
        if not name or name in (os.curdir, os.pardir) or os.path.basename(name) != name:
            raise IrregularError(f"{name!r} is not the name of a file in '{self.path}'")
        return name if self.descriptor is not None else str(self.path / name)

    def _stat(self, name: str) -> os.stat_result | None:
        try:
            return os.stat(self._at(name), dir_fd=self.descriptor, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _require_alone(self, name: str, status: os.stat_result) -> None:
        if status.st_nlink > 1:
            raise IrregularError(
                f"'{self.path / name}' has another name elsewhere, where writing to it would be "
                "seen too: remove it here; it is created again"
            )


@contextlib.contextmanager
def opened(path: Path, *inner: str, make: bool = False) -> Iterator[Folder]:
    """Open a folder, which may be a link, and folders inside it, which may not.

    Args:
        path: A folder that a person named.
        inner: Folder in it, folder in that, ...
        make: Whether to make missing ones of those.

    Raises:
        FileNotFoundError: One is not there.
        IrregularError: One of the inner is a link, or no folder.
    """
    folder = Folder(path, os.open(path, os.O_RDONLY | _FOLDER | os.O_CLOEXEC) if _AT else None)
    try:
        for name in inner:
            if make:
                folder.make(name)
            within = _within(folder, name)
            _close(folder)
            folder = within
        yield folder
    finally:
        _close(folder)


@contextlib.contextmanager
def opened_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that a person named, perhaps through links; a pipe is not waited for.

    Raises:
        OSError: It is not there, cannot be opened, or is not a regular file.
    """
    with open(path, "rb", opener=_without_waiting) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError("it is not a regular file")
        yield stream


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def read(path: Path, most: int) -> bytes:
    """Return the content of a file in a folder that may come from strangers, as `Folder.read`."""
    with opened(path.parent) as folder:
        return folder.read(path.name, most)


def irregular(path: Path, kind: str) -> IrregularError:
    """Return the error for something of a kind that may not be there."""
    where = f" to '{_target(path)}'" if kind == "a link" else ""
    return IrregularError(
        f"'{path}' is {kind}{where}, and inside a population nothing but plain files and folders "
        "is opened: put what belongs there in its place, or remove it (the folder of a population "
        "as a whole may be a link)"
    )


def _within(folder: Folder, name: str) -> Folder:
    path = folder.path / name
    if not _AT:
        if not folder.require(name, "a folder"):
            raise FileNotFoundError(2, os.strerror(2), str(path))
        return Folder(path, None)
    flags = os.O_RDONLY | _FOLDER | _CAREFUL
    try:
        return Folder(path, os.open(folder._at(name), flags, dir_fd=folder.descriptor))
    except OSError as error:
        folder.require(name, "a folder")
        error.filename = str(path)
        raise


def _close(folder: Folder) -> None:
    if folder.descriptor is not None:
        os.close(folder.descriptor)


def _kind(mode: int) -> str:
    return next((name for test, name in _KINDS if test(mode)), "something else")


def _target(path: Path) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return "nowhere"
