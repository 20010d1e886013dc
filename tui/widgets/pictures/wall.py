"""The pictures of one screen in their grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui.drawing.blocks import Blocks, Pixels
from tui.drawing.grid import CAPTION, Grid
from tui.widgets.messages import CardClicked
from tui.widgets.pictures.card_caption import Caption
from tui.widgets.pictures.thumb import Pictured, Sketch
from tui.widgets.text_lines import Span, Styled, TextLine, spread, strip


class Face(NamedTuple):
    """What one place of the wall shows."""

    id: int
    caption: Caption
    pixels: Pixels | None
    words: str


EMPTY = Face(-1, Caption("", "", "", "", "", ""), None, "")
"""A place without an individual."""


def caption_row(caption: Caption, width: int) -> TextLine:
    """Return a caption as a row of `width` cells; under the cursor it is a bar."""
    if caption.cursor.strip():
        bar = (Span(caption.left, "cursor"),)
        return spread(bar, (Span(caption.state, "cursor"),), width, "cursor")
    left = (
        Span(caption.cursor),
        Span(caption.mark, "accent"),
        Span(caption.number, "label"),
        Span(caption.rating, "warning"),
        Span(caption.flags, "error" if caption.flags.endswith("x") else "good"),
    )
    return spread(left, (Span(caption.state, "label"),), width)


class CardView(Pictured):
    """A picture with its caption, in one widget, in styles of the wall.

    Twelve are on the screen: resolving styles for each would take a tenth of a start.
    """

    def __init__(self, blocks: Blocks) -> None:
        super().__init__()
        self.face: Face | None = None
        self._sketch = Sketch(blocks, self.refresh)
        self._grid = Grid(1, 1, 1, 1)

    def put(self, face: Face, grid: Grid) -> None:
        """Show an individual in the size of `grid`; only what is different is sent."""
        moved, caption = grid != self._grid, self.face is None or face.caption != self.face.caption
        self.face, self._grid = face, grid
        if self._sketch.change(face.pixels, face.words) or moved:
            self.refresh()
        elif caption:
            self.refresh(Region(self._left, self._top + grid.height, grid.width, 1))

    @property
    def _left(self) -> int:
        return max(0, (self.size.width - self._grid.width) // 2)

    @property
    def _top(self) -> int:
        return max(0, (self.size.height - self._grid.height - CAPTION) // 2)

    def render_line(self, y: int) -> Strip:
        width, height = self._grid.width, self._grid.height
        row = y - self._top
        if self.face is None or self.face is EMPTY or not 0 <= row <= height:
            return self._strip((), self.size.width)
        if row < height:
            empty = self._style_of("empty")
            middle = self._sketch.line(row, width, height, empty, self.canvas)
        else:
            middle = self._strip(caption_row(self.face.caption, width), width)
        right = self.size.width - width - self._left
        return Strip.join([self._strip((), self._left), middle, self._strip((), right)])

    def on_click(self) -> None:
        if self.face is not None and self.face is not EMPTY:
            self.post_message(CardClicked(self.face.id))

    def _strip(self, row: TextLine, width: int) -> Strip:
        return strip(row, width, self._style_of)

    def _style_of(self, name: str) -> Style:
        assert isinstance(self.parent, Wall)
        return self.parent.style_of(name)


class Wall(Styled, Container):
    """As many places as were ever needed at once; those not needed now are hidden."""

    class Resized(Message):
        """The wall has another size; the pictures have to be arranged again."""

    def __init__(self, blocks: Blocks = Blocks.QUADRANT, *, places: int) -> None:
        """Begin with this many empty places."""
        super().__init__(id="wall")
        self._blocks = blocks
        self._views = [CardView(blocks) for _ in range(places)]
        self.grid = Grid(1, 1, 0, 0)
        """How the pictures are arranged."""

    def compose(self) -> ComposeResult:
        """Yield the places; mounting them later would paint the whole screen twice more."""
        yield from self._views

    @property
    def faces(self) -> list[Face]:
        """What is shown, place by place."""
        return [view.face for view in self._views if view.display and view.face is not None]

    def on_resize(self, event: events.Resize) -> None:
        self.post_message(self.Resized())

    def show(self, faces: Sequence[Face], grid: Grid) -> bool:
        """Show these individuals; only what is different is sent to the terminal.

        Returns:
            Whether places came, went or moved, so that a layout follows.
        """
        arranged = grid != self.grid
        if arranged:
            self.grid = grid
            self.styles.grid_size_columns = grid.columns
            self.styles.grid_size_rows = grid.rows
        more = [CardView(self._blocks) for _ in range(len(faces) - len(self._views))]
        if more:
            self._views += more
            self.mount_all(more)
            arranged = True
        for place, view in enumerate(self._views):
            used = place < len(faces)
            if view.display != used:
                view.display = used
                arranged = True
            if used:
                view.put(faces[place], grid)
        return arranged
