"""What is kept at hand as long as there is room for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(OrderedDict[K, V]):
    """A mapping whose oldest entries are dropped where there are too many; the newest stays."""

    def __init__(self, room: int, size: Callable[[V], int] | None = None) -> None:
        """Keep entries up to `room` by the size of their values, or up to so many."""
        super().__init__()
        self._room, self._size = room, size

    def __setitem__(self, key: K, value: V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > 1 and self._used > self._room:
            self.popitem(last=False)

    @property
    def _used(self) -> int:
        return len(self) if self._size is None else sum(map(self._size, self.values()))
