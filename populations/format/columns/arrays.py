"""The arrays of columns as zarr has them, to write to.

zarr takes a fifth of a second to import. What is committed is read without it (`descriptions.py`,
`chunks.py`), so that a writer waits for it, but no first page does.
"""

from __future__ import annotations

from typing import Any

import zarr
from zarr.abc.store import ByteRequest
from zarr.core.array_spec import ArrayConfigParams
from zarr.core.buffer import Buffer, BufferPrototype, default_buffer_prototype
from zarr.core.metadata import ArrayV3Metadata
from zarr.storage import LocalStore, StorePath

from populations.format.store import DurableStore

Array = zarr.AsyncArray[Any]


def open_array(store: DurableStore, key: str, description: dict[str, Any]) -> Array:
    """Return the array under a key, to be written to at the flushes of the store.

    Its own description was compared with this one before.
    """
    # Not `zarr.open_array`: it takes three times as long, and would not write chunks of zeros,
    # so that a missing file might mean zeros or damage.
    config: ArrayConfigParams = {"write_empty_chunks": True}
    metadata = ArrayV3Metadata.from_dict(description)
    return zarr.AsyncArray(metadata, StorePath(_Flushed(store), key), config)


def normalised(description: dict[str, Any]) -> tuple[Any, ...]:
    """Return what matters of a description, as this version of zarr puts it.

    Raises:
        Exception: zarr cannot read it.
    """
    metadata = ArrayV3Metadata.from_dict(description)
    words = metadata.to_dict()
    codecs = [codec.to_dict() for codec in metadata.codecs]
    names = ("shape", "data_type", "chunk_grid", "chunk_key_encoding")
    return codecs, *(words[name] for name in names)


class _Flushed(LocalStore):
    """What zarr takes for a store: `LocalStore`, but writing waits for the flush of `Store`."""

    def __init__(self, store: DurableStore, *, read_only: bool = False) -> None:
        super().__init__(store.root, read_only=read_only)
        self._store = store

    def with_read_only(self, read_only: bool = False) -> _Flushed:
        """Return the same store, writable or not."""
        return type(self)(self._store, read_only=read_only)

    async def set(self, key: str, value: Buffer) -> None:
        """Write one file at the next flush."""
        self.set_sync(key, value)

    async def set_if_not_exists(self, key: str, value: Buffer) -> None:
        """Write one file at the next flush, unless it is there."""
        if not self._store.exists(key):
            self.set_sync(key, value)

    def set_sync(self, key: str, value: Buffer) -> None:
        """Write one file at the next flush."""
        self._check_writable()
        self._store.put(key, value.to_bytes())

    async def get(
        self,
        key: str,
        prototype: BufferPrototype | None = None,
        byte_range: ByteRequest | None = None,
    ) -> Buffer | None:
        """Return the content of one file, None if it is not there."""
        return self.get_sync(key, prototype=prototype, byte_range=byte_range)

    def get_sync(
        self,
        key: str,
        *,
        prototype: BufferPrototype | None = None,
        byte_range: ByteRequest | None = None,
    ) -> Buffer | None:
        """Return the content of one file, None if it is not there."""
        if byte_range is not None:
            raise NotImplementedError("the arrays have no shards")
        try:
            content = self._store.content(key)
        except FileNotFoundError:
            return None
        return (prototype or default_buffer_prototype()).buffer.from_bytes(content)

    async def exists(self, key: str) -> bool:
        """Return whether a file is there, or will be after the next flush."""
        return self._store.exists(key)
