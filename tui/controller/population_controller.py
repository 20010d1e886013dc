"""Everything a person can do with a population, as the app's screens ask for it.

The controller knows no widget. What is said is on the pages at once and in the store a moment
later; `durable` knows what is on its way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from evolve.genome import Genome
from evolve.genome.edit import Box
from evolve.judgements import RATINGS
from evolve.rendering.protocol import ModelInfo
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Judgement, Picture
from tui.controller import forecast, picking
from tui.controller.cards import Card, CardKind, State
from tui.controller.durable import Durable
from tui.controller.pages import Pages
from tui.controller.painting_progress import PaintingProgress
from tui.controller.ports import (
    Breeder,
    Source,
    branch_of,
    founding_words,
    left_at,
    page_size,
    seed_of,
)
from tui.controller.undo_history import Changes, JudgementChange, UndoHistory
from tui.drawing.picture_cache import PictureCache

if TYPE_CHECKING:
    from populations.core.branches import Branch

Notify = Callable[[str], None]


class PopulationController:
    """One population on the table."""

    def __init__(
        self,
        source: Source,
        *,
        notify: Notify,
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
        self._measure()
        self.pictures = PictureCache()
        """Finished pictures, small."""
        self.previews: dict[int, Picture] = {}
        """What is seen so far of pictures being painted."""
        self.plan: Plan = source.archive.plan()
        """What is decided about the pages to come."""
        self.founding_words = founding_words(source)
        """What newcomers show unless the plan says otherwise; empty if that is not known."""
        self.founding_page = page_size(source)
        """Pictures on a page unless the plan says otherwise."""
        self.seed = seed_of(source)
        """What all noise follows from; None if it is not known."""
        self.branch = branch_of(source)
        """The branch that is on the table."""
        self._arrival: int | None = None
        """Where to be in a branch that was asked for."""
        self.durable = Durable()
        """What is saved of what was said."""
        self.unsaved = ""
        """Why saving fails at present, in a few words; empty if it does not."""
        self.breeding = False
        """Whether children were asked for and are not born yet."""
        self._used: Sequence[int] = ()
        """Whose marks have done their work once those are born."""
        self.advances = False
        """Whether rating a picture moves on to the next."""
        self.model: ModelInfo | None = None
        """The model, once it is loaded."""
        self.ended: str | None = None
        """None while the session runs; then why it ended, empty if as wanted."""
        self.genome: Callable[[int], Genome] = lru_cache(maxsize=64)(source.archive.genome)
        """Read a genome, or return it again."""

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed here."""
        return self._breeder is None

    # What a person says

    def rate(self, value: int) -> None:
        """Rate the picture under the cursor (`RATINGS`), or take its rating back with 0."""
        self._say("rate", value)

    def reject(self) -> None:
        """Throw the picture under the cursor out, or take it back in."""
        self._toggle("reject")

    def pin(self) -> None:
        """Keep the picture under the cursor, or no longer."""
        self._toggle("pin")

    def mark(self) -> None:
        """Make the picture under the cursor a parent of the next page, or no longer."""
        self._toggle("mark")

    def pick(self) -> None:
        """Give the picture under the cursor the next place of its page, or take its place away."""
        if card := self.pages.current:
            said = picking.pick(self.pages.showing, card)
            if not said:
                self.notify("three are picked already: o on one of them takes it back")
            self._say_all(said)

    def answer(self, kind: Literal["none", "same"]) -> None:
        """Say of the page on the screen that nothing is wanted, or that all look the same."""
        said = picking.answer(self.pages.showing, kind)
        self._say_all(said)
        if kind == "same" and self._breeder is not None:
            isnt = not any(value for _, _, value in said)
            self.notify("taken back" if isnt else forecast.after_same(self.pages, self.plan))

    def note(self, card: Card, text: str) -> None:
        """Write on a picture; nothing takes what was written before back."""
        if text != card.note and (breeder := self._willing()):
            card.note, self.durable.others = text, self.durable.others + 1
            breeder.note(card.id, text)

    def undo(self) -> None:
        """Take back what was said last, and go there."""
        self._repeat(self.history.undo(), "nothing to undo")

    def redo(self) -> None:
        """Say again what was taken back last, and go there."""
        self._repeat(self.history.redo(), "nothing to redo")

    def _toggle(self, kind: CardKind) -> None:
        if card := self.pages.current:
            self._say(kind, 1 - card.value(kind))

    def _say(self, kind: CardKind, value: int) -> None:
        if card := self.pages.current:
            self._say_all([(card, kind, value)])

    def _say_all(self, said: picking.Said) -> None:
        page = self.pages.generation
        saying = tuple(
            JudgementChange(card.id, kind, card.value(kind), value, page)
            for card, kind, value in said
            if card.value(kind) != value
        )
        if saying and self._may_say(saying):
            self.history.add(saying)
            self._apply(saying)

    def _repeat(self, saying: Changes | None, otherwise: str) -> None:
        if saying is None:
            self.notify(otherwise)
        elif self._may_say(saying):
            self.pages.go(saying[0].individual)
            self._apply(saying)

    def _may_say(self, saying: Changes) -> bool:
        """Return whether it can be saved, where it has to be; marks are not."""
        return all(change.kind == "mark" for change in saying) or self.can_change()

    def _apply(self, saying: Changes) -> None:
        judgements = []
        for change in saying:
            self.pages.cards[change.individual].say(change.kind, change.after, change.page)
            if change.kind != "mark":
                self.durable.say(change)
                judgements.append(
                    Judgement(
                        individual=change.individual,
                        kind=change.kind,
                        value=change.after,
                        page=change.page,
                    )
                )
        if judgements and self._breeder is not None:
            self._breeder.judge(*judgements)

    # What a person asks for

    def breed(self) -> None:
        """Breed a page from the marked ones, or else from the best."""
        parents = self.pages.marked
        anyhow = parents or self.plan.is_of_newcomers(self.page) or not self.pages.cards
        if not anyhow and not self.pages.cards.judged:
            self.notify(
                f"first rate a few with {RATINGS[0]}-{RATINGS[-1]} or mark some with space; "
                "N paints new ones"
            )
        elif self._breed(parents):
            self.plan = self.plan.used()

    def mutate(self) -> None:
        """Breed a page of variations of the picture under the cursor, whatever is planned."""
        if self.pages.cursor is not None:
            self._breed([self.pages.cursor], by_places=False)

    def newcomers(self, count: int) -> None:
        """Make another page of this prompt: pictures of fresh noise. Marks stay for later."""
        self.ask(lambda breeder: breeder.newcomers(count))

    def look(self, around: int) -> None:
        """Make a ring of steps around a picture."""
        self.ask(lambda breeder: breeder.look(around))

    def repaint(self, box: Box) -> None:
        """Make a page of the picture under the cursor that differs inside a box only."""
        card = self.pages.current
        if card is None or card.state is not State.PAINTED:
            self.notify("it has to be painted before a part of it can be painted anew")
            return
        self.ask(lambda breeder: breeder.repaint(card.id, self.page, box=box))

    def _breed(self, parents: list[int], *, by_places: bool = True) -> bool:
        chosen = tuple(parents)
        return self.ask(
            lambda breeder: breeder.breed(self.page, parents=chosen, by_places=by_places),
            used=chosen,
        )

    def ask(self, ask: Callable[[Breeder], None], *, used: Sequence[int] = ()) -> bool:
        """Ask for children of those `used`, unless others are coming; return whether it did."""
        if self.breeding:
            self.notify("the next page is being bred already")
        elif breeder := self._willing():
            self.breeding, self._used = True, used
            ask(breeder)
            return True
        return False

    @property
    def page(self) -> int:
        """Pictures bred at once."""
        return self.plan.page or self.founding_page

    def replan(self, plan: Plan) -> None:
        """Decide something about the pages to come."""
        if plan != self.plan and (breeder := self._willing()):
            self.plan = plan
            self.durable.others += 1
            breeder.plan(plan)

    def paint_missing(self) -> None:
        """Paint again what failed, and what was stopped."""
        missing = self.pages.missing
        if not missing:
            self.notify("nothing to paint again: no picture is missing")
        elif breeder := self._willing():
            for id in missing:
                card = self.pages.cards[id]
                card.state, card.error, card.step = State.WAITING, "", 0
            self._measure()
            breeder.paint(missing)

    def stop_painting(self) -> bool:
        """Stop painting; return whether anything was being painted."""
        if self._breeder is None or not self.painting.total or self.ended is not None:
            return False
        self._drop_unfinished()
        self._breeder.cancel()
        self.notify("painting stopped; r paints the rest")
        return True

    def _drop_unfinished(self) -> None:
        for card in self.pages.cards.drawn:
            if card.state in (State.WAITING, State.PAINTING):
                card.state = State.UNPAINTED
        self.previews.clear()
        self._measure()

    def fork(self, name: str, at: int) -> None:
        """Make a branch that goes on from an individual's page.

        Raises:
            FancierError: The name is taken or impossible.
        """
        if breeder := self._willing():
            breeder.fork(name, at)

    def branches(self) -> Sequence[Branch]:
        """Return all branches, or none where nobody could go on in them."""
        return () if (breeder := self._willing()) is None else breeder.branches()

    def switch(self, branch: str, at: int | None = None) -> None:
        """Go on in another branch, at an individual or else on its newest page.

        Raises:
            FancierError: It cannot be read.
        """
        if breeder := self._willing():
            breeder.switch(branch)
            self._arrival = at

    def leave(self) -> None:
        """Remember branch and cursor for the next time."""
        if self._breeder is not None:
            self._breeder.leave(self.pages.cursor)

    def can_change(self) -> bool:
        """Return whether anything can be saved; say why if not."""
        return self._willing() is not None

    def _willing(self) -> Breeder | None:
        """Return who does what is asked for, or say why nobody can: nothing could be saved."""
        if self.ended is not None:
            self.notify(f"the session has ended: {self.ended or 'open the population again'}")
            return None
        if self._breeder is None:
            self.notify("this is for looking only: nothing can be changed here")
        return self._breeder

    def _measure(self) -> None:
        """Look again how far painting is; of another process's painting nothing is known."""
        if self._breeder is not None:
            self.painting.update(self.pages.cards)

    def _renew(self) -> None:
        """Put on the table what the archive tells now, with cursor and marks where they were."""
        before, self.pages = self.pages, Pages(self.source.archive)
        self.pages.resume(before)
        self.plan = self.source.archive.plan()

    def _switch(self, branch: str) -> None:
        """Put another branch on the table; what was said in the one before is not undone here."""
        self.branch = branch
        self.pages, self.history = Pages(self.source.archive), UndoHistory()
        if self._arrival is not None:
            self.pages.go(self._arrival)
        self.plan = self.source.archive.plan()
        self.previews.clear()
        self.breeding = False

    # What the session tells

    def receive(self, event: events.Event) -> None:
        """Take in what happened."""
        cards = self.pages.cards
        match event:
            case events.ModelReady(info):
                self.model = info
            case events.Born(individuals):
                self.pages.add(individuals)
                if self.breeding and individuals:
                    for id in self._used:
                        cards[id].marked = False
                    self.pages.go(individuals[0].id)
                self.breeding = False
            case events.Painting(id, step, steps, _):
                card = cards[id]
                if card.state in (State.WAITING, State.PAINTING):  # else it was stopped meanwhile
                    card.state, card.step, card.steps = State.PAINTING, step, steps
            case events.Painted(id, picture):
                cards[id].state, cards[id].error = State.PAINTED, ""
                self.pictures.put(id, picture)
                self.previews.pop(id, None)
            case events.PaintingFailed(id, error):
                cards[id].state, cards[id].error = State.FAILED, error
                self.previews.pop(id, None)
            case events.Judged(judgements):
                for said in judgements:
                    self.durable.save(said)
            case events.Planned() | events.Noted():
                self.durable.others = max(0, self.durable.others - 1)
            case events.Unsaved(text, brief):
                self.unsaved = brief
                self.notify(text)
            case events.CaughtUp():
                self.unsaved = ""
                self.notify("all is saved again")
            case events.Renewed():
                self._renew()
            case events.Switched(branch):
                self._switch(branch)
            case events.Refused(text):
                if self.breeding and not self.durable.others:  # what held for that page still holds
                    self.plan = self.source.archive.plan()
                self.breeding = False
                self.notify(text)
            case events.Notice(text):
                self.notify(text)
            case events.Stopped(error):
                self.ended = error
                self.breeding = False
                self._drop_unfinished()
                if error:
                    self.notify(error)
        self._measure()
