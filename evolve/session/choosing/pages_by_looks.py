"""Pages that are bred by what judged pictures look like, which have to be painted first.

Otherwise what is bred would depend on how fast they are painted: a person may judge half a page.
Answers after the request for a page do not count for it.
"""

from __future__ import annotations

from collections.abc import Set

from evolve.search import Search
from evolve.session.requests import Breed, Request


class PagesByLooks:
    """The page that waits for pictures, if there is one."""

    def __init__(self, search: Search, painting: Set[int]) -> None:
        """Hold back pages of a search; `painting` has the pictures being painted at any time."""
        self._search, self._painting = search, painting
        self._request: Breed | None = None
        self._unseen: frozenset[int] = frozenset()

    @property
    def is_busy(self) -> bool:
        """Whether a page waits."""
        return self._request is not None

    def holds(self, request: Request) -> bool:
        """Return whether a request has to wait for pictures; it is kept then.

        Later requests wait in turn (`InTurn`).
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
        """Return the page once none of its pictures is being painted; only once."""
        if self._unseen & self._painting:
            return None
        ready, self._request = self._request, None
        return ready

    def give_up(self) -> bool:
        """Drop the page; return whether there was one."""
        waited, self._request = self.is_busy, None
        return waited

    def _judged_unseen(self) -> frozenset[int]:
        """Return the pictures of judged pages that are being painted.

        Those without a judgement count too: a taste compares pictures within their page.
        """
        generations = self._search.births.generations
        judged = {int(generations[i]) for i in self._search.verdicts.judged}
        return frozenset(i for i in self._painting if int(generations[i]) in judged)
