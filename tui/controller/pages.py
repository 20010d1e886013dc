"""What the gallery knows of a population: its pages, and where the cursor is.

Plain data without a terminal; the only things here that change are pages and cards.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from evolve.errors import FancierError
from evolve.scoring.wanted import Wanted
from evolve.search.growable_array import Growing
from evolve.search.individual import Birth
from evolve.session.archive import Archive
from tui.controller.cards import Card, Cards, State


class Pages:
    """The cards of a population, the generation on the screen and the card under the cursor."""

    def __init__(self, archive: Archive, *, past: bool = False) -> None:
        ids = archive.ids()  # before the cards: each of them has a card then
        self.cards = Cards(archive, past=past)
        self._archive = archive
        self._here = Growing(np.bool_, False)
        """Those shown: members of the branch, pinned ones, and those that the cursor went to."""
        for members in (ids, self.cards.pinned):
            self._here.put(np.asarray(members, np.int64), True)
        shown = np.sort(self.cards.births.generations[np.flatnonzero(self._here.values)])
        self.generations: list[int] = shown[np.flatnonzero(np.diff(shown, prepend=-1))].tolist()
        """Numbers of the generations there are, in order."""
        self._wanted: dict[int, float] = {}
        """How surely edits show what was asked for."""
        self._resting: dict[int, int] = {}  # where the cursor was in each generation
        self.generation = 0
        """Number of the generation on the screen."""
        self.shown: list[int] = []
        """Ids of the generation on the screen."""
        self.cursor: int | None = None
        """Id under the cursor; None only in an empty population."""
        if self.generations:
            self.show(self.generations[-1])
        if (best := self.cards.best) is not None:
            self.go(best)

    def add(self, births: Iterable[Birth]) -> None:
        """Take in newborns; the screen stays where it is."""
        for birth in births:
            self.cards.add(birth)
            self._welcome(birth.id)
            if birth.generation == self.generation and self.cursor is not None:
                self.shown = sorted({*self.shown, birth.id})

    def resume(self, before: Pages) -> None:
        """Take over the marks and the cursor of earlier pages, in each generation."""
        self._wanted = before._wanted
        for id in before.marked:
            self.cards[id].marked = True
        if before.cursor is not None:
            self.go(before.cursor)
        resting = before._resting.items()
        self._resting = {generation: id for generation, id in resting if self._here[id]}

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
        return sorted(card.id for card in self.cards.drawn if card.marked)

    @property
    def taken(self) -> list[int]:
        """Ids of what a person saves: the marked ones, and the one under the cursor."""
        return sorted({*self.marked, *([] if self.cursor is None else [self.cursor])})

    @property
    def missing(self) -> list[int]:
        """Ids without a picture that get none unless that is asked for."""
        wanted = (State.FAILED, State.UNPAINTED, State.DROPPED)
        return sorted(card.id for card in self.cards.drawn if card.state in wanted)

    @property
    def left(self) -> list[int]:
        """Ids on the screen that were dropped while they were painted, or left as drafts."""
        return [c.id for c in self.showing if c.state in (State.STOPPED, State.DRAFT)]

    @property
    def everyone(self) -> NDArray[np.int64]:
        """Ids of all that are shown, in order."""
        return np.flatnonzero(self._here.values)

    def shows(self, id: int) -> bool:
        """Return whether an individual is shown: a member of this branch, or pinned."""
        return bool(self._here[id])

    def children(self, id: int) -> list[int]:
        """Return ids of the children of an individual, in order of birth."""
        return self.cards.births.children(id)

    def place(self, generation: int) -> int:
        """Return the place of a generation among those there are, from 0."""
        return bisect_left(self.generations, generation)

    def show(self, generation: int) -> None:
        """Show a generation, with the cursor where it was in it last."""
        if self.cursor is not None:
            self._resting[self.generation] = self.cursor
        self.generation = generation
        members = self.cards.births.generations == generation
        self.shown = [id for id in np.flatnonzero(members).tolist() if self._here[id]]
        self._recall()
        if all(id in self._wanted for id in self.shown):  # a page of edits: the best first
            self.shown.sort(key=lambda id: -self._wanted[id])
        self.cursor = self._resting.get(generation, self.shown[0])

    def _recall(self) -> None:
        """Read how surely edits on the screen show what was asked for."""
        for id in self.shown:
            if id in self._wanted:
                continue
            if Wanted.of(self.cards.births[id].origin.params) is None:
                return  # no page of edits
            try:
                score = self._archive.wanted(id)
            except FancierError:  # a damaged record is no reason not to show the page
                return
            if score is None and self.cards[id].state is not State.FAILED:
                return  # not known of all
            self._wanted[id] = -math.inf if score is None else score

    def want(self, id: int, score: float) -> bool:
        """Note how surely an edit shows what was asked for; higher is surer.

        Once it is known of a whole page, its best come first. The cursor stays on its picture, or
        in the first place if it was there.

        Returns:
            Whether the page on the screen was put in this order now.
        """
        self._wanted[id] = score
        if id not in self.shown or not all(each in self._wanted for each in self.shown):
            return False
        first = self.cursor == self.shown[0]
        self.show(self.generation)
        if first:
            self.cursor = self.shown[0]
        return True

    def turn(self, by: int) -> bool:
        """Show the next (1) or previous (-1) generation; return whether there was one."""
        place = self.place(self.generation) + by
        if not 0 <= place < len(self.generations):
            return False
        self.show(self.generations[place])
        return True

    def go(self, id: int) -> None:
        """Put the cursor on an individual, wherever it is."""
        if not self._here[id]:
            self._welcome(id)
        if id not in self.shown:
            self.show(int(self.cards.births.generations[id]))
        self.cursor = id

    def move(self, by: int) -> bool:
        """Move the cursor by a number of places in its generation; return False at the edge."""
        place = self.index + by
        if self.cursor is None or not 0 <= place < len(self.shown):
            return False
        self.cursor = self.shown[place]
        return True

    def _welcome(self, id: int) -> None:
        self._here.put(id, True)
        generation = int(self.cards.births.generations[id])
        place = self.place(generation)
        if self.generations[place : place + 1] != [generation]:
            insort(self.generations, generation)
