"""Small numbers that a sampler sends to the device, without waiting for what is computed there.

Samplers send their timesteps there when they are set, and some (UniPC) make a tensor there from a
few numbers at every step, and solve for them. All of that waits until the GPU has done what it was
asked for before, unless the numbers come from memory that stays where it is (pinned).
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
        self.sent: list[tuple[torch.Tensor, torch.Tensor]] = []
        """Tensors that were sent to the device: there, and in main memory."""
        self._kind = kind

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if func is torch.tensor and torch.device(kwargs.get("device") or "cpu").type == self._kind:
            device = kwargs.pop("device")
            return sent(func(*args, **kwargs), device)
        if func is torch.Tensor.to and self._kind != "cpu" and "copy" not in kwargs:
            device, dtype, *_ = torch._C._nn._parse_to(*args[1:], **kwargs)
            kinds = args[0].device.type, device and device.type
            if kinds == ("cpu", self._kind):
                there = sent(args[0], device, dtype)
                self.sent.append((there, args[0]))
                return there
            if kinds == (self._kind, "cpu") and (known := self.known(args[0])) is not None:
                return known.to(dtype or known.dtype)
        if func is torch.linalg.solve and args[0].device.type == self._kind:
            return torch.linalg.solve_ex(*args, **kwargs)[0]
        return func(*args, **kwargs)

    def known(self, there: torch.Tensor) -> torch.Tensor | None:
        """Return a tensor that was sent to the device as one in main memory; None of another."""
        for known, here in self.sent:
            if known is there:
                return here.to(there.dtype, copy=True)
        return None


def sent(
    here: torch.Tensor, device: torch.device | str, dtype: torch.dtype | None = None
) -> torch.Tensor:
    """Return a tensor in main memory as one on a device, without waiting for the device.

    Args:
        here: The tensor.
        device: The torch device.
        dtype: What it is cast to; None for its own.
    """
    if torch.device(device).type == "cuda":
        here = here.pin_memory()
    return here.to(device=device, dtype=dtype or here.dtype, non_blocking=True)
