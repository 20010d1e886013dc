"""How far painting is and how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Callable

from tui.controller.cards import Cards, State


class TimeLeft:
    """How long something still takes, by how fast it went since it was first seen to go on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: float | None = None  # when the first step was seen
        self._work = self._ahead = 0.0  # done by now, and already then; in pictures

    def update(self, work: float) -> None:
        """Take in how much is done by now, in pictures; with nothing it begins again."""
        self._work = work
        if not work:
            self._begun = None
        elif self._begun is None:
            self._begun, self._ahead = self._clock(), work

    def seconds(self, rest: float) -> float | None:
        """Return how many seconds the rest takes, or None while there is nothing to judge by."""
        if self._begun is None or self._work <= self._ahead:
            return None
        return (self._clock() - self._begun) / (self._work - self._ahead) * rest


class PaintingProgress:
    """Follows one stretch of painting, from the first picture asked for to the last one done."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._ids: set[int] = set()
        self._time_left = TimeLeft(clock)
        self.done = 0
        """Pictures of this stretch that are finished or failed."""
        self.work = 0.0
        """The same with the parts of those being painted."""

    @property
    def total(self) -> int:
        """Pictures of this stretch; 0 if nothing is being painted."""
        return len(self._ids)

    def update(self, cards: Cards) -> None:
        """Take in the present state of the cards."""
        busy = {c.id for c in cards.drawn if c.is_under_way}
        if not busy:
            self._ids, self.done, self.work = set(), 0, 0.0
            self._time_left.update(0.0)
            return
        self._ids = {
            id for id in self._ids | busy if id in busy or cards[id].state is not State.UNPAINTED
        }
        self.done = len(self._ids - busy)
        self.work = self.done + sum(
            cards[id].step / cards[id].steps for id in busy if cards[id].steps
        )
        self._time_left.update(self.work)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until all is painted, or None while there is nothing to judge by."""
        return self._time_left.seconds(self.total - self.work)
