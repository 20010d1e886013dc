"""What the gallery knows of a population: cards by generation, and where the cursor is.

Plain data without a terminal; the only thing here that changes is the board itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from evolve.archive import Archive
from evolve.individual import Birth

Kind = Literal["rate", "reject", "pin", "pick", "none", "same", "mark"]
"""What a person can say about a picture; a mark (parent of the next page) is not saved."""


class State(StrEnum):
    """How far a picture is."""

    PAINTED = "painted"
    WAITING = "waiting"
    PAINTING = "painting"
    UNPAINTED = "unpainted"
    FAILED = "failed"


_FIELDS: Mapping[Kind, str] = {
    "rate": "rating",
    "reject": "rejected",
    "pin": "pinned",
    "pick": "place",
    "none": "none",
    "same": "same",
    "mark": "marked",
}


@dataclass(slots=True)
class Card:
    """One individual as the screen shows it."""

    birth: Birth
    rating: int = 0
    """1 to 5, 0 if not rated."""
    rejected: bool = False
    pinned: bool = False
    marked: bool = False
    place: int = 0
    """1 to 3 among its page, 0 if not picked."""
    none: bool = False
    """Whether nothing of its page is wanted."""
    same: bool = False
    """Whether all of its page look the same."""
    score: float | None = None
    state: State = State.WAITING
    step: int = 0
    steps: int = 0
    error: str = ""

    @property
    def id(self) -> int:
        """The individual's id."""
        return self.birth.id

    def value(self, kind: Kind) -> int:
        """Return what was said of this kind."""
        return int(getattr(self, _FIELDS[kind]))

    def say(self, kind: Kind, value: int) -> None:
        """Take over what was said."""
        setattr(self, _FIELDS[kind], value if kind in ("rate", "pick") else bool(value))


class Board:
    """The cards of a population, the generation on the screen and the card under the cursor."""

    def __init__(self, archive: Archive) -> None:
        self.cards: dict[int, Card] = {}
        self.children: dict[int, list[int]] = {}
        """Ids of the children by id of a parent."""
        self.generations: list[int] = []
        """Numbers of the generations there are, in order."""
        self._members: dict[int, list[int]] = {}
        self._resting: dict[int, int] = {}  # where the cursor was in each generation
        self.generation = 0
        """Number of the generation on the screen."""
        self.cursor: int | None = None
        """Id under the cursor; None only if nothing was born yet."""
        self.add(archive.births(), State.PAINTED)
        for id, error in archive.failed().items():
            self.cards[id].state, self.cards[id].error = State.FAILED, error
        for id in archive.unpainted():
            self.cards[id].state = State.WAITING
        for id, verdict in archive.verdicts().items():
            card = self.cards[id]
            card.rating, card.score = verdict.rating or 0, verdict.score
            card.rejected, card.pinned = verdict.rejected, verdict.pinned
            card.place, card.none, card.same = verdict.place or 0, verdict.none, verdict.same
        if self.generations:
            self.show(self.generations[-1])
        scored = [card for card in self.cards.values() if card.score is not None]
        if scored and not any(card.rating for card in self.cards.values()):
            self.go(max(scored, key=lambda card: (card.score or 0.0, -card.id)).id)

    def add(self, births: Iterable[Birth], state: State = State.WAITING) -> None:
        """Take newborns in; the screen stays where it is."""
        for birth in births:
            self.cards[birth.id] = Card(birth, state=state)
            self._members.setdefault(birth.generation, []).append(birth.id)
            for parent in birth.parents:
                self.children.setdefault(parent, []).append(birth.id)
        self.generations = sorted(self._members)

    @property
    def shown(self) -> Sequence[int]:
        """Ids of the generation on the screen."""
        return self._members.get(self.generation, [])

    @property
    def showing(self) -> list[Card]:
        """Cards of the generation on the screen."""
        return [self.cards[id] for id in self.shown]

    @property
    def current(self) -> Card | None:
        """The card under the cursor."""
        return None if self.cursor is None else self.cards[self.cursor]

    @property
    def parents(self) -> Sequence[Card]:
        """Cards of the parents of the individual under the cursor, the main one first."""
        card = self.current
        return [] if card is None else [self.cards[id] for id in card.birth.parents]

    @property
    def index(self) -> int:
        """Place of the cursor in its generation, from 0."""
        return 0 if self.cursor is None else self.shown.index(self.cursor)

    @property
    def marked(self) -> list[int]:
        """Ids marked as parents of the next page."""
        return [id for id, card in self.cards.items() if card.marked]

    @property
    def judged(self) -> bool:
        """Whether there is anything to breed from: something rated, kept, rejected or scored."""
        return any(
            card.score is not None or any(card.value(kind) for kind in _FIELDS if kind != "mark")
            for card in self.cards.values()
        )

    @property
    def missing(self) -> list[int]:
        """Ids that have no picture and will not get one unless asked for."""
        wanted = (State.FAILED, State.UNPAINTED)
        return [id for id, card in self.cards.items() if card.state in wanted]

    def states(self) -> Mapping[int, State]:
        """Return how far each picture is."""
        return {id: card.state for id, card in self.cards.items()}

    def show(self, generation: int) -> None:
        """Put a generation on the screen, the cursor where it last was in it."""
        if self.cursor is not None:
            self._resting[self.generation] = self.cursor
        self.generation = generation
        self.cursor = self._resting.get(generation, self.shown[0])

    def turn(self, by: int) -> bool:
        """Show the next (1) or previous (-1) generation; return whether there was one."""
        if not self.generations:
            return False
        place = self.generations.index(self.generation) + by
        if not 0 <= place < len(self.generations):
            return False
        self.show(self.generations[place])
        return True

    def go(self, id: int) -> None:
        """Put the cursor on an individual, wherever it is."""
        generation = self.cards[id].birth.generation
        if generation != self.generation or self.cursor is None:
            self.show(generation)
        self.cursor = id

    def move(self, by: int) -> bool:
        """Move the cursor by some places in its generation; return False at the edge."""
        place = self.index + by
        if self.cursor is None or not 0 <= place < len(self.shown):
            return False
        self.cursor = self.shown[place]
        return True
