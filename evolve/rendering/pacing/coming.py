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
            if stepped.id not in self._dropped:
                array = None if preview is None else preview.array
                self._report(replace(stepped, preview=array))
