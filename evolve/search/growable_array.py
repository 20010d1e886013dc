"""Arrays that grow, for columns of a million individuals."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Growing:
    """A one-dimensional array that can be appended to."""

    __slots__ = ("_fill", "_length", "_room")

    def __init__(self, dtype: DTypeLike, fill: Any, values: NDArray[Any] | None = None) -> None:
        """Begin with `values`, or empty; places that are skipped later hold `fill`."""
        self._fill = fill
        self._length = 0 if values is None else len(values)
        self._room = np.full(max(64, self._length), fill, dtype)
        if values is not None:
            self._room[: self._length] = values

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: int) -> Any:
        """Return one value as a Python number; the fill beyond the end."""
        return self._room[place].item() if 0 <= place < self._length else self._fill

    @property
    def values(self) -> NDArray[Any]:
        """All values, (length,); a view that a later change may or may not reach."""
        return self._room[: self._length]

    def reach(self, length: int) -> None:
        """Grow to at least `length`."""
        if length > len(self._room):
            room = np.empty(max(length, 2 * len(self._room)), self._room.dtype)
            room[: self._length], room[self._length :] = self.values, self._fill
            self._room = room
        self._length = max(self._length, length)

    def put(self, places: NDArray[np.int64] | int, values: Any) -> None:
        """Set the value of one place or of many, (n,), and grow to hold them.

        There is one value for all of them, or (n,). Of equal places the last counts.
        """
        highest = int(np.max(places, initial=-1))
        self.reach(highest + 1)
        self._room[places] = values

    def extend(self, values: Any) -> None:
        """Add values at the end."""
        new = np.atleast_1d(np.asarray(values))
        start = self._length
        self.reach(start + len(new))
        self._room[start : self._length] = new

    def copy(self) -> Self:
        """Return a copy that can be changed without changing this one."""
        return type(self)(self._room.dtype, self._fill, self.values)
