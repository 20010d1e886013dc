"""A table: arrays of equal length, one per column, that only ever grow."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from populations.format import checksums
from populations.format.columns import chunks
from populations.format.columns.chunks import dtype_of
from populations.format.columns.descriptions import (
    LARGEST_DESCRIPTION,
    AlteredError,
    describe,
    described_rows,
)
from populations.format.failures import DamagedError, reading
from populations.format.header import group_file
from populations.format.json_texts import parse_object
from populations.format.schema import BELIEVED, BLOB_CHUNK, MAX_BLOB, TABLES, Column
from populations.format.store import DurableStore
from populations.format.zarr_loop import everything, run

if TYPE_CHECKING:
    from populations.format.columns.arrays import Array

BLOBS = "data"
"""Name of the column of blobs, where a table has one."""
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
        self._lengths: dict[str, int] = {}  # of arrays, when they were first read
        self._arrays: dict[str, Array] = {}

    def create(self) -> None:
        """Make the arrays that are not there yet."""
        for group in self._groups:
            if not self._store.exists(f"{group}/zarr.json"):
                self._store.put(f"{group}/zarr.json", group_file(_KIND))
        for column in self.columns.values():
            if not self._store.exists(f"{self.name}/{column.name}/zarr.json"):
                self._describe(column)
        self._store.flush()
        for column in self.columns.values():
            self._store.touch(self._folder(column))  # one found may not be durable

    def trim(self) -> int:
        """Set arrays that are longer back to `rows`, touching no data; return how many were."""
        longer = [name for name in self.columns if self.length(name) > self.rows]
        if longer:
            run(everything(self._resize(name, self.rows) for name in longer))
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
        await self._resize(column.name, stop)
        array = self._array(column.name)
        if column.dtype == "blob":
            await everything(
                array.setitem((row, slice(0, len(padded))), padded)
                for row, padded in enumerate(map(_padded, new), start=self.rows)
                if len(padded)
            )
            return
        partly = self.rows % column.chunk
        if partly:  # the last chunk is read, and rewritten
            self.scan(column.name, start=self.rows - partly)  # zarr would believe any size in it
        await array.setitem(slice(self.rows, stop), _stored(column, new))

    def read(self, name: str, start: int = 0, stop: int | None = None) -> NDArray[Any]:
        """Return rows `start` up to `stop` (default: all) of a column, read-only."""
        stop = self.rows if stop is None else stop
        if not 0 <= start <= stop <= self.rows:
            raise IndexError(f"rows {start} to {stop} of {self.name}, which has {self.rows}")
        values = self.scan(name, start=start, stop=stop)
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
        """Return rows of a column as `read` does, each chunk reduced by `keep`."""
        stop = self.rows if stop is None else stop
        column = self.columns[name]
        if start >= stop:
            return keep(np.empty((0, *column.shape), dtype_of(column)))
        self.length(name)
        first = start // column.chunk
        numbers = range(first, -(-stop // column.chunk))
        names = (_chunk(column, n) for n in numbers)
        files = self._store.contents(self._folder(column), names, chunks.largest_file(column))
        decoded = chunks.decoded(files, chunks.decoder(column))
        blocks: list[NDArray[Any]] = []

        def what() -> str:
            n = first + len(blocks)
            how = "cannot be read" if self._store.exists(self._key(column, n)) else "is missing"
            return f"{self.name}/{name}: file {_chunk(column, n)} {how}"

        with reading(self._population, what):
            for n, chunk in zip(numbers, decoded, strict=True):
                begin = n * column.chunk
                if len(chunk) != column.chunk:
                    raise ValueError(f"{len(chunk)} rows in a chunk of {column.chunk}")
                blocks.append(keep(chunk[max(0, start - begin) : stop - begin]))
        return np.concatenate(blocks)

    def read_blob(self, row: int, length: int) -> bytes:
        """Return the first `length` bytes of a row of the blobs."""
        self.length(BLOBS)
        column = self.columns[BLOBS]
        with reading(self._population, lambda: f"{self.name}/{BLOBS}: row {row} cannot be read"):
            if not 0 < length <= MAX_BLOB or not 0 <= row < self.rows:
                raise IndexError(f"{length} bytes of row {row}")
            names = (key.rpartition("/")[2] for key in self.blob_files(row, length))
            files = self._store.contents(self._folder(column), names, chunks.largest_file(column))
            parts = [part.tobytes() for part in chunks.decoded(files, chunks.decoder(column))]
            if any(len(part) != BLOB_CHUNK for part in parts):
                raise ValueError("its parts have other lengths")
            return b"".join(parts)[:length]

    def discard_blobs(self, is_gone: Callable[[int], bool]) -> int:
        """Remove the blobs of rows that no longer need them; return how many files there were.

        `is_gone` is asked of each row that has a file, which may be behind the last one.
        """
        folder = self._folder(self.columns[BLOBS])
        numbered = ((file, file.split(".")) for file in self._store.names(folder))
        files = [
            file
            for file, (_, *numbers) in numbered
            if len(numbers) == 2 and numbers[0].isdecimal() and is_gone(int(numbers[0]))
        ]
        for file in files:
            self._store.discard(f"{folder}/{file}")
        return len(files)

    def replace(self, name: str, start: int, values: NDArray[Any]) -> None:
        """Rewrite the chunk from row `start` at the next flush, without reading the old one."""
        column = self.columns[name]
        whole = np.empty((len(values), *column.shape), dtype_of(column))
        whole[:] = values.reshape(-1, *[1] * (whole.ndim - 1)) if values.ndim == 1 else values
        run(self._array(name).setitem(slice(start, start + len(values)), whole))

    def files(self, name: str) -> list[str]:
        """Return the keys of the chunks of a column in the store, in order."""
        column = self.columns[name]
        return [self._key(column, n) for n in range(-(-self.rows // column.chunk))]

    def blob_files(self, row: int, length: int) -> list[str]:
        """Return the keys of the chunks of a blob in the store, in order."""
        count = -(-min(length, MAX_BLOB) // BLOB_CHUNK)  # the length may be a stranger's
        return [f"{self.name}/{BLOBS}/c.{row}.{n}" for n in range(count)]

    def length(self, name: str) -> int:
        """Return how many rows the array of a column had when this was first asked.

        Raises:
            DamagedError: Its description is missing, damaged, or another's.
        """
        if name not in self._lengths:
            self._lengths[name] = self._length(self.columns[name])
        return self._lengths[name]

    @property
    def is_borne_out(self) -> bool:
        """Whether a large number of rows is more than a claim.

        Some column has the last of them; of noise most files are there.
        """
        if self.rows > BELIEVED and self.name not in TABLES:
            files = len(self._store.names(f"{self.name}/data"))
            return 2 * files > self.rows // self.columns["data"].chunk
        return self.rows <= BELIEVED or any(
            self._store.exists(self._key(column, (self.rows - 1) // column.chunk))
            for column in self.columns.values()
            if column.dtype != "blob"
        )

    @property
    def is_named(self) -> bool:
        """Whether the description of the table itself, and of what it is in, can be read."""
        return not self._nameless

    @property
    def _groups(self) -> list[str]:
        """The groups that lead to the table: latents, latents/4x16x16."""
        parts = self.name.split("/")
        return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]

    @property
    def _nameless(self) -> list[str]:
        """Which of its groups cannot be read."""
        return [group for group in self._groups if not self._is_group(group)]

    def _is_group(self, name: str) -> bool:
        try:
            data = self._store.content(f"{name}/zarr.json", LARGEST_DESCRIPTION)
            return bool(parse_object(data)["node_type"] == "group")
        except (OSError, ValueError, KeyError):
            return False

    def restore_name(self) -> bool:
        """Rewrite the descriptions that cannot be read; return whether there were any."""
        nameless = self._nameless
        for group in nameless:
            self._store.put(f"{group}/zarr.json", group_file(_KIND))
        self._store.flush()
        return bool(nameless)

    def restore_array(self, name: str) -> bool:
        """Rewrite the description of a column if it cannot be read; return whether it was so."""
        try:
            self.length(name)
        except DamagedError:
            self._describe(self.columns[name])
            self._store.flush()
            return True
        return False

    @property
    def _population(self) -> str:
        return self._store.root.parent.name

    def _folder(self, column: Column) -> str:
        return f"{self.name}/{column.name}"

    def _key(self, column: Column, n: int) -> str:
        return f"{self.name}/{column.name}/{_chunk(column, n)}"

    def _describe(self, column: Column) -> None:
        description = json.dumps(describe(column, self.rows), indent=2).encode()
        self._store.put(f"{self.name}/{column.name}/zarr.json", description)

    def _length(self, column: Column) -> int:
        where = f"{self.name}/{column.name}"
        with reading(self._population, lambda: f"{where}/zarr.json is missing or damaged"):
            description = self._store.content(f"{where}/zarr.json", LARGEST_DESCRIPTION)
            try:
                length = described_rows(description, column)
            except AlteredError as error:
                raise DamagedError(self._population, f"{where}/zarr.json is altered") from error
        if length < self.rows:
            raise DamagedError(self._population, f"{where} has {length} rows of {self.rows}")
        return length

    def _array(self, name: str) -> Array:
        """Return the array of a column for writing, opened at its first use."""
        if name not in self._arrays:
            from populations.format.columns.arrays import open_array  # zarr comes with it

            description = describe(self.columns[name], self.length(name))
            self._arrays[name] = open_array(self._store, f"{self.name}/{name}", description)
        return self._arrays[name]

    async def _resize(self, name: str, rows: int) -> None:
        # Else zarr looks for every chunk there may be to delete, which takes seconds.
        array = self._array(name)
        await array.resize((rows, *array.shape[1:]), delete_outside_chunks=False)


def _padded(blob: bytes) -> NDArray[np.uint8]:
    if len(blob) > MAX_BLOB:
        raise ValueError(f"{len(blob)} bytes in one row: at most {MAX_BLOB}")
    padded = np.zeros(-(-len(blob) // BLOB_CHUNK) * BLOB_CHUNK, dtype=np.uint8)
    padded[: len(blob)] = np.frombuffer(blob, dtype=np.uint8)
    return padded


def _stored(column: Column, values: Sequence[Any] | NDArray[Any]) -> NDArray[Any]:
    return np.array(values, dtype=dtype_of(column)).reshape(len(values), *column.shape)


def _chunk(column: Column, n: int) -> str:
    """Return the name of a chunk's file: chunks divide rows alone."""
    return f"c.{n}{'.0' * len(column.shape)}"
