"""Everything a person can do with a population, as the app's screens ask for it.

The controller knows no widget. A judgement is on the pages at once and in the store a moment
later; `durable` knows what is on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from evolve.errors import FancierError
from evolve.genome import Prompt
from evolve.genome.masks import Mask
from evolve.judgements import RATINGS
from evolve.models.words.phrasing import Phrasings, WordChange
from evolve.search.edits import TakenOff
from evolve.search.plan import MOST_PAGE, Plan
from evolve.search.search import Alteration
from tui.controller.cards import State
from tui.controller.judging import Judging

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.studio.showing.saved_session import SavedSession

UNPAINTED = "it has to be painted before it can be changed"


class PopulationController(Judging):
    """The judgements of a person, and their requests."""

    def breed(self) -> None:
        """Breed a page from the marked pictures, or else from the best."""
        if not self.can_change():
            return
        if not self.may_breed:
            self.notify(
                f"first rate a few with {RATINGS[0]}-{RATINGS[-1]} or mark some with space; "
                "N paints new ones"
            )
        elif self._breed(self.pages.marked):
            self.plan = self.plan.used()

    def draft(self) -> None:
        """Breed twice a page of drafts, painted half way; those that are liked are finished."""
        parents = tuple(self.pages.marked)
        count = min(MOST_PAGE, 2 * self.page)
        if self.ask(lambda breeder: breeder.draft(count, parents=parents), used=parents):
            self.plan = self.plan.used()

    def mutate(self) -> None:
        """Breed a page of variations of the picture under the cursor, whatever is planned."""
        card = self.pages.current
        if card is not None and self._seen(card):
            self._breed([card.id], by_places=False)

    def newcomers(self, count: int) -> None:
        """Make another page of this prompt: pictures of fresh noise. Marks stay for later."""
        self.ask(lambda breeder: breeder.newcomers(count))

    def look(self, around: int) -> bool:
        """Make a ring of steps around a picture; return whether it was asked for."""
        size = self.plan.size
        return self.ask(lambda breeder: breeder.look(around, size=size))

    def can_alter(self) -> bool:
        """Return whether one place of the picture under the cursor can be changed.

        Notify why if not. One that is being painted will be there once its place is marked.
        """
        card = self.pages.current
        if card is None or not self.can_change():
            return False
        if card.state is State.PAINTED or card.is_under_way:
            return True
        self.notify(f"#{card.id} {card.missing}")
        return False

    def alter(self, alteration: Alteration) -> None:
        """Make a page of the picture under the cursor that differs in one place only."""
        card = self.pages.current
        if card is None or card.state is not State.PAINTED:
            self.notify(UNPAINTED)
            return
        self.ask(lambda breeder: breeder.alter(card.id, alteration, self.page))

    def words_taken(self, other: int, words: str) -> Prompt | None:
        """Return the prompt of the picture under the cursor with a thing as another describes it.

        None, with a notice, if that cannot be done.
        """
        card, breeder = self.pages.current, self._willing()
        if card is None or breeder is None:
            return None
        try:
            return breeder.words_taken(card.id, other, words)
        except FancierError as error:
            self.notify(str(error))
            return None

    def take_off(self) -> None:
        """Make a child of the picture under the cursor without its latest edit."""
        self.alter(TakenOff())

    def locate(
        self,
        change: WordChange,
        *,
        tries: bool = False,
        place: Mask | None = None,
        other: int | None = None,
    ) -> Phrasings | None:
        """Look for the place of a change in the picture under the cursor.

        Args:
            change: What is to be different.
            tries: Whether to try out how much weight the words need.
            place: Where to try it, if that is known.
            other: The picture that it is taken from, if any.

        Returns:
            The phrasings without it and with it; None, with a notice, if it is not looked for.
        """
        card = self.pages.current
        if card is None or card.state is not State.PAINTED:
            self.notify(UNPAINTED)
        elif breeder := self._willing():
            try:
                phrasings = breeder.phrasings(card.id, change)
                phrasings = phrasings if tries else phrasings.plain
            except FancierError as error:
                self.notify(str(error))
                return None
            self.located = None
            self.change_remarks = breeder.change_remarks(card.id, change, phrasings, other)
            self._sought = breeder.locate(card.id, phrasings, place)
            return phrasings
        return None

    def stop_locating(self) -> None:
        """Stop looking for a place; one that is found nevertheless is ignored."""
        if self.locating and self._breeder is not None:
            self._sought = None
            self._breeder.stop_locating()

    def weigh(self, individual: int) -> bool:
        """Begin to measure what each word does to a picture; return whether that was possible."""
        breeder = self._willing()
        if breeder is not None:
            self.weighing = breeder.weigh(individual)
        return breeder is not None

    def _breed(self, parents: list[int], *, by_places: bool = True) -> bool:
        chosen, size = tuple(parents), self.plan.size
        return self.ask(
            lambda breeder: breeder.breed(
                self.page, parents=chosen, by_places=by_places, size=size
            ),
            used=chosen,
        )

    def ask(self, ask: Callable[[SavedSession], int], *, used: Sequence[int] = ()) -> bool:
        """Ask for children of parents `used`, unless others are coming; return whether it did."""
        if self.breeding:
            self.notify("the next page is already being bred")
        elif breeder := self._willing():
            self._used = used
            self._await(True)
            ask(breeder)
            return True
        return False

    def replan(self, plan: Plan) -> bool:
        """Change the plan of the pages to come; return whether it is in force."""
        if plan == self.plan:
            return True
        if (breeder := self._willing()) is None:
            return False
        self.plan = plan
        self.durable.others += 1
        breeder.plan(plan)
        self._expect()
        return True

    def paint_missing(self) -> None:
        """Paint again what failed, and what was stopped; else what was left on this page."""
        missing = self.pages.missing or self.pages.left
        if not missing:
            self.notify("nothing to paint again: no picture is missing")
        elif self.can_change():
            self._paint(missing)
            self._measure()

    def stop_painting(self) -> bool:
        """Stop painting; return whether anything was being painted."""
        busy = self.painting.total or self.drafts is not None
        if self._breeder is None or not busy or self.ended is not None:
            return False
        self._drop_unfinished()
        self._stopping += 1
        self._breeder.cancel()
        self.notify("painting stopped; r paints the rest")
        return True

    def fork(self, name: str, at: int) -> None:
        """Make a branch that goes on from an individual's page, on any thread.

        Raises:
            FancierError: The name is taken or impossible, or nothing can be saved.
        """
        if self._breeder is None or self._unwilling:
            raise FancierError(self._unwilling)
        self._breeder.fork(name, at)

    def switch(self, branch: str, at: int | None = None) -> None:
        """Go on in another branch, at an individual or else on its newest page.

        Read-only, it is shown.

        Raises:
            FancierError: It cannot be read.
        """
        if self._goes_on():
            self.rate_unseen()
            self.source.switch(branch)
            self._arrival = at
            self._on_awaiting(True, False)
