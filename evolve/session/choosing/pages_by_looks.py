"""Pages that are bred by what judged pictures look like wait until those pictures are there.

Else what is bred would depend on how fast they are painted, where a person judges what is half
painted. What a page is bred by is settled when it is asked for: later answers do not count for it.
"""

from __future__ import annotations

from collections.abc import Set

from evolve.search import Search
from evolve.session.requests import Breed, Request


class PagesByLooks:
    """The page that was asked for and waits for pictures, if there is one."""

    def __init__(self, search: Search, painting: Set[int]) -> None:
        """Hold back pages of a search, by which pictures are being painted at any time."""
        self._search, self._painting = search, painting
        self._request: Breed | None = None
        self._unseen: frozenset[int] = frozenset()

    @property
    def is_busy(self) -> bool:
        """Whether a page waits."""
        return self._request is not None

    def holds(self, request: Request) -> bool:
        """Return whether a request waits for pictures; it is kept then.

        Those after it wait in turn (`InTurn`), and are not asked about meanwhile.
        """
        if not isinstance(request, Breed) or not request.is_open:
            return False
        if not self._search.looks_at_pictures or not (unseen := self._judged_unseen()):
            return False
        # Not open any more: it waits once.
        self._request = Breed(self._search.as_of_now(request.ask), is_next=True)
        self._unseen = unseen
        return True

    def released(self) -> Breed | None:
        """Return the page if its pictures are there, or will not be; once."""
        if self._unseen & self._painting:
            return None
        ready, self._request = self._request, None
        return ready

    def give_up(self) -> bool:
        """Breed it no more; return whether it waited."""
        waited, self._request = self.is_busy, None
        return waited

    def _judged_unseen(self) -> frozenset[int]:
        """Return which pictures are being painted of pages that were judged.

        One is liked beside the others.
        """
        generations = self._search.births.generations
        judged = {int(generations[i]) for i in self._search.verdicts.judged}
        return frozenset(i for i in self._painting if int(generations[i]) in judged)
