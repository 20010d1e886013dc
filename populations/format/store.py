"""Files of a population whose writes survive a power cut.

Writes are collected until `flush`: it writes every file beside the zarr root, has the disk confirm
it and renames it into its place; at last the disk confirms the folders. So a file is there as a
whole or not at all, and all of one flush are there before anything of the next.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from evolve.errors import ArchiveError
from evolve.regular_files import opened
from populations.format import files
from populations.format.failures import MovedError, refused
from populations.format.files import JOURNAL, LARGEST_FILE, SCRATCH

_TOGETHER = 64 << 20
"""Bytes of a repair that are flushed together."""


class DurableStore:
    """Files below a root, by their keys. Those to be flushed can be read already.

    Nothing below the folder of the population, in which the root lies, is reached through a link.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._path = root.parent
        self._place = self._identity()
        self._unsaved: dict[str, bytes] = {}
        self._folders: set[tuple[str, ...]] = set()
        """Whose names are not known to be durable, as the folders that lead to them."""

    def put(self, key: str, data: bytes) -> None:
        """Write one file at the next flush."""
        self._unsaved[key] = data

    def unsaved(self, key: str) -> bytes | None:
        """Return what the next flush will write to a file."""
        return self._unsaved.get(key)

    def exists(self, key: str) -> bool:
        """Return whether a file is there, or will be after the next flush.

        Raises:
            MovedError: The whole population is somewhere else by now.
        """
        if key in self._unsaved or os.path.lexists(self.root / key):
            return True
        self.require_place()
        return False

    def require_place(self) -> None:
        """Test that the folder is the one that was opened.

        Raises:
            MovedError: It was moved or removed, and maybe another is in its place.
        """
        if self._place is not None and self._identity() != self._place:
            raise MovedError(self._path)

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder; none if there is no such folder."""
        try:
            with opened(self._path, self.root.name, *folder.split("/")) as place:
                return place.names()
        except OSError:
            return []

    def content(self, key: str, most: int = LARGEST_FILE) -> bytes:
        """Return the content of one file, which has up to `most` bytes.

        Raises:
            FileNotFoundError: It is not there.
            IrregularError: It is no file, or reached through a link.
            MovedError: The whole population is somewhere else by now.
            UnreadableError: It may be well, and the system does not hand it out.
            ValueError: It is larger.
        """
        folder, _, name = key.rpartition("/")
        return next(self.contents(folder, [name], most))

    def contents(self, folder: str, names: Iterable[str], most: int) -> Iterator[bytes]:
        """Yield the content of files in one folder, as `content`."""
        self.require_place()
        within = f"{folder}/" if folder else ""
        try:
            with opened(self._path, self.root.name, *filter(None, folder.split("/"))) as place:
                for name in names:
                    unsaved = self._unsaved.get(within + name)
                    yield place.read(name, most) if unsaved is None else unsaved
        except OSError as error:
            raise refused(error) from None

    def discard(self, key: str) -> None:
        """Remove one file, if it is there."""
        *inner, name = key.split("/")
        with opened(self._path, self.root.name, *inner) as folder:
            folder.unlink(name)

    def swap(self, one: str, two: str) -> None:
        """Exchange two files at the next flush."""
        content = self.content(one), self.content(two)
        self.put(two, content[0])
        self.put(one, content[1])

    def flush(self) -> None:
        """Make every write so far durable."""
        unsaved, self._unsaved = self._unsaved, {}
        for key in unsaved:
            self._make_folder(key.rpartition("/")[0])
        root = self.root.name
        files.together(lambda k: files.write_file(self._path, f"{root}/{k}", unsaved[k]), unsaved)
        files.together(lambda folder: files.flush_folder(self._path, *folder), self._folders)
        self._folders.clear()

    def flush_as_one(self) -> None:
        """Make every write so far durable, all of them or none, whatever comes in between."""
        unfinished = uuid.uuid4().hex
        with opened(self._path, SCRATCH, unfinished, make=True):
            pass
        for key, data in self._unsaved.items():
            files.write_file(self._path, f"{SCRATCH}/{unfinished}/{quote(key, safe='')}", data)
        files.flush_folder(self._path, SCRATCH, unfinished)
        with opened(self._path) as folder, folder.inner(SCRATCH) as scratch:
            scratch.move(unfinished, folder, JOURNAL)
        files.flush_folder(self._path)
        self.redo()

    def redo(self) -> None:
        """Do what `flush_as_one` began, if it was interrupted.

        Raises:
            ArchiveError: There is something else in its place, and nothing was done.
        """
        with opened(self._path) as folder:
            if not folder.require(JOURNAL, "a folder"):
                return
            with folder.inner(JOURNAL) as journal:
                names = {name: unquote(name) for name in journal.names()}
                for name, key in names.items():
                    if not files.is_key(key) or not journal.require(name, "a file"):
                        raise _no_repair(journal.path, key)
                for name, key in names.items():
                    try:
                        self.put(key, journal.read(name, LARGEST_FILE))
                    except ValueError as error:
                        raise _no_repair(journal.path, f"{key} of such a size") from error
                    if sum(map(len, self._unsaved.values())) > _TOGETHER:
                        self.flush()  # they need not fit in memory all at once
                self.flush()
            done = uuid.uuid4().hex
            with folder.inner(SCRATCH) as scratch:
                folder.move(JOURNAL, scratch, done)
                files.flush_folder(self._path)
                scratch.remove(done)

    def touch(self, folder: str) -> None:
        """Have the next flush make a folder durable, and all folders that it is in."""
        inner = (self.root.name, *filter(None, folder.split("/")))
        self._folders |= {inner[:depth] for depth in range(len(inner) + 1)}

    def clear_scratch(self) -> int:
        """Remove what an interrupted writer left behind; return how many files there were."""
        with opened(self._path) as folder:
            folder.make(SCRATCH)
            with folder.inner(SCRATCH) as scratch:
                left = scratch.names()
                for name in left:
                    scratch.remove(name)
        return len(left)

    def _identity(self) -> tuple[int, int] | None:
        """Return what identifies the folder that is in the place now."""
        return files.identity(self._path, through_links=True)

    def _make_folder(self, folder: str) -> None:
        inner = (self.root.name, *filter(None, folder.split("/")))
        self._folders.add(inner)
        if not os.path.isdir(self.root / folder):
            with opened(self._path, *inner, make=True):
                self.touch(folder)


def _no_repair(journal: Path, key: str) -> ArchiveError:
    return ArchiveError(
        f"'{journal}' holds {key!r}, which no repair writes: nothing was changed; remove this "
        f"folder and run 'fancier check \"{journal.parent.name}\" --repair'"
    )
