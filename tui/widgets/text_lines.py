"""Text in lines, of which only those that changed are sent to the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.dom import DOMNode
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from evolve.text import one_line


class _Span(NamedTuple):
    text: str
    style: str = "text"


class Span(_Span):
    """Text in one of the styles of `TextLines`, with control characters spelled out."""

    __slots__ = ()

    def __new__(cls, text: str, style: str = "text") -> Span:
        """Return a span with its text in one line."""
        return super().__new__(cls, one_line(text), style)


TextLine = tuple[Span, ...]


def row_width(row: TextLine) -> int:
    """Return the cells that a row takes."""
    return sum(cell_len(part.text) for part in row)


def spread(left: TextLine, right: TextLine, width: int, style: str = "text") -> TextLine:
    """Return a row with `right` at the right edge; where there is no room, `left` is cut."""
    space = width - row_width(right)
    kept: list[Span] = []
    for part in left:
        room = space - row_width(tuple(kept))
        if cell_len(part.text) > room:
            if room > 0:
                kept.append(part._replace(text=set_cell_size(part.text, room - 1) + "…"))
            break
        kept.append(part)
    gap = space - row_width(tuple(kept))
    return (*kept, Span(" " * max(0, gap), style), *right)


def strip(row: TextLine, width: int, style_of: Callable[[str], Style]) -> Strip:
    """Return a row drawn in styles by their names, cut or filled to `width` cells."""
    segments = [
        Segment("".join(part.text for part in parts), style_of(name))
        for name, parts in groupby((p for p in row if p.text), key=lambda part: part.style)
    ]
    return Strip(segments).adjust_cell_length(width, style_of("text"))


class Styled(Widget):
    """Draws text in the styles `.lines--...` of the app.

    As component classes, all of them would be computed for each widget whenever a screen is shown;
    a widget uses two or three.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._text_styles: dict[str, Style] = {}

    def style_of(self, name: str) -> Style:
        """Return one of the styles, on the background of the widget."""
        if name not in self._text_styles:
            text = DOMNode(classes=f"lines--{name}")
            text._attach(self)
            self.app.stylesheet.apply(text)
            self._text_styles[name] = text.rich_style
        return self._text_styles[name]

    def notify_style_update(self) -> None:
        """Compute the styles again when they are next used."""
        self._text_styles.clear()
        super().notify_style_update()


class TextLines(Styled):
    """Lines of text. `show` compares with what is on the screen and refreshes the difference."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: list[TextLine] = []

    @property
    def text(self) -> str:
        """What is shown, as plain text."""
        return "\n".join("".join(part.text for part in row).rstrip() for row in self._rows)

    def show(self, rows: Sequence[TextLine]) -> None:
        """Show these rows from the top."""
        old, new = self._rows, list(rows)
        length = max(len(old), len(new))
        old = old + [()] * (length - len(old))
        changed = [
            Region(0, y, self.size.width, 1)
            for y, (before, after) in enumerate(
                zip(old, new + [()] * (length - len(new)), strict=True)
            )
            if before != after
        ]
        self._rows = new
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        row, width = self._rows[y] if y < len(self._rows) else (), self.size.width
        if row_width(row) > width:
            row = spread(row, (), width)
        return strip(row, width, self.style_of)
