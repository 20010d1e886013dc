"""The births of a whole population: columns in memory, the rest read when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from typing import overload

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ArchiveError
from evolve.search.growable_array import Growing
from evolve.search.individual import UNKNOWN, Birth, Origin

Links = NDArray[np.int32]
"""A row for each child with each of its parents, (parent, child): by child, main parents first."""

_RECENT = 1 << 14
"""Births whose links are read without those of all others, which take long."""


class Births(Sequence[Birth]):
    """Every individual without its genome, ordered by id."""

    def __init__(
        self,
        generations: NDArray[np.int32] | None = None,
        read: Callable[[int], Birth] | None = None,
        links: Callable[[int], Links] | None = None,
    ) -> None:
        """Begin with births that are kept elsewhere, of these generations, or with none.

        `read` returns one of them by id, and `links` those of children from an id on, later ones
        perhaps included.
        """
        self._generations = Growing(np.int32, 0, generations)
        self._stored = len(self._generations)
        self._read, self._read_links = read, links
        self._linked_from: int | None = None  # links of earlier children are not known yet
        self._parents, self._children = Growing(np.int32, -1), Growing(np.int32, -1)
        self._mains = Growing(np.int64, -1)
        self._later: list[Birth] = []

    @classmethod
    def of(cls, births: Iterable[Birth]) -> Births:
        """Return births as a `Births`: themselves if they are one."""
        if isinstance(births, Births):
            return births
        kept = cls()
        for birth in births:
            kept.append(birth)
        return kept

    def copy(self) -> Births:
        """Return births that can be added to without changing these."""
        twin = copy(self)
        twin._generations, twin._later = self._generations.copy(), [*self._later]
        twin._parents, twin._children = self._parents.copy(), self._children.copy()
        twin._mains = self._mains.copy()
        return twin

    def readable(self) -> Births:
        """Return a copy without errors: what is damaged has no parents, and its record says why.

        For what is shown alone: nothing may be bred from it.
        """
        twin = self.copy()
        twin._read, twin._read_links = self._read_or_say_why, self._links_or_none
        return twin

    def _read_or_say_why(self, individual: int) -> Birth:
        assert self._read is not None
        try:
            return self._read(individual)
        except ArchiveError as error:
            origin = Origin(UNKNOWN, {"because": str(error)})
            generation = int(self._generations[individual])
            return Birth(id=individual, origin=origin, generation=generation)

    def _links_or_none(self, first: int) -> Links:
        try:
            return self._read_links(first) if self._read_links else _links()
        except ArchiveError:
            return _links()

    def append(self, birth: Birth) -> None:
        """Add the next individual, whose genome is not kept."""
        self._later.append(
            Birth(
                id=birth.id,
                origin=birth.origin,
                parents=birth.parents,
                generation=birth.generation,
            )
        )
        self._generations.extend(birth.generation)
        if self._linked_from is not None:
            self._link(_links(birth))

    @property
    def generations(self) -> NDArray[np.int32]:
        """Generation of each individual, (n,), from 0."""
        return self._generations.values

    @property
    def mains(self) -> NDArray[np.int64]:
        """Main parent of each individual, (n,), -1 for none."""
        self._link_from(0)
        return self._mains.values

    @property
    def links(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """The parent and the child of every link, both (links,), ordered by child."""
        self._link_from(0)
        return self._parents.values, self._children.values

    def main(self, individual: int) -> int:
        """Return the main parent of one, -1 for none."""
        self._link_from(individual)
        return int(self._mains[individual])

    def children(self, individual: int) -> list[int]:
        """Return the children of an individual, in order of birth."""
        self._link_from(individual)  # children are born later
        theirs = self._parents.values == individual
        children: list[int] = self._children.values[theirs].tolist()
        return children

    def _link_from(self, individual: int) -> None:
        """Know the links of all children from an id on, at least."""
        if self._linked_from is not None and self._linked_from <= individual:
            return
        recent = max(0, self._stored - _RECENT)
        first = recent if individual >= recent else 0
        stored = self._read_links(first) if self._read_links else _links()
        self._linked_from = first
        self._parents, self._children = Growing(np.int32, -1), Growing(np.int32, -1)
        self._link(stored[: np.searchsorted(stored[:, 1], self._stored)])
        for birth in self._later:
            self._link(_links(birth))

    def _link(self, links: Links) -> None:
        self._parents.extend(links[:, 0])
        self._children.extend(links[:, 1])
        backwards = links[::-1]  # of several parents the first is the last that is put
        self._mains.put(backwards[:, 1].astype(np.int64), backwards[:, 0])
        self._mains.reach(len(self))

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


def _links(*births: Birth) -> Links:
    rows = [(parent, birth.id) for birth in births for parent in birth.parents]
    return np.array(rows, np.int32).reshape(-1, 2)
