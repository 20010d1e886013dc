"""The births of a whole population: columns in memory, the rest read when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from evolve.growing import Growing
from evolve.individual import Birth


class Births(Sequence[Birth]):
    """Every individual without its genome, ordered by id."""

    def __init__(
        self,
        generations: NDArray[np.int32] | None = None,
        read: Callable[[int], Birth] | None = None,
        mains: Callable[[], NDArray[np.int64]] | None = None,
    ) -> None:
        """Begin with births that are kept elsewhere, or with none.

        Args:
            generations: Generation of each of them.
            read: Gives one of them by id.
            mains: Gives the main parent of each of them, -1 for none; asked for when first needed.
        """
        self._generations = Growing(np.int32, 0, generations)
        self._stored = len(self._generations)
        self._read, self._read_mains = read, mains
        self._mains: Growing | None = None
        self._later: list[Birth] = []

    @classmethod
    def of(cls, births: Iterable[Birth]) -> Births:
        """Return `births` themselves if they are such already."""
        if isinstance(births, Births):
            return births
        kept = cls()
        for birth in births:
            kept.append(birth)
        return kept

    def copy(self) -> Births:
        """Return births that can be added to without changing these."""
        twin = Births(self._generations.values[: self._stored], self._read, self._read_mains)
        for birth in self._later:
            twin.append(birth)
        return twin

    def append(self, birth: Birth) -> None:
        """Add the next individual."""
        self._later.append(birth)
        self._generations.extend(birth.generation)
        if self._mains is not None:
            self._mains.extend(_main(birth))

    @property
    def generations(self) -> NDArray[np.int32]:
        """Generation of each."""
        return self._generations.values

    @property
    def mains(self) -> NDArray[np.int64]:
        """Main parent of each, -1 for none."""
        if self._mains is None:
            stored = self._read_mains()[: self._stored] if self._read_mains else None
            self._mains = Growing(np.int64, -1, stored)
            self._mains.extend([_main(b) for b in self._later])
        return self._mains.values

    @overload
    def __getitem__(self, place: int) -> Birth: ...
    @overload
    def __getitem__(self, place: slice) -> list[Birth]: ...
    def __getitem__(self, place: int | slice) -> Birth | list[Birth]:
        if isinstance(place, slice):
            return [self[i] for i in range(len(self))[place]]
        i = range(len(self))[place]  # counts from the end, and refuses what is not there
        if i >= self._stored:
            return self._later[i - self._stored]
        assert self._read is not None
        return self._read(i)

    def __len__(self) -> int:
        return len(self._generations)


def _main(birth: Birth) -> int:
    return birth.parents[0] if birth.parents else -1
