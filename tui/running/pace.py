"""How much of a budget is used, and how long the rest will take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evolve.session.headless.progress import Progress

WINDOW_S = 600.0
"""The pace is that of the last ten minutes: later pictures may take longer than the first."""
MOST = 240
"""Moments that are remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What ends a run: exactly one of these."""

    images: int | None = None
    forwards: int | None = None
    minutes: float | None = None


class Pace:
    """Watches a run go on."""

    def __init__(self, goal: Goal, clock: Callable[[], float] = time.monotonic) -> None:
        self.goal, self._clock = goal, clock
        self._started = clock()
        self._moments: deque[tuple[float, float]] = deque(maxlen=MOST)
        self.share = 0.0
        """Of the budget that is used, 0 to 1; also by earlier runs."""

    @property
    def elapsed(self) -> float:
        """Seconds of this run."""
        return self._clock() - self._started

    def note(self, progress: Progress) -> None:
        """Take in how far the run is."""
        if self.goal.minutes is not None:
            self.share = min(1.0, self.elapsed / (60 * self.goal.minutes))
            return
        if self.goal.images is not None:
            share = progress.images / self.goal.images
        else:
            share = progress.spent / (self.goal.forwards or 1)
        self.share = min(1.0, share)
        now = self._clock()
        if not self._moments or self.share > self._moments[-1][1]:
            self._moments.append((now, self.share))
        while len(self._moments) > 2 and now - self._moments[1][0] > WINDOW_S:
            self._moments.popleft()

    @property
    def left(self) -> float | None:
        """Seconds that the rest takes, about; None as long as nothing shows it."""
        if self.goal.minutes is not None:
            return max(0.0, 60 * self.goal.minutes - self.elapsed)
        if self.share >= 1:
            return 0.0
        if len(self._moments) < 2:
            return None
        began, used = self._moments[0]
        # Until now, not until the last moment: a run that hangs takes ever longer.
        return (1 - self.share) * (self._clock() - began) / (self.share - used)


def clock_time(seconds: float) -> str:
    """Return a length of time: `0:07`, `12:30`, `3:05:09`."""
    minutes, seconds = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
