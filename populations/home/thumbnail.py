"""The picture that a population is known by in a list, found without opening all of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from evolve.session.archive import Picture
from populations.format import checksums, picture_bytes
from populations.format.failures import DamagedError
from populations.format.ledger import Ledger

ROWS = 4096
"""Attempts to paint that are looked through at a time, the newest first."""


def newest_picture(path: Path) -> Picture | None:
    """Return the newest picture that is kept, None if there is none.

    Raises:
        ArchiveError: There is no such population, or it is damaged.
    """
    renders = Ledger(path, write=False).table("renders")
    for stop in range(renders.rows, 0, -ROWS):
        start = max(0, stop - ROWS)
        lengths, about = (renders.read(name, start, stop) for name in ("length", "individual"))
        for place in np.flatnonzero(lengths > 0)[::-1].tolist():
            row = start + place
            try:
                data = renders.read_blob(row, int(lengths[place]))
                record = str(renders.read("record", row, row + 1)[0])
                checksums.check_picture(int(about[place]), data, record)
                return picture_bytes.decode(data)
            except (DamagedError, ValueError):
                continue  # it was dropped, or is damaged
    return None
