"""Sittings in which everything may happen in any order: what is asked for, and what is painted.

All of it happens where the session polls its renderer, on its own thread, so that a sitting that
goes wrong goes wrong again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from fakes import SHAPE, FakeRenderer, Tight

from evolve.genome import Prompt
from evolve.models.words.phrasing import Phrasings
from evolve.rendering.protocol import Broken, Job, RenderEvent, Stepped, Task
from evolve.search.edits import PaintedPlace
from evolve.search.individual import Verdict
from evolve.search.plan import Plan
from evolve.session.archive import Judgement, Row
from evolve.session.session import Session

Move = tuple[str, int]
"""What happens, and a number that says to whom, or which of several."""

PLANS = (
    Plan(),
    Plan(step=9.0),
    Plan(slots=("new",), once=True),
    Plan(slots=("keep", "mutate"), once=True, step=7.0),
    Plan(settings={"steps": 4}),
    Plan(by="taste", among=9),
    Plan(prompt=Prompt.parse("an owl")),
    Plan(prompt=Prompt.parse("an owl"), step=9.0),
    Plan(prompt=Prompt.parse("a hat")),
)
_PHRASINGS = Phrasings(*(Prompt.parse(text) for text in "abc"))
_PLACE = np.zeros(SHAPE[1:], np.bool_)
_PLACE[1:3, 1:3] = True

PAGES: Mapping[str, Callable[[Session, int, int], int]] = {
    "breed": lambda s, i, j: s.breed(3),
    "breed of": lambda s, i, j: s.breed(2, parents=(i, j)),
    "size": lambda s, i, j: s.breed(3, size=0.4),
    "size of": lambda s, i, j: s.breed(2, parents=(i,), size=0.4),
    "draft": lambda s, i, j: s.draft(3),
    "newcomers": lambda s, i, j: s.newcomers(2),
    "look": lambda s, i, j: s.look(i, angle=20),
    "look by size": lambda s, i, j: s.look(i, size=0.3),
    "steer": lambda s, i, j: s.steer(i, start=i, end=j, angles=(10,)),
    "walk": lambda s, i, j: s.walk(i, start=i, end=j, sizes=(0.3,)),
    "alter": lambda s, i, j: s.alter(i, PaintedPlace(mask=_PLACE), 2),
}
"""Requests for a page."""

OTHERS: Mapping[str, Callable[[Session, int, int], object]] = {
    "expect": lambda s, i, j: s.expect(3),
    "paint": lambda s, i, j: s.paint((i, j)),
    "drop": lambda s, i, j: s.drop((i,)),
    "cancel": lambda s, i, j: s.cancel(),
    "weigh": lambda s, i, j: s.weigh(i),
    "locate": lambda s, i, j: s.locate(i, _PHRASINGS),
    "stop locating": lambda s, i, j: s.stop_locating(),
}

ANSWERS: Mapping[str, Callable[[int, int], Judgement]] = {
    "rate": lambda i, n: Judgement(individual=i, kind="rate", value=1 + n % 5, page=0),
    "unrate": lambda i, n: Judgement(individual=i, kind="rate", value=0, page=0),
    "reject": lambda i, n: Judgement(individual=i, kind="reject", value=n % 2),
    "pin": lambda i, n: Judgement(individual=i, kind="pin", value=n % 2),
}

PAINTS = ("nothing", "end", "end in any order", "burst", "fail", "step")
"""What a renderer does in one round."""


class Branch:
    """One branch of a population, as its view in a saved one."""

    def __init__(self, whole: Tight, members: set[int]) -> None:
        self.whole, self.members = whole, members

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)

    def append(self, rows: Sequence[Row]) -> None:
        before = len(self.whole.individuals)
        self.whole.append(rows)
        self.members.update(range(before, len(self.whole.individuals)))

    def ids(self) -> Sequence[int]:
        return sorted(self.members)

    def unpainted(self) -> list[int]:
        return [i for i in self.whole.unpainted() if i in self.members]

    def failed(self) -> Mapping[int, str]:
        return {i: why for i, why in self.whole.failed().items() if i in self.members}

    def verdicts(self, scorer: str | None = None) -> Mapping[int, Verdict]:
        known = self.whole.verdicts(scorer)
        return {i: v for i, v in known.items() if i in self.members or v.pinned}


class Scripted(FakeRenderer):
    """Paints as it is said, and has the rest of a sitting happen in between."""

    QUIET, MOST = 3, 3000

    def __init__(self, moves: Sequence[Move], ask: Callable[[Move], None]) -> None:
        """Do moves; `ask` does those that are not a renderer's."""
        super().__init__()
        self._moves, self._ask = [*moves], ask
        self._quiet = self._rounds = 0
        self._is_lost = False

    def submit(self, jobs: Sequence[Task]) -> None:
        if not self._is_lost:
            super().submit(jobs)

    def poll(self, timeout: float) -> list[RenderEvent]:
        self._rounds += 1
        assert self._rounds < self.MOST, "it goes on for ever"
        while self._moves:
            if self._moves[0][0] == "settle" and not self._is_quiet():
                return super().poll(timeout)
            what, which = self._moves.pop(0)
            if what == "settle":
                self._quiet = 0
                continue
            if what == "lose":
                return self._lose()
            if what in PAINTS:
                return self._pending_or(lambda: self._paint(what, which))  # noqa: B023
            self._ask((what, which))
        if self._is_quiet():
            self._ask(("close", 0))
            return []
        return super().poll(timeout)

    def _is_quiet(self) -> bool:
        """Return whether nothing was to be painted for some rounds."""
        self._quiet = 0 if self.queue or self._pending else self._quiet + 1
        return self._quiet > self.QUIET

    def _pending_or(self, paint: Callable[[], list[RenderEvent]]) -> list[RenderEvent]:
        if self._pending:
            happened, self._pending = self._pending, []
            return happened
        return paint() if self.queue else []

    def _lose(self) -> list[RenderEvent]:
        if self._is_lost:
            return []
        self._is_lost = True
        self.queue.clear()
        self._pending.clear()
        return [Broken("the renderer is gone")]

    def _paint(self, what: str, which: int) -> list[RenderEvent]:
        place = which % len(self.queue)
        first = self.queue[place]
        match what:
            case "nothing":
                return []
            case "step":
                return [Stepped(first.id, 1, 4)] if isinstance(first, Job) else []
            case "burst":
                return [event for _ in self.queue[:] for event in super(Scripted, self).poll(0)]
            case "end in any order" | "fail":
                self.queue.insert(0, self.queue.pop(place))
        self.poison = {first.id} if what == "fail" else set()
        happened = super().poll(0)
        self.poison = set()
        return happened
