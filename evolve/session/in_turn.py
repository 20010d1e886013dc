"""Requests that wait: for pictures, or for the pages that were asked for before them.

A page that is bred by what judged pictures look like waits until those are painted. Otherwise what
is bred would depend on how fast that is: a person may judge half a page. Answers after the request
for a page do not count for it.

Children of later requests have later ids, so they wait until a page is bred or chosen, and until
the last child of a size is born. Answers after such a request must not change what is bred by it,
so the search learns them in their turn, though they are saved at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Set

from evolve.search import Search
from evolve.session.chosen_pages import ChosenPages
from evolve.session.requests import Breed, Lay, Request, Size, Then
from evolve.session.sizing.sized_births import SizedBirths


class InTurn:
    """Requests that wait, in the order in which they were made."""

    def __init__(
        self,
        search: Search,
        painting: Set[int],
        chosen: ChosenPages,
        sized: SizedBirths,
        is_broken: Callable[[], bool],
    ) -> None:
        """Begin with none; where nothing can be painted any more, nothing waits for the model.

        `painting` has the individuals of the search that are being painted at any time.
        """
        self._search, self._painting = search, painting
        self._chosen, self._sized, self._is_broken = chosen, sized, is_broken
        self._waiting: deque[Request] = deque()
        self._page: Breed | None = None
        """The page that waits for pictures."""
        self._unseen: frozenset[int] = frozenset()
        """Individuals of those pictures."""

    def holds(self, request: Request) -> bool:
        """Return whether a request has to wait; it is kept then.

        That is one for children whose ids follow those of unborn ones, one for what the search is
        to learn after those are bred, and one for a page that depends on missing pictures.
        """
        match request:
            case Then(after_pages=after_pages):
                waits = after_pages and bool(self._waiting)
            case Lay() if self._sized.is_reserved:  # it is what others wait for
                waits = False
            case Breed(is_next=True):
                waits = False
            case Breed() | Size() | Lay():
                is_early = not isinstance(request, Breed) and not self._is_ready
                waits = is_early or self._is_busy or bool(self._waiting)
            case _:
                waits = False
        if waits:
            self._waiting.append(request)
        return waits or self._waits_for_pictures(request)

    def released(self) -> list[Request]:
        """Return the requests that have nothing to wait for any more, in order; each once."""
        released: list[Request] = []
        if (chosen := self._chosen.released()) is not None:
            released.append(chosen)
        if self._page is not None and not self._unseen & self._painting:
            released.append(self._page)
            self._page = None
        if not self._is_busy and self._is_ready:
            released += self._waiting
            self._waiting.clear()
        return released

    def forget(self) -> list[Request]:
        """Drop the waiting pages and return them; keep what is to be learnt."""
        pages: list[Request] = [] if self._page is None else [self._page]
        pages += [each for each in self._waiting if not isinstance(each, Then)]
        self._page = None
        self._waiting = deque(each for each in self._waiting if isinstance(each, Then))
        return pages

    def unlearn(self) -> None:
        """Drop all waiting requests: what is saved is read again."""
        self._waiting.clear()
        self._sized.unlearn()

    @property
    def _is_busy(self) -> bool:
        return self._page is not None or self._chosen.is_busy or self._sized.is_busy

    @property
    def _is_ready(self) -> bool:
        return self._sized.info is not None or self._is_broken()

    def _waits_for_pictures(self, request: Request) -> bool:
        """Keep a page that depends on pictures of judged pages that are being painted.

        Those without a judgement count too: a taste compares pictures within their page.
        """
        if not isinstance(request, Breed) or not request.is_open:
            return False
        if not self._search.looks_at_pictures:
            return False
        generations = self._search.births.generations
        judged = {int(generations[i]) for i in self._search.verdicts.judged}
        self._unseen = frozenset(i for i in self._painting if int(generations[i]) in judged)
        if self._unseen:  # not open any more: it waits once
            self._page = Breed(
                self._search.as_of_now(request.ask), is_next=True, number=request.number
            )
        return bool(self._unseen)
