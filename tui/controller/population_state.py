"""What is known of the population on the screen, and what the session says of it.

Plain data without a widget; `PopulationController` has what a person can do with it.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from evolve.errors import FancierError
from evolve.genome import Genome
from evolve.rendering.protocol import ModelInfo
from evolve.scoring.looks.distance import Distances
from evolve.scoring.wanted import Wanted
from evolve.search.individual import Individual
from evolve.search.operators import TAKE_OFF
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Picture
from evolve.session.drafting import DROPPED
from populations.core.captions import counted
from tui.controller.cards import Card, State
from tui.controller.durable import Durable
from tui.controller.pages import Pages
from tui.controller.painting_progress import Pace, PaintingProgress
from tui.controller.ports import (
    Breeder,
    Source,
    branch_of,
    candidates_of,
    founding_words,
    left_at,
    page_size,
    seed_of,
)
from tui.controller.undo_history import UndoHistory
from tui.drawing.picture_cache import PictureCache

if TYPE_CHECKING:
    from populations.core.branches import Branch

Notify = Callable[[str], None]
Awaiting = Callable[[bool, bool], int]
"""Called with whether another page is awaited from now on; if not, with whether it came. Returns
how many keys that were typed for it are dropped."""


class Kept(NamedTuple):
    """When a rating was given whose picture was not seen yet; its card has the value."""

    page: int
    said: int
    """How many answers there were before it."""


class PopulationState:
    """The pages of a population, and how far everything is that was asked for."""

    def __init__(
        self,
        source: Source,
        *,
        notify: Notify,
        on_awaiting: Awaiting = lambda awaited, came: 0,
        follows: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source = source
        self._breeder = source if isinstance(source, Breeder) else None
        self.notify = notify
        self.pages = Pages(source.archive)
        if (at := left_at(source)) is not None:
            self.pages.go(at)
        self.history = UndoHistory()
        self.painting = PaintingProgress(clock)
        self.choosing = Pace(clock)
        """How fast the candidates of a page are painted."""
        self._measure()
        self.pictures = PictureCache()
        """Finished pictures, small."""
        self._dropping: Counter[int] = Counter()
        """How often each is being dropped: what the session answers is known already."""
        self.previews: dict[int, Picture] = {}
        """What is seen so far of pictures being painted."""
        self.plan: Plan = source.archive.plan()
        """What is decided about the pages to come."""
        self.founding_words = founding_words(source)
        """What newcomers show unless the plan says otherwise; empty if that is not known."""
        self.founding_page = page_size(source)
        """Pictures on a page unless the plan says otherwise."""
        self.founding_times = candidates_of(source)
        """Candidates for each picture of a page, likewise."""
        self.seed = seed_of(source)
        """What all noise follows from; None if it is not known."""
        self.branch = branch_of(source)
        """The branch that is on the table."""
        self._arrival: int | None = None
        """Where to be in a branch that was asked for."""
        self.durable = Durable()
        """Which judgements are saved."""
        self.unsaved = ""
        """Why saving fails at present, in a few words; empty if it does not."""
        self.breeding = False
        """Whether children were asked for and are not born yet."""
        self.locating = False
        """Whether a place is looked for."""
        self.located: events.PlaceFound | None = None
        self.change_remarks: Sequence[str] = ()
        """What the model does not know of the words whose place was looked for last."""
        """The place that was found last."""
        self.drafts: events.DraftsPainted | None = None
        """How far it is with children of a size that are not all born yet."""
        self.ready: events.PaintedAhead | None = None
        """How much of the page that would be bred now is painted already."""
        self._expected: tuple[object, ...] = ()
        """What the session expects to be asked for."""
        self._on_awaiting = on_awaiting
        self._follows = follows
        """Whether the cursor goes to children when they are born."""
        self._stopping = 0
        """How often painting is being stopped: what is born meanwhile is not painted."""
        self._used: Sequence[int] = ()
        """Whose marks have done their work once those are born."""
        self.weighing: int | None = None
        """The picture whose words are being weighed."""
        self.effects: dict[int, Mapping[str, float]] = {}
        """What words do, of pictures for which that was asked."""
        self.advances = False
        """Whether rating a picture moves on to the next."""
        self.model: ModelInfo | None = None
        """The model, once it is loaded."""
        self.preparing = "loading the model…"
        """What is done before that."""
        self.kept: dict[int, Kept] = {}
        """Ratings that wait for their pictures, by individual, the latest last."""
        self.ended: str | None = None
        """None while the session runs; then why it ended, empty if as wanted."""
        self.genome: Callable[[int], Genome] = lru_cache(maxsize=64)(source.archive.genome)
        """Read a genome, or return it again."""
        self._distances: Distances | None = None

    def distance(self, card: Card) -> float | None:
        """Return how far a picture is from that of its main parent; None if that is not known."""
        if card.state is not State.PAINTED:
            return None
        births = self.pages.cards.births
        if self._distances is None or self._distances.births is not births:
            self._distances = Distances(births, self.source.archive.sight)
        try:
            return self._distances.to_parent(card.id)
        except FancierError:  # one damaged record; the rest is shown
            return None

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed here."""
        return self._breeder is None

    @property
    def page(self) -> int:
        """Pictures bred at once."""
        return self.plan.page or self.founding_page

    @property
    def places(self) -> int:
        """Pictures of the generation on the screen, with those that are still to be born."""
        pages, drafts = self.pages, self.drafts
        coming = 0
        if drafts is not None and not self.breeding and pages.generation == pages.generations[-1]:
            coming = drafts.left
        return max(1, len(pages.shown) + coming)

    @property
    def may_breed(self) -> bool:
        """Whether there is something to breed from, or nothing is needed."""
        pages = self.pages
        anyhow = pages.marked or self.plan.is_of_newcomers(self.page) or not pages.cards
        return bool(anyhow or pages.cards.judged)

    def _seen(self, card: Card) -> bool:
        """Return whether there is anything to see of a picture; say why if not."""
        seen = self._is_seen(card)
        if not seen:
            self.notify(f"#{card.id} {card.missing}")
        return seen

    def is_awaited(self, card: Card) -> bool:
        """Return whether a picture will soon be there to see."""
        return card.is_under_way and not self._is_seen(card)

    def _is_seen(self, card: Card) -> bool:
        return card.state is State.PAINTED or card.id in self.previews

    def can_change(self) -> bool:
        """Return whether anything can be saved; say why if not."""
        return self._willing() is not None

    def _willing(self) -> Breeder | None:
        """Return the session that breeds, or show why there is none: nothing could be saved."""
        if why := self._unwilling:
            self.notify(why)
        return None if why else self._breeder

    @property
    def _unwilling(self) -> str:
        """Why nothing can be saved; empty if it can."""
        if self.ended is not None:
            return f"the session has ended: {self.ended or 'open the population again'}"
        return "read-only: nothing can be changed" if self._breeder is None else ""

    def branches(self) -> Sequence[Branch]:
        """Return all branches, or none where one cannot go on in them."""
        return () if (breeder := self._willing()) is None else breeder.branches()

    def leave(self) -> None:
        """Remember branch and cursor for the next time."""
        if self._breeder is not None:
            self._breeder.leave(self.pages.cursor)

    def _await(self, awaited: bool, *, came: bool = False) -> int:
        """Await children, or no longer; return how many keys typed for them are dropped."""
        self.breeding = awaited
        return self._on_awaiting(awaited, came)

    def _drop_unfinished(self) -> None:
        self.drafts = None
        for card in self.pages.cards.drawn:
            if card.is_under_way:
                card.state = State.UNPAINTED
        for id in [id for id in self.previews if self.pages.cards[id].state is not State.DRAFT]:
            del self.previews[id]
        self._measure()

    def _measure(self) -> None:
        """Look again how far painting is; of another process's painting nothing is known."""
        if self._breeder is not None:
            self.painting.update(self.pages.cards)

    def _renew(self) -> None:
        """Take over what the archive has now, with cursor and marks where they were."""
        before, self.pages = self.pages, Pages(self.source.archive)
        self.pages.resume(before)
        self.plan = self.source.archive.plan()

    def _switch(self, branch: str) -> None:
        """Show another branch; judgements in the one before are not undone here."""
        self.branch = branch
        self.pages, self.history = Pages(self.source.archive), UndoHistory()
        at = self._fork_point(branch) if self._arrival is None else self._arrival
        if at is not None:
            self.pages.go(at)
        self.plan = self.source.archive.plan()
        self.previews.clear()
        self.kept.clear()
        self.drafts = None
        self._await(False, came=True)

    def _fork_point(self, name: str) -> int | None:
        """Return the individual that a branch goes on from if nobody was born in it yet."""
        branches = () if self._breeder is None else self._breeder.branches()
        branch = next((each for each in branches if each.name == name), None)
        ids = self.source.archive.ids()
        if branch is None or branch.at < 0 or not len(ids) or ids[-1] >= branch.fork:
            return None
        return branch.at

    # Events of the session

    def _explain(self, id: int) -> None:
        """Say of a page of a single picture why it is there: nothing was bred from the others."""
        origin = self.pages.cards[id].birth.origin
        if origin.operator == TAKE_OFF.name:
            self.notify(f"#{id} is without the edit of #{origin.params['of']}; , goes back to that")

    def receive(self, event: events.Event) -> None:
        """Take in what happened."""
        cards = self.pages.cards
        match event:
            case events.Ready(info):
                self.model = info
            case events.Born(individuals, painted):
                self._take_newborns(individuals, painted)
            case events.DraftsPainted() as drafts:
                self.drafts = drafts
                self.choosing.update(drafts.work)
            case events.Stepped(id, step, steps, _):
                card = cards[id]
                if card.is_under_way or card.state is State.DRAFT:  # else it was stopped meanwhile
                    card.state, card.step, card.steps = State.PAINTING, step, steps
            case events.PaintedAhead() as ready:
                self.ready = ready
            case events.Painted(id, picture, wanted):
                cards[id].state, cards[id].error = State.PAINTED, ""
                self._dropping.pop(id, None)  # it came before it could be dropped
                if wanted is not None and self.pages.want(id, wanted):
                    self.notify("the best first")
                self.pictures.put(id, picture)
                self.previews.pop(id, None)
            case events.Drafted(id, picture, step, steps):
                cards[id].state, cards[id].step, cards[id].steps = State.DRAFT, step, steps
                self.previews[id] = picture
            case events.PaintingFailed(id, error):
                self._take_failure(cards[id], error)
            case events.PaintingStopped():
                self._stopping -= 1
            case events.Judged(judgements):
                for judgement in judgements:
                    self.durable.save(judgement)
            case events.Planned() | events.Noted():
                self.durable.others = max(0, self.durable.others - 1)
            case events.SaveFailed(text, brief):
                self.unsaved = brief
                dropped = self._on_awaiting(False, False)  # keys do not wait for room on the disk
                self.notify(_with_dropped(text, dropped))
            case events.CaughtUp():
                self.unsaved = ""
                self.notify("all is saved again")
            case events.Renewed():
                self._renew()
            case events.Switched(branch):
                self._switch(branch)
            case events.PlaceFound():
                if self.locating:
                    self.locating, self.located = False, event
                    if event.remark:
                        self.change_remarks = [*self.change_remarks, event.remark]
            case events.WordsWeighed(id, effects):
                self.effects[id], self.weighing = effects, None
            case events.Refused(text):
                self.locating, self.weighing, self.drafts = False, None, None
                if self.breeding and not self.durable.others:  # what held for that page still holds
                    self.plan = self.source.archive.plan()
                self.notify(_with_dropped(text, self._await(False)))
            case events.Notice(text, preparing=True) if self.model is None:
                self.preparing = text
            case events.Notice(text):
                self.notify(text)
            case events.Stopped(error):
                self.ended = error
                self.locating = False
                dropped = self._await(False)
                self._drop_unfinished()
                if error:
                    self.notify(_with_dropped(error, dropped))
        self._measure()
        self._expect()

    def _take_newborns(
        self, individuals: Sequence[Individual], painted: Sequence[events.Painted]
    ) -> None:
        """Take in a page, or one more of a brood, with those pictures that are there already."""
        cards = self.pages.cards
        self.pages.add(individuals)
        if self._stopping:
            for born in individuals:
                cards[born.id].state = State.UNPAINTED
        for one in painted:
            cards[one.id].state = State.PAINTED
            self.pictures.put(one.id, one.picture)
        if self.breeding and individuals:
            for id in self._used:
                cards[id].marked = False
            first = individuals[0]
            self.history.breed(first.generation)
            if self._follows():
                self.pages.go(first.id)
                self._explain(first.id)
            else:
                self.notify("the next page is there: . in the gallery goes on to it")
        self._await(False, came=True)
        if (drafts := self.drafts) is not None:
            left = drafts.left - len(individuals)
            self.drafts = replace(drafts, left=left) if left > 0 else None

    def _take_failure(self, card: Card, error: str) -> None:
        """Take in that a picture was not painted, because it was dropped or could not be."""
        if error != DROPPED:
            card.fail(error)
            if Wanted.of(card.birth.origin.params) is not None:
                self.pages.want(card.id, -math.inf)
            self.previews.pop(card.id, None)
        elif self._dropping[card.id]:  # it may be wanted again by now
            self._dropping[card.id] -= 1
        elif card.state is not State.DRAFT:  # what is seen of it stays
            card.fail(error)
            self.previews.pop(card.id, None)

    def _expect(self) -> None:
        """Let the session know which page would be asked for now, if that is another one."""
        breeder, parents, size = self._breeder, tuple(self.pages.marked), self.plan.size
        expected = self.page, parents, size, self.branch
        if breeder is not None and self.ended is None and expected != self._expected:
            self._expected = expected
            breeder.expect(self.page, parents=parents, size=size)


def _with_dropped(text: str, keys: int) -> str:
    """Return a notice about a page that does not come, with how many keys were typed for it."""
    if not keys:
        return text
    return f"{text}; {counted(keys, 'key')} typed for it {'is' if keys == 1 else 'are'} dropped"
