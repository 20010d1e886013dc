"""Small numbers that a sampler sends to the device, without waiting for what is computed there.

Samplers send their timesteps there when they are set, pipelines the tokens of texts and noise. All
of that waits until the GPU has done what it was asked for before, unless the numbers come from
memory that stays where it is (pinned). UniPC would compute there with single numbers at every step:
they stay in main memory, where the other samplers have theirs, for each operator there is a kernel.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Self

import torch
from torch.overrides import TorchFunctionMode

KIND = "cuda"
"""Devices that are not waited for."""


class _Entered(threading.local):
    def __init__(self) -> None:
        self.modes: list[Unhurried] = []


_entered = _Entered()
_SEND_NOTHING = frozenset(
    {"DEISMultistepScheduler", "DPMSolverMultistepScheduler", "EulerDiscreteScheduler"}
)
"""Samplers whose numbers all stay in main memory at a step: each operator is watched at a cost."""
_ATTENDED = frozenset({torch.ones, torch.tensor, torch.Tensor.to, torch.linalg.solve})


def unhurried(sampler: Any, sample: torch.Tensor) -> AbstractContextManager[Any]:
    """Return the context in which a sampler takes a step with `sample`, on its device."""
    name = type(sampler).__name__
    if sample.device.type != KIND or name in _SEND_NOTHING:
        return nullcontext()
    return Unhurried(numbers="UniPC" in name)


class Unhurried(TorchFunctionMode):
    """Sends numbers to one kind of device, and solves there, without waiting."""

    def __init__(self, *, numbers: bool = False) -> None:
        """Attend; `numbers`: single ones stay in main memory, and are not sent at all."""
        super().__init__()
        self.sent: list[tuple[torch.Tensor, torch.Tensor]] = []
        """Tensors that were sent to the device: there, and in main memory."""
        self._numbers = numbers

    def __enter__(self) -> Self:
        _entered.modes.append(self)
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *raised: Any) -> None:
        super().__exit__(*raised)  # type: ignore[no-untyped-call]
        _entered.modes.pop()

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func not in _ATTENDED:
            return func(*args, **kwargs)
        kwargs = dict(kwargs)
        if func is torch.ones:
            if self._numbers and args == ((),) and self._is_there(kwargs.get("device")):
                del kwargs["device"]
            return func(*args, **kwargs)
        if func is torch.tensor and self._is_there(kwargs.get("device")):
            device = kwargs.pop("device")
            return sent(func(*args, **kwargs), device)
        if func is torch.Tensor.to and KIND != "cpu" and "copy" not in kwargs:
            device, dtype, *_ = torch._C._nn._parse_to(*args[1:], **kwargs)
            kinds = args[0].device.type, device and device.type
            if kinds == ("cpu", KIND):
                if self._numbers and not args[0].ndim:
                    return args[0].to(dtype or args[0].dtype)
                there = sent(args[0], device, dtype)
                self.sent.append((there, args[0]))
                return there
            if kinds == (KIND, "cpu") and (here := self.known(args[0])) is not None:
                return here.to(dtype or here.dtype)
        if func is torch.linalg.solve and args[0].device.type == KIND:
            return torch.linalg.solve_ex(*args, **kwargs)[0]
        return func(*args, **kwargs)

    def _is_there(self, device: Any) -> bool:
        return device is not None and torch.device(device).type == KIND

    def known(self, there: torch.Tensor) -> torch.Tensor | None:
        """Return a tensor that was sent to the device as one in main memory; None of another."""
        for one, here in self.sent:
            if one is there:
                return here.to(there.dtype, copy=True)
        return None


@contextmanager
def left() -> Iterator[None]:
    """Return the context of what the contexts entered here are not meant for.

    They belong to the thread: a fibre leaves them before another one runs.
    """
    modes = _entered.modes[:]
    for mode in reversed(modes):
        mode.__exit__(None, None, None)
    try:
        yield
    finally:
        for mode in modes:
            mode.__enter__()


def known(there: torch.Tensor) -> torch.Tensor | None:
    """Return a tensor that was sent to the device as one in main memory; None of another."""
    found = (mode.known(there) for mode in _entered.modes)
    return next((here for here in found if here is not None), None)


def sent(
    here: torch.Tensor, device: torch.device | str, dtype: torch.dtype | None = None
) -> torch.Tensor:
    """Return a tensor in main memory as one on a device, without waiting for the device."""
    # Cast before it is pinned: a cast on the way would be sent from memory that is not.
    here = here.to(dtype or here.dtype)
    if torch.device(device).type == "cuda":
        here = here.pin_memory()
    return here.to(device=device, non_blocking=True)
