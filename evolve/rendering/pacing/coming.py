"""What is still on its way from the device, and is reported when it is there.

A device does what it is asked for in order. So what was asked for later is there later, and nothing
that is there waits for what is not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Protocol


class Arriving(Protocol):
    """What may still be on its way from the device."""

    @property
    def is_there(self) -> bool:
        """Whether it can be had without waiting."""


class Coming:
    """Calls functions in order, each when what it needs is there."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Arriving | None, Callable[[], None]]] = deque()

    def add(self, needed: Arriving | None, report: Callable[[], None]) -> None:
        """Take in what is to be reported, and report what is there."""
        self._waiting.append((needed, report))
        self.show()

    def show(self, *, wait: bool = False) -> None:
        """Report what is there, or all of it, waited for."""
        while self._waiting:
            needed, report = self._waiting[0]
            if not (wait or needed is None or needed.is_there):
                return
            self._waiting.popleft()
            report()
