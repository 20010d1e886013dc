"""Every commit there ever was, and how many rows each table had then.

Nothing is written for this: all rows of a commit carry its time in `created`, no two commits have
the same, and rows are never changed. So the state after any commit is row counts, and the rows
below them are all that is needed to see it again.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ArchiveError
from populations.format.failures import DamagedError
from populations.format.header import Marker
from populations.format.ledger import Ledger
from populations.format.schema import LATEST


class History:
    """The commits of a population, numbered from 1."""

    def __init__(self, ledger: Ledger) -> None:
        """Read when each row was committed.

        Raises:
            DamagedError: It cannot be read, or is invalid.
        """
        self._rows = dict(ledger.marker.rows)
        self._created: dict[str, NDArray[np.int64]] = {
            # Rising, also where a repair filled in lost times: with the commit before.
            table.name: np.maximum.accumulate(ledger.whole(table.name, "created").astype(np.int64))
            for table in ledger.tables
            if "created" in table.columns
        }
        for name, created in self._created.items():
            if len(created) and not 0 <= created.min() <= created.max() <= LATEST:
                raise DamagedError(ledger.path.name, f"{name}/created: impossible times")
        self._times = np.unique(np.concatenate([*self._created.values(), np.empty(0, np.int64)]))

    def __len__(self) -> int:
        return len(self._times)

    def at(self, time: datetime) -> int:
        """Return the last commit up to `time`; 0 if there was none yet."""
        return int(np.searchsorted(self._times, int(time.timestamp() * 1000), side="right"))

    def marker(self, commit: int) -> Marker:
        """Return how far the population was committed then.

        Noise and latents are counted as now: only individuals and bases refer to them.

        Raises:
            ArchiveError: There was no such commit.
        """
        if not 1 <= commit <= len(self):
            raise ArchiveError(f"there is no commit {commit}: commits go from 1 to {len(self)}")
        time = int(self._times[commit - 1])
        counts = {
            name: int(np.searchsorted(created, time, side="right"))
            for name, created in self._created.items()
        }
        return Marker(seq=commit, time=time, rows=self._rows | counts)
