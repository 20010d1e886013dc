"""Small numbers that a sampler sends to the device, without waiting for what is computed there.

Some samplers (UniPC) make a tensor on the device from a few numbers at every step, and solve for
them there. Both wait until the GPU has done all that it was asked for before.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch.overrides import TorchFunctionMode


def unhurried(sample: torch.Tensor) -> AbstractContextManager[Any]:
    """Return the context in which a sampler takes a step with `sample`, on its device."""
    return Unhurried("cuda") if sample.is_cuda else nullcontext()


class Unhurried(TorchFunctionMode):
    """Sends numbers to one kind of device, and solves there, without waiting."""

    def __init__(self, kind: str) -> None:
        """Attend to a kind of device, as torch names it."""
        super().__init__()
        self._kind = kind

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if func is torch.tensor and torch.device(kwargs.get("device") or "cpu").type == self._kind:
            device = kwargs.pop("device")
            here = func(*args, **kwargs)
            if self._kind == "cuda":
                here = here.pin_memory()
            return here.to(device, non_blocking=True)
        if func is torch.linalg.solve and args[0].device.type == self._kind:
            return torch.linalg.solve_ex(*args, **kwargs)[0]
        return func(*args, **kwargs)
