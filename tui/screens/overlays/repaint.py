"""Choosing a place of one picture that is painted again while all the rest stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from evolve.errors import FancierError
from evolve.genome import Genome
from evolve.search.edits import ANEW, PaintedPlace
from evolve.search.search import Alteration
from tui import keys
from tui.controller.places.place import FAR, Far, Place, in_words, marked
from tui.controller.places.region import Region
from tui.screens.gallery_port import GalleryPort
from tui.screens.overlays.gallery_overlay import GalleryOverlay
from tui.widgets.pictures.drawn_on import Drawn, DrawnOn
from tui.widgets.status import Status
from tui.widgets.text_lines import Span, TextLine, TextLines

if TYPE_CHECKING:
    from tui.drawing.blocks import Pixels

UNDOABLE = 100
"""Changes of a place that can be taken back."""


class Repaint(GalleryOverlay):
    """Marks a place by keys and mouse, and breeds children that differ there only."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.TOUCH]

    def __init__(self, gallery: GalleryPort) -> None:
        super().__init__(gallery)
        self.place, self.far = self.first()
        """What is marked, and how much changes there."""
        self.brush: tuple[int, int] | None = None
        """Row and column of the cell that arrows move; None while they move the place."""
        self._before: list[Place] = []
        self._erases: bool | None = None
        """Whether the stroke of the mouse frees cells; None until it comes over the picture."""
        self._stroke: Place | None = None
        """What that stroke made last."""
        self._resized: list[tuple[int, Place, Place]] = []
        """By how much the place was resized all around, and what it was before and after."""
        self._upper = False
        """Whether the size is changed at the upper left corner."""

    def first(self) -> tuple[Place, Far]:
        """Return what is marked at first, and how much changes there.

        The place and amount with which this picture was repainted last, or the place of its edit,
        or a box.
        """
        last = self.gallery.repainted
        if last is not None and last[0] == self.controller.pages.cursor:
            return last[1:]
        edit = None if self.genome is None else self.genome.edit
        if edit is not None and edit.mask is not None and edit.mask.any():
            return Place(edit.mask), FAR[0]
        return Place.of_box(self.shape), FAR[0]

    @property
    def genome(self) -> Genome | None:
        """The genome of the picture; None if it cannot be read, which is reported on painting."""
        card = self.controller.pages.current
        assert card is not None
        try:
            return self.controller.genome(card.id)
        except FancierError:
            return None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of cells of the picture."""
        genome = self.genome
        return (16, 16) if genome is None else (genome.noise.shape[1], genome.noise.shape[2])

    def content(self) -> ComposeResult:
        yield DrawnOn(self.gallery.blocks, id="picture")
        yield TextLines(id="wish")
        yield Status()

    def draw(self) -> None:
        """Show the picture with the place on it."""
        card = self.controller.pages.current
        if card is None:
            return
        others = (self.picture(self.controller.pages.cards[id]) for id in self.drawn_ids[1:])
        self.query_one(DrawnOn).show_over(
            self.picture(card), self.pictured, self.described, self.place, self.brush, *others
        )
        self.show_lines()
        self.show_status(f"#{card.id} {self.extent}" if self.place.mask.any() else f"#{card.id}")
        self.fill(self.drawn_ids)

    @property
    def drawn_ids(self) -> list[int]:
        """Ids of the pictures that are drawn."""
        cursor = self.controller.pages.cursor
        return [] if cursor is None else [cursor]

    def show_lines(self) -> None:
        """Show the lines under the picture."""
        lines, widget = self.lines(), self.query_one("#wish", TextLines)
        if widget.styles.height is None or widget.styles.height.value != len(lines):
            widget.styles.height = len(lines)
        widget.show(lines)

    def lines(self) -> list[TextLine]:
        return [self.summary()]

    def summary(self) -> tuple[Span, ...]:
        """Return what is to change, where, and how much, in a line."""
        what = Span(" repainted, same prompt", "strong")
        return (what, *self.place_summary())

    def place_summary(self) -> tuple[Span, ...]:
        """Return where it is to change, and how much."""
        return (*self._where(), Span("  f ", "key"), Span(self.far.label, "accent"))

    def _where(self) -> tuple[Span, ...]:
        if not self.place.mask.any():
            return (Span("  nothing is marked: mark a place with space or the mouse", "warning"),)
        return (Span(f"  only in {self.extent}", "label"),)

    @property
    def extent(self) -> str:
        """The size of the place in words."""
        share = self.place.share
        return f"{share:.0%} of the picture" if share >= 0.01 else "less than 1% of the picture"

    @property
    def described(self) -> str:
        """What is marked and where, for those who see no picture."""
        bounds, words = self.place.bounds, [self.extent]
        if bounds is not None:
            words.append(in_words(bounds))
        if self.brush is not None:
            (row, column), (rows, columns) = self.brush, self.place.cells.shape
            words.append(f"space marks at {column / columns:.0%} across, {row / rows:.0%} down")
        return ", ".join(words)

    def pictured(self, pixels: Pixels) -> Pixels:
        """Return the picture with the place on it."""
        if self.brush is None and not self.place.mask.any():
            return pixels  # nothing to set off from the rest
        return marked(pixels, self.place.mask, self.brush)

    def _change(self, place: Place, *, goes_on: bool = False) -> None:
        """Change what is marked, as a change of its own unless the one before goes on."""
        if place is not self.place:
            if not goes_on:
                self._before = [*self._before[-UNDOABLE:], self.place]
            self.place = place
        self.draw()

    # Keys

    def action_shift(self, right: int, down: int) -> None:
        if self.brush is None:
            self._change(self.place.moved(right, down))
            return
        rows, columns = self.place.cells.shape
        row, column = self.brush
        self.brush = max(0, min(row + down, rows - 1)), max(0, min(column + right, columns - 1))
        self.draw()

    def action_grow(self, right: int, down: int) -> None:
        """Move a corner of the box, or stretch what is marked."""
        self._change(self.place.stretched(right, down, far=not self._upper))

    def action_corner(self) -> None:
        """Change the size at the other corner from now on."""
        self._upper = not self._upper
        self.say(f"now the {'upper left' if self._upper else 'lower right'} corner moves")

    def action_resize(self, by: int) -> None:
        if self._resized and self._resized[-1][2] is not self.place:
            self._resized.clear()
        if self._resized and self._resized[-1][0] == -by:
            self._change(self._resized.pop()[1])  # corners and edges that were lost come back
            return
        before = self.place
        self._change(before.grown(by))
        self._resized.append((by, before, self.place))

    def action_another(self) -> None:
        """Begin another box; what was marked stays."""
        self.brush = None
        self._change(self.place.with_box())

    def action_brush(self) -> None:
        if self.brush is None:
            rows, columns = self.place.mask.nonzero()
            height, width = self.place.cells.shape
            self.brush = (
                (int(rows.mean()), int(columns.mean())) if rows.size else (height // 2, width // 2)
            )
            self.draw()
            return
        self._change(self.place.brushed(self.brush, not self.place.mask[self.brush]))

    def action_clear(self) -> None:
        self._change(self.place.cleared())

    def action_undo(self) -> None:
        if self._before:
            self.place = self._before.pop()
            self.draw()
        else:
            self.say("the place is as it was at first")

    def action_far(self) -> None:
        self.far = FAR[(FAR.index(self.far) + 1) % len(FAR)]
        self.draw()

    def action_paint(self) -> None:
        """Breed a page that differs in the place only."""
        if not self.place.mask.any():
            self.say("nothing is marked: space marks a cell, n begins a box")
            return
        self.remember()
        if bounds := self.place.bounds:
            self.gallery.looked_at = Region.near(bounds)  # the next one to be enlarged
        self.controller.alter(self.alteration())
        self.gallery.come_to_children()

    def remember(self) -> None:
        """Remember place and amount for when this picture is repainted again."""
        if (cursor := self.controller.pages.cursor) is not None:
            self.gallery.repainted = cursor, self.place, self.far

    def alteration(self) -> Alteration:
        """Return what is to be different in the place."""
        return PaintedPlace(mask=self.place.mask, depth=self.far.depth, depths=ANEW)

    def action_back(self) -> None:
        """Put the brush down, or go back to the screen below."""
        if self.brush is None:
            super().action_back()
        else:
            self.brush = None
            self.draw()

    @on(Drawn)
    def _brush_over(self, drawn: Drawn) -> None:
        """Mark the cells that the mouse comes over; free them if the first was marked.

        A stroke is taken back as one change.
        """
        if drawn.begins:
            self._erases = self._stroke = None
        mask = self.place.mask
        cells = drawn.stroke(mask.shape)
        if not cells.any():
            return
        if self._erases is None:
            self._erases = drawn.erases or bool(mask[cells].mean() >= 0.5)
        if (mask[cells] == self._erases).any():
            goes_on = self.place is self._stroke
            self._stroke = self.place.brushed(cells, not self._erases)
            self._change(self._stroke, goes_on=goes_on)
