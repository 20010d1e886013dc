"""How the gallery shows a population: one generation on a wall, with facts beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from populations.home.names import MAIN
from tui.controller.places.edited_pages import EditedPages
from tui.controller.places.region import Cropped
from tui.drawing.blocks import Blocks
from tui.drawing.grid import MOST, best_grid, per_screen
from tui.screens.session_screen import SessionScreen
from tui.widgets.inspector import Inspector
from tui.widgets.pictures.parent_thumbnails import Parents
from tui.widgets.pictures.wall import Wall
from tui.widgets.status import Status

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.studio.showing.saved_session import SavedSession
    from populations.studio.showing.viewing import Viewing

REST = 0.3
"""Seconds without a move after which the cursor counts as resting."""


class GalleryView(SessionScreen):
    """Shows a population, a generation at a time."""

    def __init__(self, source: SavedSession | Viewing, *, name: str, blocks: Blocks) -> None:
        super().__init__(source)
        self.population = name
        self.blocks = blocks
        self._parents_timer: Timer | None = None
        self._parents_of: tuple[int | None, Sequence[int]] = None, ()
        """The picture whose parents are shown, or will be, and its page."""
        self.part: Cropped | None = None
        """The part of each picture that is shown; None for all of it."""
        self._edits = EditedPages(self.controller)

    @property
    def heading(self) -> str:
        """The population, and the branch if it is not the main one."""
        branch = self.controller.branch
        return self.population if branch == MAIN else f"{self.population} · {branch}"

    def content(self) -> ComposeResult:
        with Horizontal(id="table"):
            yield Wall(self.blocks, places=min(MOST, len(self.controller.pages.shown)))
            with Vertical(id="side"):
                yield Inspector()
                yield Parents(self.blocks)
        yield Status()

    def on_mount(self) -> None:
        """Read the first pictures while everything is laid out."""
        self.reader.read_missing(self.controller.pages.shown[:MOST])

    def draw(self) -> None:
        ids = self.on_screen
        if ids and self.query_one(Wall).size.area:
            self._show_wall(ids)
        if self.query_one("#side").display:
            self.query_one(Inspector).inspect(self.controller)
            self._show_parents_soon()
        self._show_status()
        self.fill(ids)

    def _show_parents_soon(self) -> None:
        """Show the parents once the cursor rests: moving it must cost next to nothing.

        Those of another page go at once.
        """
        pages = self.controller.pages
        if pages.shown != self._parents_of[1]:
            self.query_one(Parents).show([], self.picture)
        elif pages.cursor == self._parents_of[0]:
            if self._parents_timer is None:  # painting may go on for long
                self._show_parents()
            return
        self._parents_of = pages.cursor, pages.shown
        if self._parents_timer is not None:
            self._parents_timer.stop()
        self._parents_timer = self.set_timer(REST, self._show_parents)

    def _show_parents(self) -> None:
        self._parents_timer = None
        parents = self.controller.pages.parents
        self.query_one(Parents).show(parents, self.picture)
        self.reader.read_missing([parent.id for parent in parents])

    def _show_wall(self, ids: Sequence[int]) -> None:
        wall = self.query_one(Wall)
        count = min(self.controller.places, self._capacity())
        grid = best_grid(count, *wall.size, self.reader.aspect)
        faces = [self.face(self.controller.pages.cards[id], grid.width, self._part) for id in ids]
        if wall.show(faces, grid):
            self.settle()

    def _show_status(self) -> None:
        shown, ids = self.controller.pages.shown, self.on_screen
        place = ""
        if 0 < len(ids) < len(shown):
            first = shown.index(ids[0])
            place = f"{first + 1}-{first + len(ids)} of {len(shown)}"
        enlarged = ""
        if self._part is not None:
            enlarged = "a part of each" if self.part else "the place in each"
        self.show_status(place, enlarged=enlarged)

    def _capacity(self) -> int:
        size = self.query_one(Wall).size
        return per_screen(self.controller.places, *size, self.reader.aspect)

    @property
    def on_screen(self) -> Sequence[int]:
        capacity = self._capacity()
        first = self.controller.pages.index // capacity * capacity
        return self.controller.pages.shown[first : first + capacity]

    @property
    def _part(self) -> Cropped | None:
        """What is shown of each picture: what a person chose, or the place of a page of edits."""
        return self.part or self._edits.part

    @on(Wall.Resized)
    def _arrange(self) -> None:
        self.changed()
