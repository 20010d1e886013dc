"""What the session reports, taken in event by event."""

from __future__ import annotations

import math
from dataclasses import replace

from evolve.scoring.wanted import Wanted
from evolve.search.individual import Individual
from evolve.search.operators import TAKE_OFF
from evolve.session import events
from evolve.session.drafting import DROPPED
from populations.core.captions import counted
from tui.controller.cards import Card, State
from tui.controller.pages import Pages
from tui.controller.population_state import PopulationState
from tui.controller.undo_history import UndoHistory


class SessionFollower(PopulationState):
    """What is known of a population, kept up to date by the events of its session."""

    def receive(self, event: events.Event) -> None:
        """Take in what happened."""
        match event:
            case events.Ready(info):
                self.model = info
            case events.Born():
                self._take_newborns(event)
            case events.DraftsPainted() as drafts:
                self.drafts = drafts
                self.choosing.update(drafts.work)
            case events.PaintedAhead() as ready:
                self.ready = ready
            case events.PaintingStopped():
                self._stopping -= 1
            case events.Judged(judgements):
                for judgement in judgements:
                    self.durable.save(judgement)
            case events.Planned() | events.Noted():
                self.durable.others = max(0, self.durable.others - 1)
                self._take_since()
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
                self._take_place(event)
            case events.WordsWeighed(id, effects, request):
                self.effects[id] = effects
                if self.weighing == request:  # else others are weighed by now
                    self.weighing = None
            case events.Refused():
                self._take_refusal(event)
            case events.Notice(text, preparing=True) if self.model is None:
                self.preparing = text
            case events.Notice(text):
                self.notify(text)
            case events.Stopped(error):
                self._take_end(error)
            case _:
                self._take_painting(event)
        self._measure()
        self._expect()

    def _take_painting(self, event: events.Event) -> None:
        """Take in the progress of a picture."""
        cards = self.pages.cards
        match event:
            case events.Stepped(id, step, steps, _):
                card = cards[id]
                if card.is_under_way or card.state is State.DRAFT:  # else it was stopped meanwhile
                    card.state, card.step, card.steps = State.PAINTING, step, steps
            case events.Drafted(id, picture, step, steps):
                cards[id].state, cards[id].step, cards[id].steps = State.DRAFT, step, steps
                self.previews[id] = picture
            case events.Painted(id, picture, wanted):
                cards[id].state, cards[id].error = State.PAINTED, ""
                self._dropping.pop(id, None)  # it came before it could be dropped
                if wanted is not None and self.pages.want(id, wanted):
                    self.notify("the best first")
                self.keep_picture(id, picture)
                self.previews.pop(id, None)
            case events.PaintingFailed(id, error):
                self._take_failure(cards[id], error)

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

    def _take_newborns(self, born: events.Born) -> None:
        """Take in a page, or one more of a brood, with those pictures that are there already."""
        cards, individuals = self.pages.cards, born.individuals
        self.pages.add(individuals)
        self._take_since()
        if self._stopping:
            for each in individuals:
                cards[each.id].state = State.UNPAINTED
        for one in born.painted:
            cards[one.id].state = State.PAINTED
            self.keep_picture(one.id, one.picture)
        if self._answers(born):
            self._go_to(individuals[0])
            self._await(False, came=True)
        if (drafts := self.drafts) is not None:
            left = drafts.left - len(individuals)
            self.drafts = replace(drafts, left=left) if left > 0 else None

    def _go_to(self, first: Individual) -> None:
        """Show the page that was awaited, and unmark its parents."""
        for id in self._used:
            self.pages.cards[id].marked = False
        self.history.breed(first.generation)
        if not self._follows():
            self.notify("the next page is there: . in the gallery goes on to it")
            return
        self.pages.go(first.id)
        if first.origin.operator == TAKE_OFF.name:  # why it is there alone: it was not bred
            edit = first.origin.params["of"]
            self.notify(f"#{first.id} is without the edit of #{edit}; , goes back to that")

    def _take_place(self, found: events.PlaceFound) -> None:
        if found.request == self._sought:  # else that search was given up
            self._sought, self.located = None, found
            if remark := found.located.remark:
                self.change_remarks = [*self.change_remarks, remark]

    def _take_refusal(self, refused: events.Refused) -> None:
        """Take in that something does not come that was asked for."""
        match refused.what:
            case "place" if refused.request == self._sought:  # else that search was given up
                self._sought = None
                self.notify(refused.text)
            case "words" if refused.request == self.weighing:  # else others are weighed by now
                self.weighing = None
                self.notify(refused.text)
            case "page":
                self._take_lost_page(refused)

    def _take_since(self) -> None:
        """Take over when the prompt came into force: after a page that was under way."""
        saved = self.source.archive.plan()
        if saved.prompt == self.plan.prompt:
            self.plan = replace(self.plan, since=saved.since)

    def _take_lost_page(self, refused: events.Refused) -> None:
        self.drafts = None
        if not self._answers(refused):
            self.notify(refused.text)
            return
        if not self.durable.others:  # what held for that page still holds
            self.plan = self.source.archive.plan()
        self.notify(_with_dropped(refused.text, self._await(False)))

    def _answers(self, answer: events.Born | events.Refused) -> bool:
        """Return whether this is the first answer to the request for the page that is awaited."""
        if not self.breeding or answer.request <= self._answered:
            return False
        self._answered = answer.request
        return True

    def _take_end(self, error: str) -> None:
        """Take in that the session has ended, and why if that was not wanted."""
        self.ended = error
        self._sought = self.weighing = None
        dropped = self._await(False)
        self._drop_unfinished()
        if error:
            self.notify(_with_dropped(error, dropped))

    def _renew(self) -> None:
        """Take over what the archive has now, with cursor and marks where they were."""
        before, self.pages = self.pages, Pages(self.source.archive)
        self.pages.resume(before)
        self.plan = self.source.archive.plan()

    def _switch(self, branch: str) -> None:
        """Show another branch; judgements in the one before are not undone here."""
        self.branch = branch
        self.pages = Pages(self.source.archive, past=self.source.past)
        self.history = UndoHistory()
        at = self._fork_point(branch) if self._arrival is None else self._arrival
        if at is not None:
            self.pages.go(at)
        self.plan = self.source.archive.plan()
        self.previews.clear()
        self.kept.clear()
        self.drafts = None
        self._await(False, came=True)

    def _fork_point(self, name: str) -> int | None:
        """Return the individual from which a branch goes on, as long as it has no members."""
        branch = next((each for each in self.everyone.branches() if each.name == name), None)
        ids = self.source.archive.ids()
        if branch is None or branch.at < 0 or not len(ids) or ids[-1] >= branch.fork:
            return None
        return branch.at


def _with_dropped(text: str, keys: int) -> str:
    """Return a notice about a page that does not come, with how many keys were typed for it."""
    if not keys:
        return text
    return f"{text}; {counted(keys, 'key')} typed for it {'is' if keys == 1 else 'are'} dropped"
