"""A picture in block characters."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from rich.segment import Segment
from rich.style import Style
from textual.filter import ANSIToTruecolor, LineFilter
from textual.strip import Strip
from textual.widget import Widget

from tui.blocks import Blocks, Pixels, fit, to_strips


class Sketch:
    """A picture, or a few words instead, drawn for a size and kept until something is different."""

    def __init__(self, blocks: Blocks) -> None:
        self.pixels: Pixels | None = None
        """What is shown; None if there is no picture."""
        self.words = ""
        """Shown where there is no picture."""
        self._blocks = blocks
        self._size: tuple[int, int] | None = None
        self._strips: list[Strip] = []

    def change(self, pixels: Pixels | None, words: str) -> bool:
        """Take a picture or words; return whether this is anything new."""
        worded = pixels is None or self._blocks is Blocks.NONE
        if pixels is self.pixels and (not worded or words == self.words):
            return False
        self.pixels, self.words = pixels, words
        self._size = None
        return True

    def line(self, y: int, width: int, height: int, style: Style) -> Strip:
        """Return a line of the picture, as large as fits in this size, centred on `style`."""
        if self._size != (width, height):
            self._strips = self._draw(width, height, style)
            self._size = (width, height)
        return self._strips[y]

    def _draw(self, width: int, height: int, style: Style) -> list[Strip]:
        if self.pixels is None or self._blocks is Blocks.NONE:
            lines = wrap(self.words, max(1, width - 2))[:height]
            above = (height - len(lines)) // 2
            texts = [""] * above + [line.center(width) for line in lines]
            texts += [""] * (height - len(texts))
            return [Strip([Segment(text.ljust(width), style)], width) for text in texts]
        down, across = self.pixels.shape[:2]
        columns, rows = fit(width, height, across / down)
        left, above = (width - columns) // 2, (height - rows) // 2
        strips = to_strips(self.pixels, columns, rows, self._blocks)
        if columns < width:
            before = Segment(" " * left, style)
            after = Segment(" " * (width - left - columns), style)
            strips = [Strip([before, *strip, after], width) for strip in strips]
        blank = Strip.blank(width, style)
        return [blank] * above + strips + [blank] * (height - above - rows)


def without_palette(filters: Sequence[LineFilter]) -> list[LineFilter]:
    """Return the filters without the one that looks up every colour of the terminal's palette.

    Our colours are true colours already. The others stay: `NO_COLOR` turns pictures grey.
    """
    return [each for each in filters if not isinstance(each, ANSIToTruecolor)]


class Thumb(Widget):
    """Shows a picture as large as its own size allows, centred; or a few words instead."""

    def __init__(self, blocks: Blocks = Blocks.QUADRANT, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sketch = Sketch(blocks)

    @property
    def pixels(self) -> Pixels | None:
        """What is shown; None if there is no picture."""
        return self._sketch.pixels

    def show(self, pixels: Pixels | None, words: str = "") -> None:
        """Show a picture, or words; what is there already is not sent again."""
        if self._sketch.change(pixels, words):
            self.refresh()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters that change our colours."""
        return without_palette(super().get_line_filters())

    def render_line(self, y: int) -> Strip:
        """Draw one line of cells."""
        return self._sketch.line(y, *self.size, self.rich_style)
