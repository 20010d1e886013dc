"""A table: arrays of equal length, one per column, that only ever grow."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.api.asynchronous import create_array
from zarr.codecs import Crc32cCodec, ZstdCodec
from zarr.core.array_spec import ArrayConfigParams
from zarr.core.metadata import ArrayV3Metadata
from zarr.storage import StorePath

from populations import checksums, chunks
from populations.failures import DamagedError
from populations.header import group_file
from populations.running import everything, run
from populations.schema import BLOB_CHUNK, MAX_BLOB, TABLES, Column
from populations.store import DurableStore

_KIND = {"encoding-type": "table", "encoding-version": "1.0"}

Values = Mapping[str, Sequence[Any] | NDArray[Any]]
"""New rows of a table by column."""


class Table:
    """The first `rows` rows of a table; whatever lies behind them does not exist."""

    def __init__(
        self, store: DurableStore, name: str, columns: Sequence[Column], *, rows: int = 0
    ) -> None:
        self.name = name
        self.rows = rows
        self.columns = {c.name: c for c in columns}
        self._store = store
        self._arrays: dict[str, zarr.AsyncArray[Any]] = {}

    async def create(self) -> None:
        """Make the arrays that are not there yet."""
        if not await self._store.exists(f"{self.name}/zarr.json"):
            self._store.put(f"{self.name}/zarr.json", group_file(_KIND))
        for column in self.columns.values():
            if not await self._store.exists(f"{self.name}/{column.name}/zarr.json"):
                await self._create(column)
        await self._store.flush()
        for column in self.columns.values():
            self._store.touch(self._folder(column))  # one found may not be durable

    async def trim(self) -> int:
        """Set arrays that are longer back to `rows`, touching no data; return how many were."""
        arrays = [self.array(name) for name in self.columns]
        longer = [array for array in arrays if array.shape[0] > self.rows]
        await everything(_resize(array, self.rows) for array in longer)
        return len(longer)

    async def append(self, values: Values) -> None:
        """Write rows behind the last one; they exist once `rows` counts them."""
        if set(values) != set(self.columns):
            raise ValueError(f"{self.name} has columns {list(self.columns)}, got {list(values)}")
        lengths = {len(v) for v in values.values()}
        if len(lengths) != 1:
            raise ValueError(f"columns of {self.name} differ in length: {sorted(lengths)}")
        stop = self.rows + lengths.pop()
        await everything(self._extend(self.columns[c], new, stop) for c, new in values.items())

    def sums(self, values: Values, before: Mapping[str, int]) -> dict[str, int]:
        """Return the CRC-32 of each column once `values` follow those whose CRC-32 is `before`.

        Pictures and noise have checksums of their own.
        """
        if self.name not in TABLES:
            return {}
        return {
            name: checksums.of_values(_stored(column, values[name]), before.get(name, 0))
            for name, column in self.columns.items()
            if column.dtype != "blob"
        }

    async def _extend(self, column: Column, new: Sequence[Any] | NDArray[Any], stop: int) -> None:
        array = self.array(column.name)
        await _resize(array, stop)
        if column.dtype == "blob":
            await everything(
                array.setitem((row, slice(0, len(padded))), padded)
                for row, padded in enumerate(map(_padded, new), start=self.rows)
                if len(padded)
            )
            return
        partly = self.rows % column.chunk
        if partly:  # the last chunk is read, and written anew
            self._require(column, self.rows - partly, self.rows)
            if column.dtype == "string":  # what zarr would make of another file takes minutes
                self.scan(column.name, start=self.rows - partly)
        await array.setitem(slice(self.rows, stop), _stored(column, new))

    def read(self, name: str, start: int = 0, stop: int | None = None) -> NDArray[Any]:
        """Return rows `start` up to `stop` (default: all) of a column, read-only."""
        stop = self.rows if stop is None else stop
        if not 0 <= start <= stop <= self.rows:
            raise IndexError(f"rows {start} to {stop} of {self.name}, which has {self.rows}")
        column = self.columns[name]
        if start == stop:
            return np.empty((0, *column.shape), _dtype(column))
        array = self.array(name)
        if column.dtype == "string":
            return self.scan(name, start=start, stop=stop)
        self._require(column, start, stop)
        try:
            values = np.asarray(run(array.getitem(slice(start, stop))))
        except Exception as error:
            what = f"{self.name}/{name}: rows {start} to {stop - 1} cannot be read"
            raise DamagedError(self._population, what) from error
        values.setflags(write=False)
        return values

    def scan(
        self,
        name: str,
        keep: Callable[[NDArray[Any]], NDArray[Any]] = lambda block: block,
        *,
        start: int = 0,
        stop: int | None = None,
    ) -> NDArray[Any]:
        """Return rows of a column as `read` does, the fast way; `keep` reduces each chunk."""
        stop = self.rows if stop is None else stop
        column = self.columns[name]
        if start >= stop:
            return keep(np.empty((0, *column.shape), _dtype(column)))
        decode = chunks.decoder(self.array(name).metadata, column.chunk, column.shape)
        if decode is None:
            return keep(self.read(name, start, stop))
        first = start // column.chunk
        numbers = range(first, -(-stop // column.chunk))
        folder = self._folder(column)
        files = (self._store.content(folder / _chunk(column, n)) for n in numbers)
        blocks: list[NDArray[Any]] = []
        try:
            for n, chunk in zip(numbers, chunks.decoded(files, decode), strict=True):
                begin = n * column.chunk
                if len(chunk) != column.chunk:
                    raise ValueError(f"{len(chunk)} rows in a chunk of {column.chunk}")
                blocks.append(keep(chunk[max(0, start - begin) : stop - begin]))
        except Exception as error:
            what = f"{self.name}/{name}: file c.{first + len(blocks)} cannot be read"
            raise DamagedError(self._population, what) from error
        return np.concatenate(blocks)

    def read_blob(self, name: str, row: int, length: int) -> bytes:
        """Return the first `length` bytes of a blob."""
        try:
            if not 0 < length <= MAX_BLOB or not 0 <= row < self.rows:
                raise IndexError(f"{length} bytes of row {row}")
            for key in self.blob_files(name, row, length):
                if not self._store.holds(self._store.root / key):
                    raise FileNotFoundError(key)
            data = run(self.array(name).getitem((row, slice(0, length))))
            return np.asarray(data).tobytes()
        except Exception as error:
            what = f"{self.name}/{name}: row {row} cannot be read"
            raise DamagedError(self._population, what) from error

    def discard_blob(self, name: str, row: int, length: int) -> None:
        """Remove a blob that no row needs any more."""
        for key in self.blob_files(name, row, length):
            (self._store.root / key).unlink(missing_ok=True)

    async def replace(self, name: str, start: int, values: NDArray[Any]) -> None:
        """Write the chunk from row `start` anew at the next flush; the old one cannot be read."""
        column = self.columns[name]
        (self._folder(column) / _chunk(column, start // column.chunk)).unlink(missing_ok=True)
        whole = np.empty((len(values), *column.shape), _dtype(column))
        whole[:] = values.reshape(-1, *[1] * (whole.ndim - 1)) if values.ndim == 1 else values
        await self.array(name).setitem(slice(start, start + len(values)), whole)

    def files(self, name: str) -> list[str]:
        """Return the keys of the chunks of a column in the store, in order."""
        column = self.columns[name]
        count = -(-self.rows // column.chunk)
        return [f"{self.name}/{name}/{_chunk(column, n)}" for n in range(count)]

    def blob_files(self, name: str, row: int, length: int) -> list[str]:
        """Return the keys of the chunks of a blob in the store, in order."""
        return [f"{self.name}/{name}/c.{row}.{n}" for n in range(-(-length // BLOB_CHUNK))]

    def array(self, name: str) -> zarr.AsyncArray[Any]:
        """Return the array of a column, opened at its first use."""
        if name not in self._arrays:
            self._arrays[name] = self._open(self.columns[name])
        return self._arrays[name]

    @property
    def is_named(self) -> bool:
        """Whether the description of the table itself, and of what it is in, can be read."""
        return not self._nameless

    @property
    def _nameless(self) -> list[str]:
        """Which of the groups that lead to the table cannot be read: latents, latents/4x16x16."""
        parts = self.name.split("/")
        groups = ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
        return [group for group in groups if not self._is_group(group)]

    def _is_group(self, name: str) -> bool:
        try:
            file = self._store.root / name / "zarr.json"
            return bool(json.loads(file.read_bytes())["node_type"] == "group")
        except (OSError, ValueError, KeyError, TypeError):
            return False

    async def restore_name(self) -> bool:
        """Write the descriptions that cannot be read anew; say whether there were any."""
        nameless = self._nameless
        for group in nameless:
            self._store.put(f"{group}/zarr.json", group_file(_KIND))
        await self._store.flush()
        return bool(nameless)

    async def restore_array(self, name: str) -> bool:
        """Write the description of a column anew if it cannot be read; return whether it was so."""
        try:
            self.array(name)
        except DamagedError:
            (self._folder(self.columns[name]) / "zarr.json").unlink(missing_ok=True)
            await self._create(self.columns[name])
            await self._store.flush()
            return True
        return False

    @property
    def _population(self) -> str:
        return self._store.root.parent.name

    def _folder(self, column: Column) -> Path:
        return self._store.root / self.name / column.name

    def _require(self, column: Column, start: int, stop: int) -> None:
        """Check that chunks are there: zarr reads a missing one as zeros."""
        for n in range(start // column.chunk, -(-stop // column.chunk)):
            file = _chunk(column, n)
            if not self._store.holds(self._folder(column) / file):
                what = f"{self.name}/{column.name}: file {file} is missing"
                raise DamagedError(self._population, what)

    async def _create(self, column: Column) -> None:
        blob = column.dtype == "blob"
        shape = (MAX_BLOB,) if blob else column.shape
        chunks = (1, BLOB_CHUNK) if blob else (column.chunk, *column.shape)
        checksum = Crc32cCodec()
        await create_array(
            self._store,
            name=f"{self.name}/{column.name}",
            shape=(self.rows, *shape),
            chunks=chunks,
            dtype="uint8" if blob else column.dtype,
            compressors=[ZstdCodec(), checksum] if column.compressed else [checksum],
            chunk_key_encoding={"name": "default", "separator": "."},
            fill_value="" if column.dtype == "string" else 0,
        )
        self._arrays.pop(column.name, None)

    def _open(self, column: Column) -> zarr.AsyncArray[Any]:
        where = f"{self.name}/{column.name}"
        # Not `zarr.open_array`: it takes three times as long, and would not write chunks of zeros,
        # so that a missing file might mean zeros or damage.
        config: ArrayConfigParams = {"write_empty_chunks": True}
        try:
            told = json.loads((self._folder(column) / "zarr.json").read_bytes())
            metadata = ArrayV3Metadata.from_dict(told)
            array = zarr.AsyncArray(metadata, StorePath(self._store, where), config)
            blob = column.dtype == "blob"
            shape, chunk = ((MAX_BLOB,), 1) if blob else (column.shape, column.chunk)
            good = metadata.shape[1:] == shape and array.chunks[0] == chunk
            good = good and array.dtype == _dtype(column) and _written_as_ours(metadata, column)
        except Exception as error:
            what = f"{where}/zarr.json is missing or damaged"
            raise DamagedError(self._population, what) from error
        if not good:
            raise DamagedError(self._population, f"{where}/zarr.json is altered")
        if metadata.shape[0] < self.rows:
            what = f"{where} has {metadata.shape[0]} rows of {self.rows}"
            raise DamagedError(self._population, what)
        return array


def _written_as_ours(metadata: ArrayV3Metadata, column: Column) -> bool:
    """Return whether chunks are named and written as we do; else all would seem to be lost."""
    keys = metadata.chunk_key_encoding
    codecs = ["vlen-utf8" if column.dtype == "string" else "bytes"]
    codecs += ["zstd", "crc32c"] if column.compressed else ["crc32c"]
    names = [codec.to_dict()["name"] for codec in metadata.codecs]
    return keys.name == "default" and keys.encode_chunk_key((0, 1)) == "c.0.1" and names == codecs


async def _resize(array: zarr.AsyncArray[Any], rows: int) -> None:
    # Else zarr looks for every chunk there may be to delete, which takes seconds.
    await array.resize((rows, *array.shape[1:]), delete_outside_chunks=False)


def _padded(blob: bytes) -> NDArray[np.uint8]:
    if len(blob) > MAX_BLOB:
        raise ValueError(f"{len(blob)} bytes in one row: at most {MAX_BLOB}")
    padded = np.zeros(-(-len(blob) // BLOB_CHUNK) * BLOB_CHUNK, dtype=np.uint8)
    padded[: len(blob)] = np.frombuffer(blob, dtype=np.uint8)
    return padded


def _stored(column: Column, values: Sequence[Any] | NDArray[Any]) -> NDArray[Any]:
    return np.array(values, dtype=_dtype(column)).reshape(len(values), *column.shape)


def _dtype(column: Column) -> np.dtype[Any]:
    if column.dtype == "string":
        return np.dtypes.StringDType()
    return np.dtype(np.uint8 if column.dtype == "blob" else column.dtype)


def _chunk(column: Column, n: int) -> str:
    """Return the name of a chunk's file: chunks divide rows alone."""
    return f"c.{n}{'.0' * len(column.shape)}"
