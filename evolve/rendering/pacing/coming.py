"""Steps whose previews are still on their way from the device, and are reported when there."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container
from dataclasses import replace

from evolve.rendering.pacing.later import Later
from evolve.rendering.protocol import Stepped


class Coming:
    """Reports steps in order."""

    def __init__(self, report: Callable[[Stepped], None], dropped: Container[int]) -> None:
        """Report by `report`, but not of jobs that are `dropped` meanwhile."""
        self._report, self._dropped = report, dropped
        self._waiting: deque[tuple[Stepped, Later | None]] = deque()

    def add(self, stepped: Stepped, preview: Later | None) -> None:
        """Take in a step, and report what is there."""
        self._waiting.append((stepped, preview))
        self.show()

    def show(self, *, wait: bool = False) -> None:
        """Report what is there, or all of it, waited for."""
        while self._waiting:
            stepped, preview = self._waiting[0]
            if not (wait or preview is None or preview.is_there):
                return
            self._waiting.popleft()
            self._tell(stepped, preview)

    def end(self, job: int) -> None:
        """Report what is left of a job, before its end is.

        That came before its end on the device, so it is there. What others have asked for since may
        not be, and to wait for it would leave the device without work.
        """
        waiting, self._waiting = self._waiting, deque()
        for stepped, preview in waiting:
            if stepped.id == job:
                self._tell(stepped, preview)
            else:
                self._waiting.append((stepped, preview))

    def _tell(self, stepped: Stepped, preview: Later | None) -> None:
        if stepped.id not in self._dropped:
            array = None if preview is None else preview.array
            self._report(replace(stepped, preview=array))
