"""A renderer that cannot work, so that a person can still view and judge pictures."""

from __future__ import annotations

import time
from collections.abc import Sequence

from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.protocol import Broken, RenderEvent, Task, Waitable


class BrokenRenderer(OwnedRenderer):
    """Reports once why it cannot work, and paints nothing."""

    def __init__(self, error: str) -> None:
        """Report `error`, one line with the reason and the cure."""
        self._events: list[RenderEvent] = [Broken(error)]

    @property
    def waitables(self) -> Sequence[Waitable]:
        """Nothing, so that it is polled."""
        return ()

    def submit(self, jobs: Sequence[Task]) -> None:
        """Do nothing."""

    def cancel(self, ids: Sequence[int]) -> None:
        """Do nothing."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return why it cannot work, the first time."""
        events, self._events = self._events, []
        if not events:
            time.sleep(timeout)
        return events

    def close(self) -> None:
        """Do nothing."""
