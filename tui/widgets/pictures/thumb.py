"""A picture in block characters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual.filter import ANSIToTruecolor, LineFilter
from textual.strip import Strip
from textual.widget import Widget

from tui.drawing.blocks import Blocks, Pixels, fit, to_strips
from tui.drawing.cells import centred, wrapped

if TYPE_CHECKING:
    from tui.drawing.pixels.canvas import Canvas


class Sketch:
    """A picture, or a few words instead, drawn for a size and kept until something changes."""

    def __init__(self, blocks: Blocks, refresh: Callable[[], object]) -> None:
        """Draw with these blocks; `refresh` is called when real pixels are ready to be drawn."""
        self._refresh = refresh
        self.pixels: Pixels | None = None
        """What is shown; None if there is no picture."""
        self.words = ""
        """Shown where there is no picture."""
        self._blocks = blocks
        self._drawn: tuple[int, int, bool] | None = None
        self._strips: list[Strip] = []

    def change(self, pixels: Pixels | None, words: str) -> bool:
        """Take a picture or words; return whether they are new."""
        worded = pixels is None or self._blocks is Blocks.NONE
        if pixels is self.pixels and (not worded or words == self.words):
            return False
        self.pixels, self.words = pixels, words
        self._drawn = None
        return True

    def _redraw(self, pixels: Pixels) -> None:
        """Draw a picture again, if it is still the one that is shown."""
        if pixels is self.pixels:
            self._drawn = None
            self._refresh()

    def line(
        self, y: int, width: int, height: int, style: Style, canvas: Canvas | None = None
    ) -> Strip:
        """Return a line of the picture, as large as fits in this size, centred on `style`.

        With a canvas it is in real pixels, or will be as soon as they are ready.
        """
        if self._drawn != (width, height, canvas is not None):
            self._strips = self._draw(width, height, style, canvas)
            self._drawn = (width, height, canvas is not None)
        return self._strips[y]

    def area(self, width: int, height: int, canvas: Canvas | None) -> tuple[int, int, int, int]:
        """Return where the picture is in this size: left and top, columns and rows, in cells."""
        aspect = 1.0
        if self.pixels is not None:
            down, across = self.pixels.shape[:2]
            aspect = across / down * (canvas.stretch if canvas else 1.0)
        columns, rows = fit(width, height, aspect)
        return (width - columns) // 2, (height - rows) // 2, columns, rows

    def _draw(self, width: int, height: int, style: Style, canvas: Canvas | None) -> list[Strip]:
        blank = Strip.blank(width, style)
        if self.pixels is None or self._blocks is Blocks.NONE:
            texts = wrapped(self.words, max(2, width - 2))[:height]
            lines = [Strip([Segment(centred(text, width), style)], width) for text in texts]
            above = (height - len(lines)) // 2
            return [blank] * above + lines + [blank] * (height - above - len(lines))
        left, above, columns, rows = self.area(width, height, canvas)
        strips = None
        if canvas is not None:
            strips = canvas.draw(self.pixels, columns, rows, style, self._redraw)
        strips = strips or to_strips(self.pixels, columns, rows, self._blocks)
        if columns < width:
            before = Segment(" " * left, style)
            after = Segment(" " * (width - left - columns), style)
            strips = [Strip([before, *strip, after], width) for strip in strips]
        return [blank] * above + strips + [blank] * (height - above - rows)


class Pictured(Widget):
    """A widget with a picture in it, in real pixels where the terminal has them."""

    @property
    def canvas(self) -> Canvas | None:
        """Draws real pixels; None if there are none, or something lies over the screen.

        A screen over it dims the colours below, so that the colour of one picture's number becomes
        that of another; and stamped pictures would be drawn on top of it.
        """
        canvas: Canvas | None = getattr(self.app, "canvas", None)
        if canvas is None or not self.screen.is_active:
            return None
        return canvas

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters without the one that looks up every colour of the terminal's palette.

        Pictures have true colours already. The others stay: `NO_COLOR` turns pictures grey.
        """
        return [
            each for each in super().get_line_filters() if not isinstance(each, ANSIToTruecolor)
        ]


class Thumb(Pictured):
    """Shows a picture as large as its own size allows, centred; or a few words instead."""

    def __init__(self, blocks: Blocks = Blocks.QUADRANT, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sketch = Sketch(blocks, self.refresh)

    @property
    def pixels(self) -> Pixels | None:
        """What is shown; None if there is no picture."""
        return self._sketch.pixels

    @property
    def area(self) -> tuple[int, int, int, int]:
        """Where the picture is in the widget: left and top, columns and rows, in cells."""
        return self._sketch.area(*self.size, self.canvas)

    def show(self, pixels: Pixels | None, words: str = "") -> None:
        """Show a picture, or words; what is there already is not sent again."""
        if self._sketch.change(pixels, words):
            self.refresh()

    def render_line(self, y: int) -> Strip:
        return self._sketch.line(y, *self.size, self.rich_style, self.canvas)
