"""What is known of the population on the screen.

Plain data without a widget. `SessionFollower` keeps it up to date, and `PopulationController` has
what a person can do with it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.cache import LRUCache

from evolve.errors import FancierError
from evolve.genome import Genome
from evolve.rendering.protocol import ModelInfo
from evolve.scoring.looks.distance import Distances
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Picture
from tui.controller.cards import Card, State
from tui.controller.durable import Durable
from tui.controller.pages import Pages
from tui.controller.painting_progress import PaintingProgress, TimeLeft
from tui.controller.undo_history import UndoHistory

if TYPE_CHECKING:
    from populations.core.branches import Branch
    from populations.core.population import Population
    from populations.core.view import View
    from populations.studio.showing.saved_session import SavedSession
    from populations.studio.showing.viewing import Viewing

AT_HAND = 128
"""Pictures that are kept: more than all screens show at once, or what one lets go of for another
would be read again and again."""
Notify = Callable[[str], None]
Awaiting = Callable[[bool, bool], int]
"""Called with whether another page is awaited from now on; if not, with whether it came. Returns
how many keys that were typed for it are dropped."""


class Kept(NamedTuple):
    """When a rating was given whose picture could not be seen yet; its card has the value."""

    page: int
    judged: int
    """How often a person had judged before it."""


class PopulationState:
    """The pages of a population, and the state of everything that was asked for."""

    unsaved = ""
    """Why saving fails at present, in a few words; empty if it does not."""
    breeding = False
    """Whether children were asked for and are not born yet."""
    _sought: int | None = None
    """The number of the request for the place that is looked for."""
    located: events.PlaceFound | None = None
    """The place that was found last."""
    change_remarks: Sequence[str] = ()
    """What the model does not know of the words that were located last."""
    drafts: events.DraftsPainted | None = None
    """Progress of children of a size that are not all born yet."""
    ready: events.PaintedAhead | None = None
    """How much of the page that would be bred now is painted already."""
    _expected: tuple[object, ...] = ()
    """What the session expects to be asked for."""
    _stopping = 0
    """Requests to stop painting that are under way: what is born meanwhile is not painted."""
    _answered = 0
    """The number of the latest request for a page that is answered; that of the page which is
    awaited is larger."""
    _used: Sequence[int] = ()
    """Parents of the page that is awaited: they lose their marks when it is born."""
    weighing: int | None = None
    """The number of the request to weigh the words of a picture."""
    advances = False
    """Whether rating a picture moves on to the next."""
    model: ModelInfo | None = None
    """The model, once it is loaded."""
    preparing = "loading the model…"
    """What is being done until then."""
    ended: str | None = None
    """None while the session runs; then why it ended, empty if as wanted."""
    _arrival: int | None = None
    """The individual to show in a branch that was asked for."""
    _distances: Distances | None = None

    def __init__(
        self,
        source: SavedSession | Viewing,
        *,
        notify: Notify,
        on_awaiting: Awaiting = lambda awaited, came: 0,
        follows: Callable[[], bool] = lambda: True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.source = source
        self._breeder = cast("SavedSession", source) if source.breeds else None
        self.notify = notify
        self.pages = Pages(source.archive, past=source.past)
        if source.individual is not None:
            self.pages.go(source.individual)
        self.history = UndoHistory()
        self.painting = PaintingProgress(clock)
        self.choosing = TimeLeft(clock)
        """How fast the candidates of a page are painted."""
        self._measure()
        self.pictures: LRUCache[int, Picture] = LRUCache(AT_HAND)
        """Finished pictures, small."""
        self._dropping: Counter[int] = Counter()
        """How often each is being dropped: what the session answers is known already."""
        self.previews: dict[int, Picture] = {}
        """What is seen so far of pictures being painted."""
        self.plan: Plan = source.archive.plan()
        """What is decided about the pages to come."""
        self.branch = source.branch
        """The branch that is shown."""
        self.durable = Durable()
        """Which judgements are saved."""
        self._on_awaiting = on_awaiting
        self._follows = follows
        """Whether the cursor goes to children when they are born."""
        self.effects: dict[int, Mapping[str, float]] = {}
        """What words do, of pictures for which that was asked."""
        self.kept: dict[int, Kept] = {}
        """Ratings that wait for their pictures, by individual, the latest last."""
        self.genome: Callable[[int], Genome] = lru_cache(maxsize=64)(source.archive.genome)
        """Read a genome, or return it again."""

    def keep_picture(self, id: int, picture: Picture) -> None:
        """Keep a finished picture, small, instead of an earlier one."""
        self.pictures.discard(id)  # Textual's cache keeps what it has of a key
        self.pictures[id] = picture

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
    def locating(self) -> bool:
        """Whether a place is looked for."""
        return self._sought is not None

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed here."""
        return self._breeder is None

    @property
    def page(self) -> int:
        """Pictures bred at once."""
        return self.plan.page or self.source.page

    @property
    def places(self) -> int:
        """Pictures of the generation on the screen, with those that are still to be born."""
        pages, drafts = self.pages, self.drafts
        coming = 0
        if (
            drafts is not None
            and not self.breeding
            and [pages.generation] == pages.generations[-1:]
        ):
            coming = drafts.left
        return max(1, len(pages.shown) + coming)

    @property
    def may_breed(self) -> bool:
        """Whether there is something to breed from, or nothing is needed."""
        pages = self.pages
        anyhow = pages.marked or self.plan.is_of_newcomers(self.page) or not pages.cards
        return bool(anyhow or pages.cards.judged)

    def _seen(self, card: Card) -> bool:
        """Return whether there is anything to see of a picture; notify why if not."""
        seen = self._is_seen(card)
        if not seen:
            self.notify(self._unwilling or f"#{card.id} {card.missing}")
        return seen

    def missing(self, card: Card) -> str:
        """Return why there is no picture, and which key helps if one can; empty if there is one."""
        return card.missing.partition(":")[0] if self._unwilling else card.missing

    def is_awaited(self, card: Card) -> bool:
        """Return whether a picture will soon be there to see."""
        return card.is_under_way and not self._is_seen(card)

    def _is_seen(self, card: Card) -> bool:
        return card.state is State.PAINTED or card.id in self.previews

    def can_change(self) -> bool:
        """Return whether anything can be saved; notify why if not."""
        return self._willing() is not None

    def _willing(self) -> SavedSession | None:
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
        """Return all branches, the main one first; none, with a notice, if no other can be shown.

        Raises:
            FancierError: They cannot be read.
        """
        return self.everyone.branches() if self._goes_on() else ()

    def _goes_on(self) -> bool:
        """Return whether the session has not ended; notify why if it has."""
        if self.ended is not None:
            self.notify(self._unwilling)
        return self.ended is None

    @property
    def everyone(self) -> Population:
        """The population with all its branches, of which one is shown."""
        return self._shown.population

    @property
    def branch_names(self) -> Sequence[str]:
        """The names of all branches of the population, the main one first."""
        return [branch.name for branch in self.everyone.branches()]

    def elsewhere(self, individuals: Sequence[int]) -> dict[int, str]:
        """Return the branch in which each was born, of those that are not in the branch shown.

        Raises:
            FancierError: The branches cannot be read.
        """
        here, names, born_in = self._shown.members(), self.branch_names, self.everyone.born_in()
        return {id: names[int(born_in[id])] for id in individuals if not here[id]}

    @property
    def _shown(self) -> View[Population]:
        return cast("View[Population]", self.source.archive)  # a session may breed any archive

    @property
    def words(self) -> str:
        """The prompt of newcomers as text."""
        prompt = self.plan.prompt
        return self.source.words if prompt is None else str(prompt)

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
        """Update the progress of painting; of another process's painting nothing is known."""
        if self._breeder is not None:
            self.painting.update(self.pages.cards)

    def _expect(self) -> None:
        """Let the session know which page would be asked for now, if that is another one."""
        breeder, parents, size = self._breeder, tuple(self.pages.marked), self.plan.size
        expected = self.page, parents, size, self.branch
        if breeder is not None and self.ended is None and expected != self._expected:
            self._expected = expected
            breeder.expect(self.page, parents=parents, size=size)
