"""Where a picture comes from: its ancestors with their siblings, and its children."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.binding import BindingType

from tui import keys
from tui.controller import pedigree_columns
from tui.dialogs.ask import Ask
from tui.drawing.blocks import fit
from tui.drawing.grid import CAPTION, COMFORT, GAP, Grid
from tui.screens.gallery_port import GalleryPort
from tui.screens.overlays.gallery_overlay import GalleryOverlay
from tui.widgets.pictures.card_caption import progress
from tui.widgets.pictures.wall import EMPTY, Face, Wall

MOST = 72
"""Places at most: these pictures are kept in memory beside those of the gallery."""


class Lineage(GalleryOverlay):
    """A column for each ancestor. Left is the parent, right a child, up and down are siblings."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.LINEAGE]
    WHEEL = "row"

    def __init__(self, gallery: GalleryPort) -> None:
        super().__init__(gallery)
        self._return: dict[int, int] = {}
        """The child from which the cursor came to each parent: the way back."""

    def draw(self) -> None:
        pages, wall = self.controller.pages, self.query_one(Wall)
        if pages.cursor is None or not wall.size.area:
            return
        grid = self._grid(*wall.size)
        shown = pedigree_columns.columns(pages, pages.cursor, grid.columns, grid.rows)
        order = [column[row] for row in range(grid.rows) for column in shown]
        ancestry = set(pedigree_columns.line(pages, pages.cursor))
        self.hang([self._face(id, grid.width, ancestry) for id in order], grid)
        enlarged = "a part of each" if self.gallery.part else ""
        self.show_status(f"line of #{pages.cursor}, {len(ancestry)} long", enlarged=enlarged)
        self.fill([id for id in order if id is not None])

    def _grid(self, width: int, height: int) -> Grid:
        """Return as many places as fit with pictures large enough to distinguish faces."""
        across, down = COMFORT[0] + GAP, COMFORT[1] + CAPTION
        columns = max(1, min(width // across, MOST))
        rows = max(1, min(height // down, MOST // columns))
        place = (width - GAP * (columns - 1)) // columns, height // rows - CAPTION
        return Grid(columns, rows, *fit(*place, self.gallery.reader.aspect))

    def _face(self, id: int | None, width: int, ancestry: set[int]) -> Face:
        if id is None:
            return EMPTY
        card = self.controller.pages.cards[id]
        face = self.face(card, width, self.gallery.part)
        if progress(card):
            return face
        # Otherwise it would state why the picture is on its page.
        return face._replace(caption=face.caption._replace(state="─" if id in ancestry else ""))

    def action_step(self, by: int) -> None:
        """Move to the parent, or to a child: the one the cursor came from, or else the best."""
        pages = self.controller.pages
        if (card := pages.current) is None:
            return
        if by < 0 and card.birth.parents:
            self._return[card.birth.parents[0]] = card.id
            self.go_to(card.birth.parents[0])
        elif by > 0 and (offspring := pedigree_columns.children(pages, card.id)):
            self.go_to(self._return.get(card.id, pedigree_columns.best(pages, offspring)))

    def action_row(self, by: int) -> None:
        if (cursor := self.controller.pages.cursor) is not None:
            others = pedigree_columns.siblings(self.controller.pages, cursor)
            self.go_to(others[max(0, min(others.index(cursor) + by, len(others) - 1))])

    def action_first(self) -> None:
        if (cursor := self.controller.pages.cursor) is not None:
            self.go_to(pedigree_columns.line(self.controller.pages, cursor)[0])

    def action_last(self) -> None:
        """Move to the picture that the line was opened from."""
        if self._came_from is not None:
            self.go_to(self._came_from)

    def action_better(self) -> None:
        """Move to the ancestor that was judged best, if it was better than this picture."""
        pages = self.controller.pages
        best = None if pages.cursor is None else pedigree_columns.better_before(pages, pages.cursor)
        if best is None:
            self.say("no ancestor was rated higher than this picture")
        else:
            self.go_to(best)

    def action_part(self) -> None:
        """Mark a part that is enlarged in every picture of the line, or show all of them again."""
        if self.gallery.part is not None:
            self.gallery.part = None
            self.changed()
        else:
            self.gallery.open("part")

    def action_take(self) -> None:
        """Take that part of this picture into the one from which the line was opened."""
        pages, part, here = self.controller.pages, self.gallery.part, self.controller.pages.cursor
        if here is None or self._came_from is None or here == self._came_from:
            self.say("go to the picture to take a part of: T takes it into the one you came from")
            return
        pages.go(self._came_from)
        self.gallery.take_from(here, None if part is None else part.shares)

    def action_branch(self) -> None:
        """Ask for a name for a branch that goes on from the picture under the cursor; go there."""
        if (cursor := self.controller.pages.cursor) is not None and self.controller.can_change():
            question = f"A name for the branch that goes on from #{cursor}"
            fork = partial(self.controller.fork, at=cursor)
            self.app.push_screen(Ask(question, do=fork), partial(self._go_on_in, cursor))

    def _go_on_in(self, at: int, name: str | None) -> None:
        if name is not None:
            self.gallery.come_back()
            self.say(f"'{name}' goes on from #{at}; B goes back to other branches")
            self.gallery.go_on_in(name, at)

    def action_back(self) -> None:
        """Go back to the screen below as it was."""
        self.retrace()
