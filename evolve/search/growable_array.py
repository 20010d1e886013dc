"""Arrays that grow: what is kept in memory of a million individuals must not be objects."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Growing:
    """A one-dimensional array with room behind its end."""

    __slots__ = ("_fill", "_length", "_room")

    def __init__(self, dtype: DTypeLike, fill: Any, values: NDArray[Any] | None = None) -> None:
        """Begin with `values`, or empty; what is skipped over later holds `fill`."""
        self._fill = fill
        self._length = 0 if values is None else len(values)
        self._room = np.full(max(64, self._length), fill, dtype)
        if values is not None:
            self._room[: self._length] = values

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, place: int) -> Any:
        """Return one value as a Python number; beyond the end it is the fill."""
        return self._room[place].item() if 0 <= place < self._length else self._fill

    @property
    def values(self) -> NDArray[Any]:
        """All values, (length,); a view that a later change may or may not reach."""
        return self._room[: self._length]

    def reach(self, length: int) -> None:
        """Be at least so long."""
        if length > len(self._room):
            room = np.empty(max(length, 2 * len(self._room)), self._room.dtype)
            room[: self._length], room[self._length :] = self.values, self._fill
            self._room = room
        self._length = max(self._length, length)

    def put(self, places: NDArray[np.int64] | int, values: Any) -> None:
        """Set one value or many, and grow to hold them; of equal places the last counts.

        Args:
            places: One, or (n,), none below 0.
            values: One for all places, or (n,).
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
        """Return one that can be changed by itself."""
        return type(self)(self._room.dtype, self._fill, self.values)
