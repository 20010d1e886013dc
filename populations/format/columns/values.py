"""Single values of columns, read a chunk at a time."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from evolve.recent import Recent
from populations.format.tables import Table

_KEPT = 32
"""Chunks kept in memory."""


class ColumnValues:
    """Reads single values of a table; not safe to share between threads."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._blocks = Recent[tuple[str, int], NDArray[Any]](_KEPT)
        """The chunks used last, by column and first row."""

    def value(self, column: str, row: int) -> Any:
        """Return one value of a column."""
        size = self._table.columns[column].chunk
        start = row // size * size
        block = self._blocks.get((column, start))
        if block is None or row - start >= len(block):
            block = self._table.read(column, start, min(start + size, self._table.rows))
        self._blocks[column, start] = block
        return block[row - start]
