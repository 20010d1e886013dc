"""Pages that are bred by what judged pictures look like wait until those pictures are there.

Else what is bred would depend on how fast they are painted, where a person judges what is half
painted. What a page is bred by is settled when it is asked for: later answers do not count for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Set
from typing import NamedTuple

from evolve.search import Search
from evolve.session.requests import Breed, Request


class _Waiting(NamedTuple):
    request: Breed
    unseen: frozenset[int]


class PagesByLooks:
    """Pages that were asked for and wait for pictures."""

    def __init__(self, search: Search, painting: Set[int]) -> None:
        """Hold back pages of a search, by which pictures are being painted at any time."""
        self._search, self._painting = search, painting
        self._waiting: deque[_Waiting] = deque()

    def holds(self, request: Request) -> bool:
        """Return whether a request waits for pictures; it is kept then."""
        if not isinstance(request, Breed) or not request.is_open:
            return False
        if not self._search.looks_at_pictures:
            return False
        if not (unseen := self._unseen) and not self._waiting:
            return False
        asked = Breed(self._search.as_of_now(request.ask))  # not open any more: it waits once
        self._waiting.append(_Waiting(asked, unseen))
        return True

    def released(self) -> list[Breed]:
        """Return the pages whose pictures are there, or will not be, in order; each once."""
        released = []
        while self._waiting and not self._waiting[0].unseen & self._painting:
            released.append(self._waiting.popleft().request)
        return released

    def give_up(self) -> bool:
        """Breed none of them; return whether there were any."""
        were_any = bool(self._waiting)
        self._waiting.clear()
        return were_any

    @property
    def _unseen(self) -> frozenset[int]:
        """Pictures being painted of pages that were judged: one is liked beside the others."""
        generations = self._search.births.generations
        judged = {int(generations[i]) for i in self._search.verdicts.judged}
        return frozenset(i for i in self._painting if int(generations[i]) in judged)
