"""All tables of a population and the marker that commits them together.

A commit appends rows to any tables, flushes them, and only then replaces the marker. A writer that
dies in between leaves rows above the marker: they are never read, and the next writer overwrites
them.
After an exception in `commit` the ledger must not be used for writing again: open a new one.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ArchiveError
from evolve.judgements import KINDS
from populations.format import checksums, schema
from populations.format.failures import DamagedError, OvertakenError
from populations.format.files import flush_folder
from populations.format.header import (
    ENCODING,
    FORMAT,
    LARGEST,
    Header,
    Marker,
    group_file,
    read_header,
    sealed,
    write_copy,
)
from populations.format.schema import DROPPED, FAILED
from populations.format.store import DurableStore
from populations.format.tables import Table, Values
from populations.format.zarr_loop import everything, run
from populations.home.names import ZARR

MISPLACED = (
    "it is not what was saved; files may have changed places: "
    "put them back, or restore them from a backup"
)

_MOST_LOST = 20_000
"""Chunks that cannot be read, of a column of which there is something left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What can be read of a column."""

    lost: Mapping[tuple[int, int], DamagedError]
    """Why a chunk cannot be read, by its first row and that after its last."""
    crc32: int
    """Of all that can be read."""
    misplaced: bool
    """Whether all can be read and yet is not what was committed."""


class Ledger:
    """The committed state of the population in the folder `path`.

    Args:
        path: Folder of the population.
        write: Also repair what an interrupted writer left. The caller holds the writer lock.
        restore: Also rewrite descriptions of arrays that cannot be read.
        marker: An earlier commit to read instead of the last one.
    """

    def __init__(
        self, path: Path, *, write: bool, restore: bool = False, marker: Marker | None = None
    ) -> None:
        self.path = path
        self.store = DurableStore(path / ZARR)
        self.leftovers = self.store.clear_scratch() if write else 0
        """Unfinished files that were removed, and arrays that were set back."""
        if write:
            self.store.redo()
        self.header: Header = read_header(path)
        self.marker: Marker = marker or self.header.marker
        self.intended: Header | None = None
        """What a commit that has not ended was to leave; it may be on the disk after a failure."""
        self._tables = {
            name: self._table(name, rows)
            for name, rows in self.marker.rows.items()
            if schema.is_known(name)
        }
        for table in self.tables:
            if not table.is_borne_out:
                raise DamagedError(
                    path.name, f"{table.name}: of {table.rows} rows some are missing"
                )
        self.restored = self._restore() if write and restore else []
        """Tables and arrays whose description was rewritten."""
        if write:
            self.leftovers += sum(table.trim() for table in self.tables)
            self.store.flush()

    @staticmethod
    def create(path: Path, config: Mapping[str, Any]) -> None:
        """Make an empty population in the empty folder `path`."""
        from evolve.installed_packages import own_version  # only here: it takes a while

        store = DurableStore(path / ZARR)
        store.clear_scratch()
        marker = Marker(rows=dict.fromkeys(schema.TABLES, 0))
        attributes = sealed(
            {
                "encoding-type": ENCODING,
                "encoding-version": ".".join(map(str, FORMAT)),
                "format_version": list(FORMAT),
                "uuid": str(uuid.uuid4()),
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                "writer": f"fancier {own_version()}",
                "kinds": list(KINDS),
                "config": dict(config),
                "commit": marker.to_json(),
            }
        )
        store.put("zarr.json", group_file(attributes))
        for name, columns in schema.TABLES.items():
            Table(store, name, columns).create()
        store.flush()
        flush_folder(path)

    def table(self, name: str) -> Table:
        """Return a table; one that nothing was ever committed to is empty, and need not exist."""
        if name not in self._tables:
            self._tables[name] = self._table(name)
        return self._tables[name]

    @property
    def tables(self) -> list[Table]:
        """All tables that exist."""
        return [table for name, table in self._tables.items() if name in self.marker.rows]

    def commit(self, batch: Mapping[str, Values], *, rated: int) -> None:
        """Append rows to several tables, all or none; when it returns they are durable.

        `batch` has the new rows by table and column, except `created`; `rated` individuals have a
        rating after this commit.
        """
        self._require_own()
        now = max(time.time_ns() // 1_000_000, self.marker.time + 1)
        if now > schema.LATEST:
            raise ArchiveError(f"the clock of this machine says {now} ms since 1970: correct it")
        rows, sums = dict(self.marker.rows), dict(self.marker.sums)
        work = []
        for name, values in batch.items():
            table = self.table(name)
            count = len(next(iter(values.values())))
            if "created" in table.columns:
                values = {**values, "created": np.full(count, now, "datetime64[ms]")}
            work.append((table, values))
            if (count_now := table.rows + count) > schema.MOST_ROWS:
                raise ArchiveError(
                    f"population '{self.path.name}' is full: {name} hold {schema.MOST_ROWS} rows "
                    "at most; begin another"
                )
            rows[name] = count_now
            if name in sums or not table.rows:
                sums[name] = table.sums(values, sums.get(name, {}))
        marker = Marker(seq=self.marker.seq + 1, time=now, rows=rows, rated=rated, sums=sums)
        for table, _ in work:
            if table.name not in self.marker.rows:
                table.create()
        run(everything(table.append(values) for table, values in work))
        self.store.flush()
        self._mark(marker)
        for name in batch:
            self._tables[name].rows = rows[name]
        self.marker = marker

    def confirm(self) -> None:
        """Have the disk confirm the marker; what it counts was confirmed before it was written.

        Raises:
            OSError: It does not.
        """
        flush_folder(self.path, ZARR)

    def given_up(self, since: int) -> NDArray[np.int64]:
        """Return the individuals whose pictures renders from row `since` on dropped or withdrew.

        What was withdrawn may be damaged.
        """
        renders = self.table("renders")
        gone = renders.read("length", since) < FAILED
        return np.asarray(renders.read("individual", since)[gone], np.int64)

    def discard_dropped(self, *, of_all: bool = False) -> int:
        """Remove the files of pictures that were dropped; return how many files there were.

        `of_all` looks for what any drop left, not only the last one, if nothing came after it.

        That they are dropped is committed before: a writer may have died in between.
        """
        renders = self.table("renders")
        first = 0 if of_all else self._first_of_last_drops()
        lengths, about = renders.read("length", first), renders.read("individual", first)
        drops = np.flatnonzero((lengths == DROPPED) & (about >= 0))  # else given up by a repair
        if not drops.size:
            return 0
        latest: dict[int, int] = dict(
            zip(about[drops].tolist(), (first + drops).tolist(), strict=True)
        )
        last, chunk = max(latest.values()), renders.columns["individual"].chunk

        @cache  # a run drops after every generation: only what there are pictures of is read
        def individuals(start: int) -> NDArray[Any]:
            return renders.read("individual", start, min(start + chunk, renders.rows))

        def is_gone(row: int) -> bool:
            at = row % chunk
            return row < last and row < latest.get(int(individuals(row - at)[at]), 0)

        return renders.discard_blobs(is_gone)

    def _first_of_last_drops(self) -> int:
        """Return the row from which on all renders are drops."""
        renders = self.table("renders")
        chunk, stop = renders.columns["length"].chunk, renders.rows
        while stop:
            start = (stop - 1) // chunk * chunk
            others = np.flatnonzero(renders.read("length", start, stop) != DROPPED)
            if others.size:
                return start + int(others[-1]) + 1
            stop = start
        return 0

    def sum(self, table: str, column: str) -> int | None:
        """Return the CRC-32 of all that was committed of a column, None if that is not known."""
        return self.marker.sums.get(table, {}).get(column)

    def survey(self, table: str, column: str) -> Survey:
        """Read every chunk of a column; each may be intact, and yet belong elsewhere.

        Raises:
            DamagedError: Too many cannot be read for a line each.
        """
        of, crc32 = self.table(table), 0
        lost: dict[tuple[int, int], DamagedError] = {}
        step = of.columns[column].chunk
        for start in range(0, of.rows, step):
            stop = min(start + step, of.rows)
            try:
                crc32 = checksums.of_values(of.read(column, start, stop), crc32)
            except DamagedError as error:
                lost[start, stop] = error
                if len(lost) > _MOST_LOST:
                    raise DamagedError(self.path.name, f"{table}/{column}: it is lost") from error
        misplaced = not lost and self.sum(table, column) not in (None, crc32)
        return Survey(lost=lost, crc32=crc32, misplaced=misplaced)

    def whole(self, table: str, column: str) -> NDArray[Any]:
        """Return all of a column.

        Raises:
            DamagedError: It cannot be read, or is not what was committed.
        """
        values = self.table(table).scan(column)
        if self.sum(table, column) not in (None, checksums.of_values(values)):
            raise DamagedError(self.path.name, f"{table}/{column}: {MISPLACED}")
        return values

    def is_whole(self, table: str, column: str) -> bool:
        """Return whether all of a column is what was committed."""
        try:
            self.whole(table, column)
        except DamagedError:
            return False
        return True

    def reseal(self, table: str, columns: Iterable[str]) -> None:
        """Take what stands in some columns now, after a repair, for what was committed."""
        if known := self.marker.sums.get(table):
            values = {c: checksums.of_values(self.table(table).scan(c)) for c in columns}
            sums = {**self.marker.sums, table: {**known, **values}}
            self.marker = replace(self.marker, sums=sums)

    def save_repair(self) -> None:
        """Make durable what was replaced, swapped and resealed, all of it or none."""
        self._require_own()
        self.header = self.header.after(self.marker)
        self.store.put("zarr.json", self.header.data)
        self.store.flush_as_one()
        write_copy(self.path, self.header.data)

    def _mark(self, marker: Marker) -> None:
        self._require_own()
        header = self.intended = self.header.after(marker)
        self.store.put("zarr.json", header.data)
        self.store.flush()
        self.header = header
        write_copy(self.path, header.data)
        self.intended = None

    def _require_own(self) -> None:
        """Test that the marker on disk is the one that this ledger read or wrote last.

        Raises:
            OvertakenError: Another writer, a backup or a sync program put another there.
        """
        try:
            data = self.store.content("zarr.json", LARGEST)
        except (OSError, ValueError):
            data = b""
        if data != self.header.data:
            raise OvertakenError(self.path, "something else wrote to it, or moved or removed it,")

    def _table(self, name: str, rows: int = 0) -> Table:
        return Table(self.store, name, schema.columns(name), rows=rows)

    def _restore(self) -> list[str]:
        restored = [table.name for table in self.tables if table.restore_name()]
        return restored + [
            f"{table.name}/{column}"
            for table in self.tables
            for column in table.columns
            if table.restore_array(column)
        ]
