"""Tensors on their way to main memory, for which a GPU that goes on is not waited for."""

from __future__ import annotations

from typing import Any

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
