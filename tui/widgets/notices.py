"""What the app says for some seconds; the next key makes room for what is so now."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 6.0
"""How long a short notice stays if nobody does anything."""
READ = 12
"""Characters that are read in a second."""
LEAST = 1.0
"""Seconds for which a notice stays that came between two keys: it has to be seen."""


class Notices:
    """The latest notice, and whether it is still so."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.text = ""
        """What is said; empty for nothing."""
        self.count = 0
        """How many notices there were."""
        self._answers = False
        self._since = 0.0

    def say(self, text: str, *, answers: bool) -> None:
        """Say something: as an answer to a key or a click, or of something that happened."""
        self.text, self._answers, self._since = text, answers, self._clock()
        self.count += 1

    def outdate(self, count: int) -> bool:
        """Let go of a notice, since a key did something else; return whether it was there.

        Args:
            count: How many notices there were before the key: one that it led to stays.
        """
        young = not self._answers and self._clock() < self._since + LEAST
        if not self.text or count != self.count or young:
            return False
        self.text = ""
        return True

    @property
    def seconds(self) -> float:
        """How long the notice stays if nobody does anything: a long one takes longer to read."""
        return max(SECONDS, len(self.text) / READ)
