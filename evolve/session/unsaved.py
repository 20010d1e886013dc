"""What a session could not save, and what waits for it, in order."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence

from evolve.errors import SavingError
from evolve.rendering.protocol import Failed, Finished
from evolve.session.requests import Request

RETRY = 5.0
"""Seconds from one attempt to the next: a failed one reads the whole population again."""
MOST = 64
"""Pictures that are held in memory; with more, painting pauses."""


class Unsaved:
    """True while something could not be saved."""

    def __init__(self, retry: float) -> None:
        self.requests: deque[Request] = deque()
        """Requests; the first may have failed, and the others depend on it."""
        self.pictures: deque[Finished | Failed] = deque()
        """Ends of paintings."""
        self.paused: set[int] = set()
        """Ids whose painting was paused."""
        self._retry = retry
        self._problem: SavingError | None = None
        self._tried = 0.0

    def __bool__(self) -> bool:
        return self._problem is not None

    @property
    def may_try(self) -> bool:
        """Whether nothing failed, or it is time to try again."""
        return not self or time.monotonic() >= self._tried + self._retry

    @property
    def is_too_much(self) -> bool:
        """Whether painting has to pause."""
        return len(self.pictures) >= MOST

    def lost(self, answers: Sequence[Exception], *, ended_by: str) -> str:
        """Return the error of a session at its end; empty if there is none.

        `answers` has an error for each of a person's answers that could not be saved; `ended_by` is
        the error that ended the session, empty for none.
        """
        if answers:
            reason = str(self._problem or answers[0])
            what = f"{len(answers)} of your last answers could not be saved"
            if not ended_by:
                return f"{what}: {reason}"
            return f"{ended_by.rstrip()}; {what}" + ("" if reason in ended_by else f": {reason}")
        if not ended_by and self._problem and (self.requests or self.pictures):
            return f"some pictures could not be saved: {self._problem}"
        return ended_by

    def begin(self, problem: SavingError) -> bool:
        """Note a failed attempt; return whether its reason is new."""
        news = str(problem) != str(self._problem or "")
        self._problem, self._tried = problem, time.monotonic()
        return news

    def end(self) -> list[int]:
        """Note that all is saved; return the ids whose painting goes on."""
        self._problem = None
        paused, self.paused = self.paused, set()
        return sorted(paused)
