"""Individuals as the screen shows them: cards, drawn when they are needed.

Any individual has a card, but a population may have a million of them, and a person sees some
thousands: nothing is kept of those that were never shown.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from evolve.judgements import KINDS, Kind
from evolve.search.births import Births
from evolve.search.individual import Birth, Verdict
from evolve.search.verdicts import Verdicts
from evolve.session.archive import Archive
from evolve.session.drafting import DROPPED
from evolve.taste.pages.slate import sign

_NOTHING = Verdict()

CardKind = Kind | Literal["mark"]
"""The judgements on a picture; a mark (parent of the next page) is not saved."""


class State(StrEnum):
    """How far a picture is."""

    PAINTED = "painted"
    WAITING = "waiting"
    PAINTING = "painting"
    UNPAINTED = "unpainted"
    NOT_YET = "not painted"
    STOPPED = "dropped"
    DRAFT = "draft"
    DROPPED = "not kept"
    FAILED = "failed"


_MISSING = {
    State.PAINTED: "",
    State.UNPAINTED: "is not painted: r paints it",
    State.NOT_YET: "was not painted by then",
    State.STOPPED: "was dropped: x or r paints it",
    State.DRAFT: "is a draft: 4, 5 or p finishes it",
    State.DROPPED: "is not kept: r paints it again",
    State.FAILED: "could not be painted: r tries again",
}


@dataclass(slots=True)
class Card:
    """One individual as the screen shows it."""

    id: int
    _births: Births = field(repr=False)
    verdict: Verdict = _NOTHING
    """Its judgements, the latest of each kind, and its score."""
    marked: bool = False
    note: str = ""
    """What a person wrote on it."""
    state: State = State.PAINTED
    step: int = 0
    steps: int = 0
    error: str = ""
    kept: int = 0
    """A rating given before there was anything to see; it counts once there is. 0 for none."""
    _sign: str | None = field(default=None, repr=False)

    @property
    def sign(self) -> str:
        """Why it is on its page, in a few letters; empty if its page was not made by taste."""
        if self._sign is None:
            self._sign = sign(self.birth.origin.params)
        return self._sign

    @property
    def birth(self) -> Birth:
        """How the individual came to be, read each time."""
        return self._births[self.id]

    @property
    def missing(self) -> str:
        """Why there is no picture, and which key helps; empty if there is one."""
        return _MISSING.get(self.state, "is not painted yet")

    @property
    def is_under_way(self) -> bool:
        """Whether its picture is being painted, or waits to be."""
        return self.state in (State.WAITING, State.PAINTING)

    def fail(self, error: str) -> None:
        """Note that its picture was not painted, and why."""
        self.state = State.STOPPED if error == DROPPED else State.FAILED
        self.error = "" if error == DROPPED else error

    @property
    def judged(self) -> bool:
        """Whether it was judged or scored."""
        verdict = self.verdict
        return verdict.score is not None or any(verdict.value(kind) for kind in KINDS)

    @property
    def rating(self) -> int:
        """One of `RATINGS`, 0 if not rated."""
        return self.verdict.rating or 0

    @property
    def place(self) -> int:
        """One of `PLACES` of its page, 0 if not picked."""
        return self.verdict.place or 0

    def value(self, kind: CardKind) -> int:
        """Return the judgement of this kind."""
        return int(self.marked) if kind == "mark" else self.verdict.value(kind)

    def judge(self, kind: CardKind, value: int, page: int | None = None) -> None:
        """Take in a judgement that was made on `page`."""
        if kind == "mark":
            self.marked = bool(value)
        else:
            self.verdict = self.verdict.judged(kind, value, page)


class Cards:
    """The cards of a population by id; of one in the `past`, nothing waits to be painted."""

    def __init__(self, archive: Archive, *, past: bool = False) -> None:
        # More may be born meanwhile: the births are read last, so that none is missed.
        self._verdicts = Verdicts.of(archive.verdicts())
        self._elsewhere = Verdicts()
        """The judgements in all branches, once they were read."""
        self._notes = archive.notes()
        failed, unpainted = archive.failed(), archive.unpainted()
        self.births = Births.of(archive.births()).readable()
        """Those of all individuals, in other branches too."""
        self._drawn: dict[int, Card] = {}
        for id, error in failed.items():
            self[id].fail(error)
        for id in unpainted:
            self[id].state = State.NOT_YET if past else State.WAITING

    def __getitem__(self, id: int) -> Card:
        if id not in self._drawn:
            self._drawn[id] = self._draw(id)
        return self._drawn[id]

    def __len__(self) -> int:
        return len(self.births)

    @property
    def drawn(self) -> Collection[Card]:
        """The cards of all that are not painted, and of those that were shown."""
        return self._drawn.values()

    @property
    def judged(self) -> bool:
        """Whether any individual was judged or scored."""
        if any(card.judged for card in self.drawn):
            return True
        return len(self._verdicts) > sum(id in self._verdicts for id in self._drawn)

    @property
    def pinned(self) -> list[int]:
        """Ids of those that were pinned when this was opened, in any branch."""
        return [id for id, verdict in self._verdicts.judged.items() if verdict.pinned]

    @property
    def noted(self) -> dict[int, str]:
        """Notes by individual, with those written a moment ago."""
        notes = {**self._notes, **{card.id: card.note for card in self.drawn}}
        return {id: note for id, note in notes.items() if note}

    def values(self, kind: Kind) -> dict[int, int]:
        """Return all judgements of this kind, by individual."""
        stored = {id: verdict.value(kind) for id, verdict in self._verdicts.judged.items()}
        values = {**stored, **{card.id: card.value(kind) for card in self.drawn}}
        return {id: value for id, value in values.items() if value}

    @property
    def best(self) -> int | None:
        """Id with the highest score, the first of equals; None if a person rated any."""
        is_rated = any(verdict.rating for verdict in self._verdicts.judged.values())
        return None if is_rated else self._verdicts.scores.best

    def add(self, birth: Birth) -> None:
        """Take in a newborn, which waits for its picture; the archive may have it already."""
        if birth.id >= len(self.births):
            self.births.append(birth)
            self[birth.id].state = State.WAITING

    def learn(self, verdicts: Verdicts) -> None:
        """Take in the judgements of all branches; those made here meanwhile stay."""
        self._elsewhere = verdicts
        for id in verdicts.judged.keys() & self._drawn.keys():
            if not self._drawn[id].judged:
                self._drawn[id].verdict = self._verdict(id)

    def _draw(self, id: int) -> Card:
        return Card(id, self.births, self._verdict(id), note=self._notes.get(id, ""))

    def _verdict(self, id: int) -> Verdict:
        return self._verdicts.get(id) or self._elsewhere.get(id, _NOTHING)
