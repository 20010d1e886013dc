"""Judgements that are not saved yet: only what is in the store may be counted."""

from __future__ import annotations

from collections import Counter

from evolve.session.archive import Judgement
from tui.controller.cards import Card, CardKind
from tui.controller.undo_history import JudgementChange


class Durable:
    """Judgements on their way to the store, and what the store holds meanwhile."""

    def __init__(self) -> None:
        self._waiting: Counter[tuple[int, CardKind]] = Counter()
        self._stored: dict[tuple[int, CardKind], int] = {}
        self.others = 0
        """Plans and notes that are not saved yet."""

    @property
    def missing(self) -> int:
        """How many judgements, plans and notes are not saved yet."""
        return self._waiting.total() + self.others

    def add(self, change: JudgementChange) -> None:
        """Take note of something that is about to be saved."""
        what = (change.individual, change.kind)
        self._stored.setdefault(what, change.before)
        self._waiting[what] += 1

    def save(self, judgement: Judgement) -> None:
        """Take note that something is saved."""
        what: tuple[int, CardKind] = (judgement.individual, judgement.kind)
        if self._waiting[what] > 1:
            self._waiting[what] -= 1
            self._stored[what] = judgement.value
        else:
            del self._waiting[what]
            self._stored.pop(what, None)

    def value(self, card: Card, kind: CardKind) -> int:
        """Return the judgements on a card that are in the store."""
        return self._stored.get((card.id, kind), card.value(kind))
