"""Painting ahead of a person: when, what, and how much.

Only while no request waits, only for a while after the last answer, and no more than a page of mere
guesses for each page that is shown.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from evolve.rendering.ahead import Guess, PaintingAhead
from evolve.rendering.protocol import Finished, Job, Renderer
from evolve.scoring.wanted import Wanted
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.session.events import PaintedAhead
from evolve.session.foreseeing import Foresight
from evolve.session.requests import (
    Decide,
    Expect,
    Request,
    SaveChildren,
    SaveJudgement,
    Switch,
    Then,
)

PATIENCE_S = 180.0
"""Seconds after the last request in which to paint ahead: a person may have left."""
SPARE = 1
"""Pages of mere guesses for each page that is shown: fewer while little of it is answered, since
most of those are wrong."""
QUIET_S = 0.15
"""Seconds after an answer without work: the app shows the answer on another thread."""
SPENT_S = 0.2
"""Seconds for working out futures after each answer."""
FEW = 4
"""Futures after which guesses are first made."""
SURE = 0.5
"""Chance of a guess that is painted, however many were."""
EARLY = 0.5
"""Share of the expected answers before which no guess is sure: such are mostly wrong."""
HESITATES_S = 6.0
"""Seconds without an answer after which there is time to paint unsure guesses."""
LATE = 0.25
"""Missing share of a page when it is asked for, from which on the next pages are begun early."""
ALLOWED_S = 30.0
"""Seconds from one question whether painting ahead is allowed to the next."""


class LookingAhead:
    """Paints for a session ahead of the person."""

    _painting: PaintingAhead

    def __init__(
        self,
        search: Search,
        allowed: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Foresee the pages of `search`, while it is `allowed`: on battery it may not be."""
        self._foresight, self._allowed, self._clock = Foresight(search), allowed, clock
        self._asked = self._checked = -1e9
        self._is_allowed = False
        self._futures, self._spared, self._spent = 0, 0, 0.0
        self._told = PaintedAhead(0, 0)
        self._foreseen: Sequence[str] = ()
        """Digests of the page that would be bred, as known at the last look."""
        self._is_late = False
        """Whether a page was asked for before it was painted: the machine needs all the time."""

    def begin(self, renderer: Renderer) -> PaintingAhead:
        """Return the renderer of the session: one that paints ahead on the given one."""
        self._painting = PaintingAhead(renderer)
        return self._painting

    def painted(self, born: Sequence[Individual]) -> list[Finished]:
        """Return the pictures of newborns that are painted already."""
        jobs = [Job(i.id, i.genome, Wanted.of(i.origin.params)) for i in born]
        return [event for job in jobs if (event := self._painting.take(job)) is not None]

    def peek(self, digest: str) -> Finished | None:
        """Return a picture that is painted already, by the digest of its genome; it stays."""
        return self._painting.peek(digest)

    def keep(self, pictures: Iterable[tuple[str, Finished]]) -> None:
        """Keep pictures that no individual has, as if they had been painted ahead."""
        for digest, picture in pictures:
            self._painting.keep(digest, picture)

    def take(self, request: Request) -> None:
        """Note a request that was met: it may change what is bred next."""
        self._asked = self._clock()
        if isinstance(request, Expect):
            self._foresight.expect(request.ask)
        elif isinstance(request, SaveJudgement | SaveChildren | Decide | Switch) or (
            isinstance(request, Then) and request.changes_pages
        ):
            self._foresight.renew()
        else:
            return
        self._futures, self._spent = 0, 0.0
        if isinstance(request, SaveChildren):
            self._spared = self._painting.spare = 0
            missing = self._told.page - self._told.ready
            if not self._is_late and missing > LATE * self._told.page:
                self._is_late = any(one.genome.digest in self._foreseen for one in request.born)

    def look(self) -> PaintedAhead | None:
        """Look a little further, in some milliseconds; return the progress if it changed."""
        painting, foresight = self._painting, self._foresight
        guesses: Mapping[str, Guess] | None = None
        if not painting.is_free:
            return None
        if foresight.is_open and self._may:
            if self._clock() - self._asked < QUIET_S:
                return None
            began = self._clock()
            foresight.look()
            self._futures, self._spent = self._futures + 1, self._spent + self._clock() - began
            if self._spent > SPENT_S:
                foresight.stop()
            if self._futures == FEW or not foresight.is_open:
                spared = int(SPARE * len(foresight.page) * foresight.answered**2)
                painting.spare += max(0, spared - self._spared)
                self._spared = max(spared, self._spared)
                guesses = foresight.guesses()
        elif not self._may:
            guesses = {}
        self._foreseen = foresight.page
        painting.sure = SURE if self._has_time else math.inf
        if guesses is not None:
            painting.guess(guesses)
        ready, page = sum(map(painting.is_painted, foresight.page)), len(foresight.page)
        waits = painting.is_idle and not (foresight.is_open and self._may)
        ahead = PaintedAhead(ready, page, rests=waits and self._is_allowed and ready < page)
        if ahead == self._told:
            return None
        self._told = ahead
        return ahead

    @property
    def _has_time(self) -> bool:
        """Whether there is time for guesses: while little is answered most are wrong."""
        hesitates = self._clock() - self._asked > HESITATES_S
        return self._is_late or hesitates or self._foresight.progress >= EARLY

    @property
    def _may(self) -> bool:
        now = self._clock()
        if now - self._checked > ALLOWED_S:
            self._checked, self._is_allowed = now, self._allowed()
        return self._is_allowed and now - self._asked < PATIENCE_S
