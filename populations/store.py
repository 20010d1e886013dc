"""A zarr store whose writes survive a power cut.

Every file is written beside the zarr root, flushed to the disk and renamed into its place, so it is
there as a whole or not at all. The folders are flushed once per commit, by `flush`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import uuid
from pathlib import Path
from typing import Any

from zarr.core.buffer import Buffer
from zarr.storage import LocalStore

SCRATCH = ".tmp"
"""Folder of unfinished files, beside the zarr root and so on the same file system."""


class DurableStore(LocalStore):
    """`LocalStore` that flushes what it writes."""

    def __init__(
        self, root: Path | str, *, read_only: bool = False, touched: set[Path] | None = None
    ) -> None:
        super().__init__(root, read_only=read_only)
        self._touched: set[Path] = set() if touched is None else touched
        self._scratch = self.root.parent / SCRATCH

    def with_read_only(self, read_only: bool = False) -> DurableStore:
        """Return the same store, writable or not; what it touched is flushed by either."""
        return type(self)(self.root, read_only=read_only, touched=self._touched)

    async def set(self, key: str, value: Buffer) -> None:
        """Write one file."""
        await asyncio.to_thread(self.set_sync, key, value)

    async def set_if_not_exists(self, key: str, value: Buffer) -> None:
        """Write one file unless it is there."""
        if not await self.exists(key):
            await self.set(key, value)

    def set_sync(self, key: str, value: Buffer) -> None:
        """Write one file."""
        self._check_writable()
        path = self.root / key
        self._make_folder(path.parent)
        write_durably(path, value.as_buffer_like(), scratch=self._scratch)
        self._touched.add(path.parent)

    async def flush(self) -> None:
        """Make every rename so far durable."""
        folders = list(self._touched)
        await asyncio.gather(*(asyncio.to_thread(flush_folder, f) for f in folders))
        self._touched.difference_update(folders)

    def clear_scratch(self) -> int:
        """Remove what an interrupted writer left behind; return how many files there were."""
        left = list(self._scratch.iterdir()) if self._scratch.is_dir() else []
        for path in left:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        self._scratch.mkdir(parents=True, exist_ok=True)
        return len(left)

    def touch(self, folder: Path) -> None:
        """Have `flush` make `folder` durable, and all folders that it is in."""
        while folder != self.root.parent:
            self._touched.add(folder)
            folder = folder.parent
        self._touched.add(folder)

    def _make_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            self.touch(folder)


def write_durably(path: Path, data: Any, *, scratch: Path) -> None:
    """Replace the file `path` by `data` (bytes-like), or leave it as it was.

    The new name is durable only after `flush_folder(path.parent)`.
    """
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
