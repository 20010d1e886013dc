"""Models that are larger than a GPU's memory: their parts take turns there.

Parts that are not used are in main memory, and are moved when they are called: the text encoders
for new words, then the denoiser for all steps. A part stays as long as there is room. Where weights
wait changes no bit of a picture.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Container, Mapping
from typing import Any

from torch import nn

from evolve.models.catalog import ModelCard
from evolve.models.machine import memory
from evolve.rendering.batching.out_of_memory import is_memory_short, release

WORKSPACE = 1 << 30
"""Bytes of a GPU that painting needs besides the weights."""

STAYS = "vae"
"""The part that always stays: it is small, and its submodules are called in many ways."""


def visiting(
    card: ModelCard, needed: Mapping[str, int], device: str, *, fixed: Container[str] = ()
) -> tuple[str, ...]:
    """Return the parts that have to take turns on a device; none if all fit.

    Of each, `needed` are the bytes; those that are `fixed` cannot be moved.

    Raises:
        ModelError: They do not fit even in turns, or main memory is too small for those that wait.
    """
    free = memory.free(device)
    if not device.startswith("cuda"):
        memory.require(card, sum(needed.values()), free, "memory")
        return ()
    if free is None or sum(needed.values()) + WORKSPACE <= free:
        return ()
    moved = {part: size for part, size in needed.items() if part != STAYS and part not in fixed}
    staying = sum(needed.values()) - sum(moved.values())
    largest = max(moved.values(), default=0)
    memory.require(card, staying + largest, free, "memory of the GPU")
    memory.require(card, sum(moved.values()), memory.available(), "memory")
    return tuple(moved)


def size_of(part: nn.Module) -> int:
    """Return the bytes that a module takes."""
    return sum(tensor.nbytes for tensor in (*part.parameters(), *part.buffers()))


class Visitors:
    """Parts of a model that are moved between main memory and a device."""

    def __init__(
        self,
        parts: Mapping[str, nn.Module],
        device: str,
        *,
        free: Callable[[], int | None],
    ) -> None:
        """Move each of `parts`, which are in main memory, to the device whenever it is called.

        `free` returns the free bytes of the device; None if unknown.
        """
        self.there: list[str] = []
        """Parts on the device, the last used one at the end."""
        self._parts, self._device, self._free = dict(parts), device, free
        for name, part in parts.items():
            part.register_forward_pre_hook(functools.partial(self._called, name))

    def _called(self, name: str, *_: Any) -> None:
        if name in self.there:
            self.there.remove(name)
            self.there.append(name)
            return
        part = self._parts[name]
        size = size_of(part)
        while self.there and (free := self._free()) is not None and free < size + WORKSPACE:
            self._send_away()
        while True:
            try:
                part.to(self._device)
                break
            except (RuntimeError, MemoryError) as error:
                if not is_memory_short(error) or not self.there:
                    raise
                self._send_away()
        self.there.append(name)

    def _send_away(self) -> None:
        """Move the least recently used part back to main memory."""
        self._parts[self.there.pop(0)].to("cpu")
        release(self._device)
