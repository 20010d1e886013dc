"""Tensors on their way to main memory, for which a GPU that goes on is not waited for.

A device does what it is asked for in order. So what was asked for later is there later, and nothing
that is there waits for what is not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Protocol

import torch
from numpy.typing import NDArray


class Later:
    """A tensor that is copied from its device when what was asked of that before is done."""

    def __init__(self, tensor: torch.Tensor) -> None:
        """Begin to copy `tensor`; at once where that takes no waiting (and on Apple's GPUs)."""
        self._event: Any = None
        if not tensor.is_cuda:
            self._here = tensor.cpu()
            return
        self._here = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
        with torch.cuda.device(tensor.device):
            self._here.copy_(tensor, non_blocking=True)
            self._event = torch.cuda.Event()  # type: ignore[no-untyped-call]
            self._event.record()

    @property
    def is_there(self) -> bool:
        """Whether it can be had without waiting."""
        if self._event is not None and self._event.query():
            self._event = None
        return self._event is None

    @property
    def tensor(self) -> torch.Tensor:
        """The tensor in main memory; waits for it."""
        if self._event is not None:
            self._event.synchronize()
            self._event = None
        return self._here

    @property
    def array(self) -> NDArray[Any]:
        """The same as an array."""
        array: NDArray[Any] = self.tensor.numpy()
        return array


class Arriving(Protocol):
    """What may still be on its way from the device."""

    @property
    def is_there(self) -> bool:
        """Whether it can be had without waiting."""


class Coming:
    """Calls functions in order, each when what it needs is there."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Arriving | None, Callable[[], None]]] = deque()

    def add(self, needed: Arriving | None, report: Callable[[], None]) -> None:
        """Take in what is to be reported, and report what is there."""
        self._waiting.append((needed, report))
        self.show()

    def show(self, *, wait: bool = False) -> None:
        """Report what is there, or all of it, waited for."""
        while self._waiting:
            needed, report = self._waiting[0]
            if not (wait or needed is None or needed.is_there):
                return
            self._waiting.popleft()
            report()
