"""All that are rated 4 or 5, or pinned, of this branch or of all, in several orders."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar

from textual.binding import BindingType

from evolve.errors import FancierError
from evolve.search.verdicts import Verdicts
from tui import keys
from tui.controller.finding.favourites import ORDERS, favourites, ordered
from tui.drawing.grid import best_grid, per_screen
from tui.screens.gallery_port import GalleryPort
from tui.screens.overlays.gallery_overlay import Among
from tui.widgets.pictures.wall import Wall


class Favourites(Among):
    """What stops being a favourite stays until they are sorted."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.FAVOURITES]
    WHEEL = "screenful"

    def __init__(self, gallery: GalleryPort) -> None:
        super().__init__(gallery)
        self.order, self.everywhere = gallery.favourites_by
        """How they are sorted, and whether those of all branches are shown."""
        self._outside: Mapping[int, str] = {}
        """The branch of each favourite that is not of this one."""
        self._find()
        if not self.ids:
            self.everywhere = True
            self._find()

    def on_mount(self) -> None:
        """Begin at the picture under the cursor if it is among them, else at the first."""
        if self.ids and self.controller.pages.cursor not in self.ids:
            self.go(0)

    def uncovered(self) -> None:
        """Put the cursor back where it was, wherever it went on the screen over this one."""
        if self.controller.pages.cursor not in self.ids:
            self.go(self._at)

    def draw(self) -> None:
        wall, cards = self.query_one(Wall), self.controller.pages.cards
        if self.controller.pages.cursor not in self.ids:
            self.leave_if_on_top()
            return
        if not wall.size.area:
            return
        self._at = self.place
        capacity = self._capacity()
        first = self.place // capacity * capacity
        ids = self.ids[first : first + capacity]
        grid = best_grid(capacity, *wall.size, self.gallery.reader.aspect)
        self.hang([self.face(cards[id], grid.width) for id in ids], grid)
        note = cards[self.ids[self.place]].note
        self.show_status(f'{self.where}: "{note}"' if note else self.where)
        self.fill(ids)

    @property
    def where(self) -> str:
        """The favourite under the cursor, in words; empty if there is none."""
        cursor = self.controller.pages.cursor
        if cursor not in self.ids:
            return ""
        scope = "all branches" if self.everywhere else "this branch"
        if cursor in self._outside:
            scope += f": #{cursor} is of {self._outside[cursor]}"
        return f"favourite {self.place + 1}/{len(self.ids)} by {self.order}, {scope}"

    def _capacity(self) -> int:
        size = self.query_one(Wall).size
        return per_screen(len(self.ids), *size, self.gallery.reader.aspect)

    def _find(self) -> None:
        """Read the favourites again, and sort them."""
        pages, controller = self.controller.pages, self.controller
        archive = controller.everyone if self.everywhere else controller.source.archive
        verdicts = Verdicts.of(archive.verdicts())
        if self.everywhere:
            pages.cards.learn(verdicts)
        ids = favourites(verdicts, pages.cards)
        if not self.everywhere:
            ids = [id for id in ids if pages.shows(id)]
        self.ids = ordered(ids, pages.cards, self.order)
        with suppress(FancierError):  # then no branch is named
            self._outside = controller.elsewhere(self.ids)

    def choose(self) -> None:
        """Show it large, as in the gallery."""
        self.action_zoom()

    def action_zoom(self) -> None:
        self.gallery.open("zoom")

    def action_order(self) -> None:
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self.gallery.favourites_by = self.order, self.gallery.favourites_by[1]
        self._find()
        self.go(0)

    def action_scope(self) -> None:
        before, self.everywhere = self.ids, not self.everywhere
        self._find()
        if not self.ids:
            self.ids, self.everywhere = before, True
            self.say("this branch has no favourites")
        self.gallery.favourites_by = self.order, self.everywhere
        self.go(self.place)

    def action_row(self, by: int) -> None:
        self.go(self.place + by * self.query_one(Wall).grid.columns)

    def action_screenful(self, by: int) -> None:
        """Turn to another screen of favourites."""
        capacity = self._capacity()
        self.go((self.place // capacity + by) * capacity)

    def action_back(self) -> None:
        """Go back to the screen below, with the cursor where it was."""
        self.retrace()
