"""Notices that the app shows for some seconds, or until the next key."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 6.0
"""Seconds that a short notice stays if no key is pressed."""
READ = 12
"""Characters that are read in a second."""
LEAST = 1.0
"""Seconds that a notice stays at least that answers no key, so that it is seen."""


class Notices:
    """The latest notice, and how long it stays."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.text = ""
        """The notice; empty for none."""
        self.count = 0
        """How many notices there were."""
        self._answers = False
        self._since = 0.0

    def say(self, text: str, *, answers: bool) -> None:
        """Show a notice, which `answers` a key or a click, or reports something that happened."""
        self.text, self._answers, self._since = text, answers, self._clock()
        self.count += 1

    def outdate(self, count: int) -> bool:
        """Clear a notice, since a key did something else; return whether there was one.

        Args:
            count: How many notices there were before the key: one that the key led to stays.
        """
        young = not self._answers and self._clock() < self._since + LEAST
        if not self.text or count != self.count or young:
            return False
        self.text = ""
        return True

    @property
    def seconds(self) -> float:
        """Seconds that the notice stays if no key is pressed: a long one takes longer to read."""
        return max(SECONDS, len(self.text) / READ)
