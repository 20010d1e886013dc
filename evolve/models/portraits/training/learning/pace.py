"""How far a training has come, by its steps or by the minutes it was given, and in what batches."""

from __future__ import annotations

import time

BATCHES = {"vae": 256, "decoder": 256, "latents": 512, "critic": 256, "unet": 1024}
"""Pictures per step of each stage on a GPU."""


class Pace:
    """Counts steps, and the time they take where time is the limit; can go on later.

    Args:
        steps: How many there are to be, if no time is given.
        minutes: How long the training may take, pauses between runs not counted.
        step: How many are done already.
        spent: Seconds that these took.
    """

    def __init__(
        self, steps: int, minutes: float | None = None, step: int = 0, spent: float = 0.0
    ) -> None:
        self.steps, self.step = steps, step
        self._limit = None if minutes is None else 60 * minutes
        self._before, self._started = spent, time.monotonic()

    @property
    def spent(self) -> float:
        """Seconds of training so far."""
        return self._before + time.monotonic() - self._started

    @property
    def done(self) -> float:
        """The share of the training that is over, 0 to 1."""
        if self._limit is None:
            return min(1.0, self.step / self.steps)
        return min(1.0, self.spent / self._limit) if self._limit > 0 else 1.0

    def falling(self, share: float, least: float = 0.02) -> float:
        """1, and from `1 - share` of the training on down to `least` in a straight line."""
        return max(least, min(1.0, (1 - self.done) / share))
