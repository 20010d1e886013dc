"""How a person judges pictures: ratings, picks, marks, notes, and taking them back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

from evolve.session.archive import Judgement
from tui.controller import picking
from tui.controller.cards import Card, CardKind, State
from tui.controller.planning import forecast
from tui.controller.population_state import Kept
from tui.controller.session_follower import SessionFollower
from tui.controller.undo_history import Change, Changes, DropChange, JudgementChange, NoteChange


class Judging(SessionFollower):
    """The judgements of a person."""

    def rate(self, value: int) -> bool:
        """Rate the picture under the cursor (`RATINGS`), or take its rating back with 0.

        Where there is nothing to see yet, the rating is kept until there is.

        Returns:
            Whether there is a picture to rate.
        """
        card = self.pages.current
        if card is None or not self.is_awaited(card):
            return self._judge("rate", value)
        if not self.can_change():
            return False
        kept = self._forget_kept(card)
        if value:
            card.kept = value
            self.kept[card.id] = Kept(self.pages.generation, self.history.count)
            self.notify(f"#{card.id} is not painted yet: {value} counts once it is")
        elif not kept:
            return self._judge("rate", 0)  # it was rated while there was something to see
        else:
            self.notify(f"#{card.id} is not painted yet: it has no rating")
        return True

    def rate_kept(self) -> None:
        """Count the kept ratings whose pictures are seen by now."""
        for id in list(self.kept):
            card = self.pages.cards[id]
            if self._is_seen(card) or card.state is State.FAILED:
                self._count_kept(card, counts=self._seen(card))

    def rate_unseen(self) -> None:
        """Count all kept ratings: the person will not be here when the pictures are seen."""
        for id in list(self.kept):
            self._count_kept(self.pages.cards[id], counts=self.ended is None)

    def _count_kept(self, card: Card, *, counts: bool) -> None:
        """Count a kept rating if it `counts`, and drop it otherwise."""
        page = self.kept[card.id].page
        value = self._forget_kept(card)
        if counts:
            self._judge_all(picking.judge(card, "rate", value), page)

    def _forget_kept(self, card: Card) -> int:
        """Drop a kept rating and return it, 0 if there was none."""
        self.kept.pop(card.id, None)
        value, card.kept = card.kept, 0
        return value

    def leave(self) -> None:
        """Leave, with the ratings saved whose pictures are still being painted."""
        self.rate_unseen()
        super().leave()

    def reject(self) -> bool:
        """Reject the picture under the cursor, or take that back; returns what `rate` returns.

        One that is still being painted is dropped instead, which is no judgement; a second time,
        it is painted after all.
        """
        card = self.pages.current
        if card is None or not (card.is_under_way or _is_stopped(card)):
            return self._toggle("reject")
        stopped, page = _is_stopped(card), self.pages.generation
        change = DropChange(individual=card.id, before=stopped, after=not stopped, page=page)
        if not self.can_change():
            return False
        self.history.add((change,))
        self._apply((change,))
        what = "dropped, which judges nothing; x paints it" if change.after else "is painted"
        self.notify(f"#{card.id} {what}")
        return True

    def pin(self) -> None:
        """Pin the picture under the cursor, or unpin it."""
        self._toggle("pin")

    def mark(self) -> None:
        """Mark the picture under the cursor as a parent of the next page, or unmark it."""
        self._toggle("mark")

    def pick(self) -> None:
        """Give the picture under the cursor the next place of its page, or take its place away."""
        card = self.pages.current
        if card is not None and (card.place or self._seen(card)):
            changes = picking.pick(self.pages.showing, card)
            if not changes:
                self.notify("three are picked already: press o on one of them to take it back")
            self._judge_all(changes)

    def answer(self, kind: Literal["none", "same"]) -> None:
        """Answer `none` of these or all the `same` for the page, or take that back."""
        if not any(self._is_seen(card) for card in self.pages.showing):
            self.notify("nothing of this page is painted yet")
            return
        changes = picking.answer(self.pages.showing, kind)
        self._judge_all(changes)
        if kind == "same" and self._breeder is not None:
            withdrawn = not any(value for _, _, value in changes)
            outcome = forecast.after_same(self.pages, self.plan)
            self.notify("taken back" if withdrawn else f"{outcome}; u undoes it")

    def note(self, card: Card, text: str) -> None:
        """Write a note on a picture."""
        if text != card.note and self.can_change():
            page = self.pages.generation
            change = NoteChange(individual=card.id, before=card.note, after=text, page=page)
            self.history.add((change,))
            self._apply((change,))

    def undo(self, sees: Callable[[int], bool]) -> None:
        """Undo the latest changes; show their picture first if the person does not see it."""
        kept = self._last_kept
        changes = kept or self.history.last
        if self.history.is_fresh(self.pages.generation, changes):
            self.notify("breeding cannot be undone; , goes back")
        elif changes is None:
            self.notify("nothing to undo")
        elif self._goes_to(changes, sees, f"the last answer is {changes[0]}: u takes it back"):
            if kept:
                self._forget_kept(self.pages.cards[changes[0].individual])
            else:
                self.history.undo()
                self._apply([change.reverse() for change in changes])
            self.notify(f"undone: {changes[0]}")

    @property
    def _last_kept(self) -> Changes | None:
        """The rating that waits for its picture, if no judgement came after it."""
        individual = next(reversed(self.kept), None)
        if individual is None or self.kept[individual].judged != self.history.count:
            return None
        value, page = self.pages.cards[individual].kept, self.kept[individual].page
        return (
            JudgementChange(individual=individual, kind="rate", before=0, after=value, page=page),
        )

    def redo(self, sees: Callable[[int], bool]) -> None:
        """Redo what was undone last; show its picture first if the person does not see it."""
        if (changes := self.history.next) is None:
            self.notify("nothing to redo")
        elif self._goes_to(changes, sees, f"{changes[0]} was undone: ctrl+r redoes it"):
            self.history.redo()
            self._apply(changes)

    def _goes_to(self, changes: Changes, sees: Callable[[int], bool], unseen: str) -> bool:
        """Go to the picture of a change; return whether it may be undone or redone now.

        Not if the person did not see the picture: then it is shown, and the notice `unseen`.
        """
        individual = changes[0].individual
        if not sees(individual):
            self.pages.go(individual)
            self.notify(unseen)
            return False
        if not self._may_judge(changes):
            return False
        self.pages.go(individual)
        return True

    def unmark(self) -> bool:
        """Unmark all pictures; return whether any were marked."""
        marked = [self.pages.cards[id] for id in self.pages.marked]
        self._judge_all([(card, "mark", 0) for card in marked])
        return bool(marked)

    def _toggle(self, kind: CardKind) -> bool:
        card = self.pages.current
        return card is not None and self._judge(kind, 1 - card.value(kind))

    def _judge(self, kind: CardKind, value: int) -> bool:
        """Judge the picture under the cursor; return whether there is one to see."""
        card = self.pages.current
        if card is None or (value and not self._seen(card)):
            return False
        self._judge_all(picking.judge(card, kind, value))
        return True

    def _judge_all(self, judgements: picking.Judgements, page: int | None = None) -> None:
        page = self.pages.generation if page is None else page
        changes = tuple(
            JudgementChange(
                individual=card.id, kind=kind, before=card.value(kind), after=value, page=page
            )
            for card, kind, value in judgements
            if card.value(kind) != value
        )
        if changes and self._may_judge(changes):
            self.history.add(changes)
            self._apply(changes)

    def _may_judge(self, changes: Changes) -> bool:
        """Return whether changes can be saved, or need not be: marks are not saved."""
        marks = (isinstance(each, JudgementChange) and each.kind == "mark" for each in changes)
        return all(marks) or self.can_change()

    def _apply(self, changes: Iterable[Change]) -> None:
        judgements = []
        for change in changes:
            card = self.pages.cards[change.individual]
            if isinstance(change, NoteChange):
                self._write(card, change.after)
                continue
            if isinstance(change, DropChange):
                self._drop(card, change.after)
                continue
            card.judge(change.kind, change.after, change.page)
            if change.kind != "mark":
                self.durable.add(change)
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
        self._expect()

    def _drop(self, card: Card, dropped: bool) -> None:
        """Drop a picture, or paint it after all; one that was painted meanwhile stays as it is."""
        if self._breeder is None or not (card.is_under_way if dropped else _is_stopped(card)):
            return
        self.previews.pop(card.id, None)
        if dropped:
            self._forget_kept(card)
            card.state = State.STOPPED
            self._dropping[card.id] += 1
            self._breeder.drop([card.id])
        else:
            self._paint([card.id])
        self._measure()

    def _paint(self, ids: list[int]) -> None:
        """Paint these individuals to the end."""
        for id in ids:
            card = self.pages.cards[id]
            card.state, card.error, card.step = State.WAITING, "", 0
        if self._breeder is not None:
            self._breeder.paint(ids)

    def _write(self, card: Card, text: str) -> None:
        if self._breeder is not None:
            card.note, self.durable.others = text, self.durable.others + 1
            self._breeder.note(card.id, text)


def _is_stopped(card: Card) -> bool:
    return card.state is State.STOPPED
