"""What stands in for a GPU's recordings: computes again, and writes to the same tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from evolve.rendering.batching.nested import tensors_of
from evolve.rendering.batching.replaying import Replays


class Recorder:
    """Records what is computed on the CPU; counts what it made and replayed."""

    def __init__(self, *, stale: bool = False, error: Exception | None = None) -> None:
        """Record so that it does not write again (`stale`), or fails with an error."""
        self.made = self.replayed = 0
        self._stale, self._error = stale, error

    def __call__(self, compute: Callable[[], Any], device: torch.device) -> Callable[[], Any]:
        """Record."""
        if self._error is not None:
            raise self._error
        self.made += 1
        written = compute()

        def again() -> Any:
            self.replayed += 1
            if not self._stale:
                for there, here in zip(tensors_of(written), tensors_of(compute()), strict=True):
                    there.copy_(here)
            return written

        return again

    def replays(self) -> Replays:
        """Return what replays by it."""
        return Replays(kind="cpu", record=self)
