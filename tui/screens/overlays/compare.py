"""Two to four pictures side by side, or in one place in turn, and what makes them different."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from evolve.errors import FancierError
from tui import keys
from tui.controller.cards import Card
from tui.controller.pages import Pages
from tui.drawing.blocks import Pixels
from tui.drawing.differences import changed_share, difference, differences
from tui.drawing.grid import best_grid
from tui.screens.gallery_port import GalleryPort
from tui.screens.overlays.gallery_overlay import Among
from tui.widgets.pictures.wall import Face, Wall
from tui.widgets.status import Status
from tui.widgets.text_lines import Span, TextLine, TextLines

MOST = 4
"""Pictures compared at once."""


def to_compare(pages: Pages) -> list[int]:
    """Return what a person most likely means: the marked ones, or this picture and its parent.

    The picture under the cursor is always among them. A founder is compared with its neighbour.
    """
    if pages.cursor is None:
        return []
    ids = [id for id in pages.marked if id != pages.cursor][: MOST - 1]
    if not ids:
        near = pages.index + (1 if pages.index + 1 < len(pages.shown) else -1)
        ids = [card.id for card in pages.parents[:1]] or [pages.shown[near]]
    return sorted({*ids, pages.cursor})


class CompareView(Enum):
    """How the pictures are shown."""

    BESIDE = auto()
    IN_PLACE = auto()
    DIFFERENCE = auto()


class Compare(Among):
    """Pictures of any generations."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.COMPARE]
    WHEEL = "step"

    def __init__(self, gallery: GalleryPort, ids: Sequence[int]) -> None:
        super().__init__(gallery)
        self.ids = list(ids)
        self.view = CompareView.BESIDE
        self._last = self.ids[0]
        """The picture under the cursor before the present one."""

    def content(self) -> ComposeResult:
        yield Wall(self.gallery.blocks, places=len(self.ids))
        yield TextLines(id="differences")
        yield Status()

    @property
    def other(self) -> Card:
        """What the picture under the cursor is compared with."""
        if self._last != self.controller.pages.cursor:
            return self.controller.pages.cards[self._last]
        return self.controller.pages.cards[next(id for id in self.ids if id != self._last)]

    def draw(self) -> None:
        card, wall = self.controller.pages.current, self.query_one(Wall)
        if card is None or not wall.size.area or not self.query(Status):
            return
        if card.id not in self.ids:
            self.leave_if_on_top()
            return
        if self.view is CompareView.BESIDE:
            cards = [self.controller.pages.cards[id] for id in self.ids]
        else:
            cards = [card]
        grid = best_grid(len(cards), *wall.size, self.gallery.reader.aspect)
        faces = [self._face(each, grid.width) for each in cards]
        self.hang(faces, grid)
        self.query_one("#differences", TextLines).show([self._difference(card)])
        self.show_status(f"comparing {self.ids.index(card.id) + 1} of {len(self.ids)}")
        self.fill(self.ids)

    def _face(self, card: Card, width: int) -> Face:
        face = self.face(card, width)
        if self.view is CompareView.DIFFERENCE and (pair := self._pair(card)):
            label = face.caption._replace(number=f"{card.id} against {self.other.id}")
            return face._replace(pixels=difference(*pair), caption=label)
        return face

    def _pair(self, card: Card) -> tuple[Pixels, Pixels] | None:
        one, two = self.picture(self.other), self.picture(card)
        return None if one is None or two is None else (one, two)

    def _difference(self, card: Card) -> TextLine:
        other = self.other
        try:
            lines = differences(self.controller.genome(other.id), self.controller.genome(card.id))
        except FancierError as error:
            return (Span(str(error), "error"),)
        if pair := self._pair(card):
            lines.insert(0, f"{changed_share(*pair):.0%} of the picture differs")
        text = " · ".join(lines) or "the same genome"
        return (Span(f" #{other.id} → #{card.id}  ", "strong"), Span(text, "label"))

    def go(self, place: int) -> None:
        """Move to a place, and compare with the picture that the cursor comes from."""
        before = self.controller.pages.cursor
        if before is not None and 0 <= place < len(self.ids) and self.ids[place] != before:
            self._last = before
        super().go(place)

    def action_flicker(self) -> None:
        if self.view is CompareView.IN_PLACE:
            self.go((self.place + 1) % len(self.ids))
        else:
            self.view = CompareView.IN_PLACE
            self.changed()

    def action_difference(self) -> None:
        self.view = (
            CompareView.BESIDE if self.view is CompareView.DIFFERENCE else CompareView.DIFFERENCE
        )
        self.changed()

    def action_take(self) -> None:
        """Mark a place of this picture that is taken from the one it is compared with."""
        self.gallery.take_from(self.other.id)

    def action_jump(self) -> None:
        """Go back to the screen below with the cursor on this picture, wherever its page is."""
        cursor = self.controller.pages.cursor
        self.dismiss()
        if cursor is not None:  # favourites go back to one of them
            self.controller.pages.go(cursor)
        self.changed()

    def action_back(self) -> None:
        """Show the pictures side by side again, or go back to the screen below as it was."""
        if self.view is CompareView.BESIDE:
            self.retrace()
        else:
            self.view = CompareView.BESIDE
            self.changed()
