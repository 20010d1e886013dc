"""A zarr store whose writes survive a power cut.

Writes are collected until `flush`: it writes every file beside the zarr root, has the disk confirm
it and renames it into its place; at last the disk confirms the folders. So a file is there as a
whole or not at all, and all of one flush are there before anything of the next.
"""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

from zarr.abc.store import ByteRequest
from zarr.core.buffer import Buffer, BufferPrototype
from zarr.storage import LocalStore

from populations import files
from populations.files import SCRATCH
from populations.running import together

JOURNAL = ".repair"
"""Folder of files that are to replace others, all of them or none, beside the zarr root."""


@dataclass(slots=True)
class _Unsaved:
    files: dict[Path, bytes] = field(default_factory=dict)
    folders: set[Path] = field(default_factory=set)
    """Folders whose names are not known to be durable."""


class DurableStore(LocalStore):
    """`LocalStore` that writes at `flush`, durably. Files to be flushed can be read already."""

    def __init__(
        self, root: Path | str, *, read_only: bool = False, unsaved: _Unsaved | None = None
    ) -> None:
        super().__init__(root, read_only=read_only)
        self._unsaved = unsaved or _Unsaved()
        self._scratch = self.root.parent / SCRATCH

    def with_read_only(self, read_only: bool = False) -> DurableStore:
        """Return the same store, writable or not."""
        return type(self)(self.root, read_only=read_only, unsaved=self._unsaved)

    async def set(self, key: str, value: Buffer) -> None:
        """Write one file at the next flush."""
        self.set_sync(key, value)

    async def set_if_not_exists(self, key: str, value: Buffer) -> None:
        """Write one file at the next flush, unless it is there."""
        if not await self.exists(key):
            self.set_sync(key, value)

    def set_sync(self, key: str, value: Buffer) -> None:
        """Write one file at the next flush."""
        self._check_writable()
        self.put(key, value.to_bytes())

    def put(self, key: str, data: bytes) -> None:
        """Write one file at the next flush."""
        self._unsaved.files[self.root / key] = data

    async def get(
        self,
        key: str,
        prototype: BufferPrototype | None = None,
        byte_range: ByteRequest | None = None,
    ) -> Buffer | None:
        """Return the content of one file, None if it is not there."""
        unsaved = self._unsaved.files.get(self.root / key)
        if unsaved is None or prototype is None or byte_range is not None:
            return await super().get(key, prototype, byte_range)
        return prototype.buffer.from_bytes(unsaved)

    async def exists(self, key: str) -> bool:
        """Return whether a file is there, or will be after the next flush."""
        return self.root / key in self._unsaved.files or await super().exists(key)

    def holds(self, path: Path) -> bool:
        """Return whether a file is there, or will be after the next flush."""
        return path in self._unsaved.files or path.exists()

    def content(self, path: Path) -> bytes:
        """Return the content of one file."""
        unsaved = self._unsaved.files.get(path)
        return path.read_bytes() if unsaved is None else unsaved

    async def flush(self) -> None:
        """Make every write so far durable."""
        unsaved, self._unsaved.files = self._unsaved.files, {}
        for path in unsaved:
            self._make_folder(path.parent)
            self._unsaved.folders.add(path.parent)
        await together(lambda path: files.write_file(path, unsaved[path], self._scratch), unsaved)
        await together(lambda folder: files.flush_folder(folder), self._unsaved.folders)
        self._unsaved.folders.clear()

    async def flush_as_one(self) -> None:
        """Make every write so far durable, all of them or none, whatever comes in between."""
        unsaved = self._unsaved.files
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
            self._unsaved.folders.add(folder)
            folder = folder.parent
        self._unsaved.folders.add(folder)

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
