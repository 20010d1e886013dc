"""Stand-ins for a renderer: of one that cannot work, and of one that may not be needed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.protocol import Broken, Renderer, RenderEvent, Task, Waitable


class BrokenRenderer(OwnedRenderer):
    """Reports once why it cannot work: a person can still view and judge pictures."""

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


class OnDemand(Renderer):
    """Starts another renderer with the first task, unless it is begun before."""

    def __init__(self, start: Callable[[], Renderer]) -> None:
        """Prepare to `start` the renderer."""
        self._start = start
        self._started: Renderer | None = None

    def begin(self) -> Renderer:
        """Start the renderer, unless that was done."""
        if self._started is None:
            self._started = self._start()
        return self._started

    @property
    def waitables(self) -> Sequence[Waitable]:
        """What becomes ready when there is something to poll."""
        return () if self._started is None else self._started.waitables

    def submit(self, jobs: Sequence[Task]) -> None:
        """Hand tasks on; none are no reason to start."""
        if jobs:
            self.begin().submit(jobs)

    def cancel(self, ids: Sequence[int]) -> None:
        """Cancel what was submitted."""
        if self._started is not None:
            self._started.cancel(ids)

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return the events since the last call."""
        return [] if self._started is None else self._started.poll(timeout)

    def close(self) -> None:
        """Close what was started."""
        if self._started is not None:
            self._started.close()
