"""How far a training has come, by its steps or by the minutes it was given, and in what batches."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

BATCHES = {"vae": 256, "decoder": 256, "latents": 512, "critic": 256, "unet": 1024}
"""Pictures per step of each stage on a GPU."""


class Course:
    """Counts steps, and the time they take where time is the limit; can go on later.

    Args:
        steps: How many there are to be, if no time is given.
        minutes: How long the training may take, pauses between runs not counted.
        before: What a checkpoint holds of the training so far, with what `state` returned.
    """

    def __init__(
        self, steps: int, minutes: float | None = None, before: Mapping[str, Any] | None = None
    ) -> None:
        before = before or {}
        self.steps, self.step = steps, int(before.get("step", 0))
        self._limit = None if minutes is None else 60 * minutes
        self._before, self._started = float(before.get("spent", 0.0)), time.monotonic()
        self.over = self.done == 1
        """Whether the last step was the last of all."""

    def count(self) -> None:
        """Count a step that was taken."""
        self.step += 1
        self.over = self.done == 1

    @property
    def state(self) -> dict[str, float]:
        """What a checkpoint keeps of it."""
        return {"step": self.step, "spent": self.spent}

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
