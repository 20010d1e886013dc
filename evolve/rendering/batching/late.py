"""Stations of what comes after the denoiser, which wait a little for more of its kind."""

from __future__ import annotations

from evolve.rendering.batching.station import Station

PATIENCE = 2
"""Rounds that they wait."""


class Late:
    """A station that is answered when its rows are full, or when they have waited long enough."""

    def __init__(self, station: Station) -> None:
        """Wait with a station."""
        self.station = station
        self._rounds = 0

    def is_due(self, *, alone: bool) -> bool:
        """Return whether it is to answer in this round.

        Args:
            alone: Whether there is nothing else to do meanwhile.
        """
        waiting = self.station.waiting
        self._rounds = self._rounds + 1 if waiting else 0
        if is_due(waiting, self.station.rows or 1, self._rounds, alone=alone):
            self._rounds = 0
            return True
        return False


def is_due(waiting: int, rows: int, rounds: int, *, alone: bool) -> bool:
    """Return whether what waits is answered in this round.

    Args:
        waiting: Rows that wait.
        rows: Of a forward.
        rounds: In which something waited, this one included.
        alone: Whether there is nothing else to do meanwhile.
    """
    return waiting > 0 and (alone or waiting >= rows or rounds > PATIENCE)
