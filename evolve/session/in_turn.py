"""Requests that wait for the pages that were asked for before them.

Children of later requests have later ids, so they wait until a page is bred or chosen, and until
the last child of a size is born. Answers after such a request must not change what is bred by it,
so the search learns them in their turn, though they are saved at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from evolve.session.choosing.chosen_pages import ChosenPages
from evolve.session.choosing.pages_by_looks import PagesByLooks
from evolve.session.requests import Breed, Lay, Request, Size, Then
from evolve.session.sizing.sized_births import SizedBirths


class InTurn:
    """Requests that wait, in the order in which they were made."""

    def __init__(
        self,
        by_looks: PagesByLooks,
        chosen: ChosenPages,
        sized: SizedBirths,
        is_broken: Callable[[], bool],
    ) -> None:
        """Begin with none; where nothing can be painted any more, nothing waits for the model."""
        self._by_looks, self._chosen = by_looks, chosen
        self._sized, self._is_broken = sized, is_broken
        self._waiting: deque[Request] = deque()

    def holds(self, request: Request) -> bool:
        """Return whether a request has to wait; it is kept then.

        That is one for children whose ids follow those of unborn ones, and one for what the search
        is to learn after those are bred.
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
        return waits

    def released(self) -> list[Request]:
        """Return the waiting requests once there is nothing to wait for; each once."""
        if self._is_busy or not self._is_ready:
            return []
        waiting = list(self._waiting)
        self._waiting.clear()
        return waiting

    def forget(self) -> bool:
        """Drop the waiting pages and keep what is to be learnt; return whether there were any."""
        waiting = self._waiting
        self._waiting = deque(each for each in waiting if isinstance(each, Then))
        return len(self._waiting) < len(waiting)

    def unlearn(self) -> None:
        """Drop all waiting requests: what is saved is read again."""
        self._waiting.clear()
        self._sized.unlearn()

    @property
    def _is_busy(self) -> bool:
        return self._by_looks.is_busy or self._chosen.is_busy or self._sized.is_busy

    @property
    def _is_ready(self) -> bool:
        return self._sized.info is not None or self._is_broken()
