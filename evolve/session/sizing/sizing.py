"""Sizing: how far each child of a brood goes, found by drafts.

A draft is a whole picture of a genome that is no individual yet. One that fits becomes a child with
that picture; the others leave no trace. Children are born in the order of their ids, each as soon
as it and all before it are decided. Decisions depend on pictures alone, never on which is finished
first, so an interrupted brood goes on to the same children.

A page may have half as many drafts again as it has children: those that miss are tried once more
while any are left, on another way where the first one leaps over the size. Aiming begins with the
distances of children of earlier pages; the first drafts of the page show how far to go from these
parents. A step in a direction, or of prompt and settings alone, is one line, on which more drafts
close in on the size.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from evolve.errors import FancierError
from evolve.rendering.protocol import Failed, Finished, Job, ModelInfo, Task
from evolve.rendering.tuning.size_curves import Curves
from evolve.rendering.tuning.size_history import stretched_by
from evolve.scoring.looks.distance import Measure
from evolve.scoring.looks.sight import Sight
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.search.operators import MUTATE_SETTINGS
from evolve.search.sized.aiming import Aim, Curve, Firsts, Ways
from evolve.search.sized.brood import Brood, drafts_of, missed_of, reach_of
from evolve.search.sized.conceiving import DIGITS, Conceiving
from evolve.session.archive import Archive, Render
from evolve.session.events import DraftsPainted
from evolve.session.sizing.errands import End, Errands
from evolve.session.sizing.groundwork import Groundwork

NEAR, SHARE = 0.2, 0.5
"""On a page: the miss of a draft that is good enough, as a share of the size; and the number of
further drafts, as a share of the children."""
CLOSE, MORE = 0.07, 3
"""On a line: the same, and the further drafts of each child."""


@dataclass(slots=True)
class _Place:
    """One child to be."""

    ways: Ways
    pending: float | None = None
    """Reach of the draft that is being painted, or failed."""
    drafts: int = 0
    best: Finished | None = None
    """The draft that is nearest to the size."""
    failed: str = ""
    decided: bool = False

    @property
    def has_begun(self) -> bool:
        """Whether its first draft was asked for; on a page it may wait for those of others."""
        return self.pending is not None or self.drafts > 0


class Sizing:
    """Decides the children of one brood."""

    def __init__(self, search: Search, archive: Archive, brood: Brood, *, info: ModelInfo) -> None:
        """Decide the children of `brood` that are not born yet."""
        self.brood = brood
        self._search, self._archive = search, archive
        self._conceiving = Conceiving(search, brood)
        self._has_others = brood.other_ways and brood.how == "breed"
        """Whether a child may take another way; a turn has a direction that was asked for."""
        self._errands = Errands()
        self._groundwork = Groundwork(search, archive, brood, self._errands, info)
        self._places: dict[int, _Place] = {}
        self.curves: Curves | None = None
        """The curves of this population; None until they are known."""
        self._measure = Measure()
        self._born = max(0, len(search.births) - brood.first)
        self._judged, self._again = self._born, self._drafts_before()
        """The first place whose first draft is not judged, and further drafts of places before."""
        self._firsts = Firsts({}, [])
        self._proceed()

    @property
    def progress(self) -> DraftsPainted:
        """The progress of the drafts."""
        errands, left = self._errands, len(self.brood.children) - self._born
        return DraftsPainted(errands.done, errands.asked, left, self._groundwork.is_measuring)

    @property
    def is_done(self) -> bool:
        """Whether all children were returned by `born`."""
        return self._born >= len(self.brood.children)

    @property
    def ways(self) -> Mapping[int, Ways]:
        """The ways of the children that have a size, by place."""
        return {place: state.ways for place, state in self._places.items()}

    @property
    def ids(self) -> list[int]:
        """Ids of the tasks that are under way."""
        return self._errands.ids

    def tasks(self) -> list[Task]:
        """Return the new tasks; each once."""
        return self._errands.tasks()

    def take(self, event: End) -> bool:
        """Note the end of a task; return False for other tasks."""
        if not self._errands.take(event):
            return False
        self._proceed()
        return True

    def born(self) -> list[tuple[Individual, Render | None]]:
        """Return the next decided children with their pictures; each child once.

        A child without a size has no picture yet.
        """
        ready: list[tuple[Individual, Render | None]] = []
        while not self.is_done and self._is_decided(self._born):
            ready.append(self._child(self._born))
            self._born += 1
        return ready

    def _is_decided(self, place: int) -> bool:
        state = self._places.get(place)
        return not self.brood.children[place].size or (state is not None and state.decided)

    def _child(self, place: int) -> tuple[Individual, Render | None]:
        if not self.brood.children[place].size:
            return self._conceiving.child(place, 1.0), None
        state = self._places[place]
        tries, best = state.ways.tries, state.best
        missed = tries[0] if len(tries) > 1 else None
        if best is None:
            child = self._conceiving.child(place, state.pending or 1.0, drafts=state.drafts)
            return child, Render(individual=child.id, picture=None, error=state.failed)
        way, reach = state.ways.best
        child = self._conceiving.child(place, reach, way=way, drafts=state.drafts, missed=missed)
        return child, Render(individual=child.id, picture=best.picture, record=best.record)

    def _drafts_before(self) -> int:
        births = self._search.births
        born = range(self.brood.first, self.brood.first + self._born)
        return sum(drafts_of(births[i].origin.params) - 1 for i in born)

    def _proceed(self) -> None:
        if not any(child.size for child in self.brood.children[self._born :]):
            return
        if self.curves is None and self._groundwork.proceed():
            self._begin()
        if self.curves is not None:
            self._judge()

    def _begin(self) -> None:
        assert self._groundwork.curves is not None
        self._measure = self._groundwork.measure
        births, first = self._search.births, self.brood.first
        self.curves = stretched_by(
            self._groundwork.curves, births, first, self._archive.sight, self._measure
        )
        paged = [k for k, c in enumerate(self.brood.children) if c.size and not self._is_line(k)]
        mains = {k: self.brood.children[k].main for k in paged}
        self._firsts = Firsts.of(mains, by_parent=self.brood.other_ways)
        self._firsts.known = {k: self._first_of(k) for k in paged if k < self._born}
        for place, child in enumerate(self.brood.children):
            if place < self._born or not child.size:
                continue
            aim, is_line = Aim(abs(child.size), self._curve(place)), self._is_line(place)
            self._places[place] = _Place(Ways([aim], bisects=is_line))
            if is_line:
                self._draft(place)

    def _first_of(self, place: int) -> float:
        """Return the distance of a born child's first draft, as a multiple of its curve."""
        individual = self.brood.first + place
        origin = self._search.births[individual].origin
        aim = Aim(1.0, self._curve(place))
        if missed := missed_of(origin.params):
            reach, distance = missed
        else:
            main, own = self._groundwork.looks[self.brood.children[place].main], None
            with contextlib.suppress(FancierError):
                own = self._archive.sight(individual)
            length = self._measure.between(main, own)
            reach = reach_of(origin.params)
            distance = aim.curve.distance(reach) if length is None else length
        aim.tries.append((reach, round(distance, DIGITS)))
        return aim.first

    def _curve(self, place: int, way: int = 0) -> Curve:
        assert self.curves is not None
        return self.curves.of(self._conceiving.child(place, 0.5, way=way).origin)

    def _is_line(self, place: int) -> bool:
        """Return whether a child varies on one line, without chance."""
        alone = self.brood.children[place].operator == MUTATE_SETTINGS.name
        return self.brood.how != "breed" or alone or "noise" in self.brood.locked

    def _draft(self, place: int) -> None:
        ways = (state := self._places[place]).ways
        if self._has_others and ways.is_lost:
            firsts = self._firsts
            stretch = 1.0 if ways.bisects else firsts.stretch(place, firsts.wave(place) + 1)
            curve = self._curve(place, len(ways.aims))
            ways.aims.append(Aim(ways.aim.size, curve, stretch=stretch))
        state.pending, way = round(ways.aim.guess(), DIGITS), len(ways.aims) - 1
        genome = self._conceiving.child(place, state.pending, way=way).genome
        self._errands.add(lambda id: Job(id, genome), partial(self._learn, place))

    def _learn(self, place: int, event: End) -> None:
        state = self._places[place]
        state.drafts += 1
        if isinstance(event, Failed):
            state.failed = event.error
        else:
            assert isinstance(event, Finished)
            self._compare(place, event)
        if state.ways.bisects or place < self._judged:
            self._decide(place, may_go_on=state.ways.bisects)

    def _compare(self, place: int, draft: Finished) -> None:
        state = self._places[place]
        main = self._groundwork.looks[self.brood.children[place].main]
        length = self._measure.between(main, Sight.from_record(draft.record))
        assert state.pending is not None
        # An unknown distance counts as the one that was asked for.
        ways = state.ways
        distance = ways.aim.size if length is None else length
        ways.aim.tries.append((state.pending, round(distance, DIGITS)))
        if ways.best == (len(ways.aims) - 1, state.pending):
            state.best = draft
        state.pending = None

    def _judge(self) -> None:
        """Judge in the order of the ids which first drafts are good enough."""
        firsts = self._firsts
        for place in firsts.mains.keys() & self._places.keys() - firsts.known.keys():
            if self._places[place].drafts:
                aim = self._places[place].ways.aims[0]
                firsts.known[place] = aim.first if aim.tries else 1.0
        for place, state in self._places.items():
            if not state.has_begun and firsts.are_there(wave := firsts.wave(place)):
                state.ways.aim.stretch = firsts.stretch(place, wave)
                self._draft(place)
        allowed = int(SHARE * sum(bool(child.size) for child in self.brood.children))
        while self._judged < len(self.brood.children):
            place = self._judged
            child = self._places.get(place)
            if child is not None and not child.drafts:
                return
            is_paged = child is not None and not child.ways.bisects
            if is_paged and self._has_others and not firsts.are_there(firsts.wave(place) + 1):
                return
            self._judged += 1
            if not is_paged:
                continue
            if not self._decide(place, may_go_on=self._again < allowed):
                self._again += 1

    def _decide(self, place: int, *, may_go_on: bool) -> bool:
        """Settle for the best draft of a child, or have another one painted; return which."""
        state = self._places[place]
        ways = state.ways
        near, more = (CLOSE, MORE) if ways.bisects else (NEAR, 1)
        good = state.failed or ways.error <= near
        has_another = self._has_others and len(ways.aims) == 1
        ends = state.drafts > more or (ways.aim.is_stuck and not has_another)
        if good or not may_go_on or ends:
            state.decided = True
            return True
        self._draft(place)
        return False
