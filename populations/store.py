"""A zarr store whose writes survive a power cut.

Writes are collected until `flush`: it writes every file beside the zarr root, has the disk confirm
it and renames it into its place; at last the disk confirms the folders. So a file is there as a
whole or not at all, and all of one flush are there before anything of the next.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from zarr.abc.store import ByteRequest
from zarr.core.buffer import Buffer, BufferPrototype
from zarr.storage import LocalStore

from populations.running import together

SCRATCH = ".tmp"
"""Folder of unfinished files, beside the zarr root and so on the same file system."""


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
        self._unsaved.files[self.root / key] = value.to_bytes()

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

    async def flush(self) -> None:
        """Make every write so far durable."""
        files, self._unsaved.files = self._unsaved.files, {}
        for path in files:
            self._make_folder(path.parent)
            self._unsaved.folders.add(path.parent)
        await together(lambda path: write_file(path, files[path], self._scratch), files)
        await together(flush_folder, self._unsaved.folders)
        self._unsaved.folders.clear()

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
