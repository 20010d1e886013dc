"""Files of a population whose writes survive a power cut.

Writes are collected until `flush`: it writes every file beside the zarr root, has the disk confirm
it and renames it into its place; at last the disk confirms the folders. So a file is there as a
whole or not at all, and all of one flush are there before anything of the next.
"""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from urllib.parse import quote, unquote

from populations import files
from populations.files import SCRATCH
from populations.running import together

JOURNAL = ".repair"
"""Folder of files that are to replace others, all of them or none, beside the zarr root."""


class DurableStore:
    """Files below a root, by their keys. Those to be flushed can be read already."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self.root = root
        self.read_only = read_only
        self._scratch = root.parent / SCRATCH
        self._unsaved: dict[Path, bytes] = {}
        self._folders: set[Path] = set()  # whose names are not known to be durable

    def put(self, key: str, data: bytes) -> None:
        """Write one file at the next flush."""
        self._unsaved[self.root / key] = data

    def unsaved(self, key: str) -> bytes | None:
        """Return what the next flush will write to a file."""
        return self._unsaved.get(self.root / key)

    def exists(self, key: str) -> bool:
        """Return whether a file is there, or will be after the next flush."""
        return self.root / key in self._unsaved or (self.root / key).exists()

    def content(self, key: str) -> bytes:
        """Return the content of one file."""
        unsaved = self.unsaved(key)
        return (self.root / key).read_bytes() if unsaved is None else unsaved

    def swap(self, one: str, two: str) -> None:
        """Exchange two files at the next flush."""
        content = self.content(one), self.content(two)
        self.put(two, content[0])
        self.put(one, content[1])

    async def flush(self) -> None:
        """Make every write so far durable."""
        unsaved, self._unsaved = self._unsaved, {}
        for path in unsaved:
            self._make_folder(path.parent)
            self._folders.add(path.parent)
        await together(lambda path: files.write_file(path, unsaved[path], self._scratch), unsaved)
        await together(lambda folder: files.flush_folder(folder), self._folders)
        self._folders.clear()

    async def flush_as_one(self) -> None:
        """Make every write so far durable, all of them or none, whatever comes in between."""
        unsaved = self._unsaved
        names = {
            quote(str(path.relative_to(self.root)), safe=""): unsaved[path] for path in unsaved
        }
        unfinished, journal = self._scratch / uuid.uuid4().hex, self.root.parent / JOURNAL
        unfinished.mkdir()
        for name, data in names.items():
            files.write_file(unfinished / name, data, self._scratch)
        files.flush_folder(unfinished)
        unfinished.rename(journal)
        files.flush_folder(journal.parent)
        await self.redo()

    async def redo(self) -> None:
        """Do what `flush_as_one` began, if it was interrupted."""
        journal = self.root.parent / JOURNAL
        if not journal.is_dir():
            return
        for file in journal.iterdir():
            self.put(unquote(file.name), file.read_bytes())
        await self.flush()
        done = self._scratch / uuid.uuid4().hex
        journal.rename(done)
        files.flush_folder(journal.parent)
        shutil.rmtree(done)

    def touch(self, folder: Path) -> None:
        """Have the next flush make `folder` durable, and all folders that it is in."""
        while folder != self.root.parent:
            self._folders.add(folder)
            folder = folder.parent
        self._folders.add(folder)

    def clear_scratch(self) -> int:
        """Remove what an interrupted writer left behind; return how many files there were."""
        left = list(self._scratch.iterdir()) if self._scratch.is_dir() else []
        for path in left:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        self._scratch.mkdir(parents=True, exist_ok=True)
        return len(left)

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            self.touch(folder)
