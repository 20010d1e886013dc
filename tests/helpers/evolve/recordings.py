"""What stands in for a GPU's recordings: computes again, and writes to the same tensors."""

from collections.abc import Callable
from typing import Any

import torch

from evolve.rendering.batching.nested import tensors_of
from evolve.rendering.batching.replaying import Replays


class Recorder:
    """Records what is computed on the CPU; counts what it made and replayed."""

    def __init__(self, *, stale: bool = False) -> None:
        """Record, so that nothing is written again if it is `stale`."""
        self.made = self.replayed = 0
        self._stale = stale

    def __call__(self, compute: Callable[[], Any], device: torch.device) -> Callable[[], Any]:
        """Record."""
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
