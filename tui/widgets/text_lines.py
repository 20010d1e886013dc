"""Text in lines, of which only those that changed are sent to the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from evolve.text import one_line


class _Part(NamedTuple):
    text: str
    style: str = "text"


class Part(_Part):
    """A piece of text in one of the styles of `Rows`; what a terminal would obey is spelled out."""

    __slots__ = ()

    def __new__(cls, text: str, style: str = "text") -> Part:
        """Return the piece with its text in one line."""
        return super().__new__(cls, one_line(text), style)


Row = tuple[Part, ...]


def row_width(row: Row) -> int:
    """Return the cells a row takes."""
    return sum(cell_len(part.text) for part in row)


def spread(left: Row, right: Row, width: int, style: str = "text") -> Row:
    """Return a row with `right` at the right edge; where there is no room, `left` is cut."""
    space = width - row_width(right)
    kept: list[Part] = []
    for part in left:
        room = space - row_width(tuple(kept))
        if cell_len(part.text) > room:
            if room > 0:
                kept.append(part._replace(text=set_cell_size(part.text, room - 1) + "…"))
            break
        kept.append(part)
    gap = space - row_width(tuple(kept))
    return (*kept, Part(" " * max(0, gap), style), *right)


def strip(row: Row, width: int, style_of: Callable[[str], Style]) -> Strip:
    """Return a row drawn in styles by their names, cut or filled to `width` cells."""
    segments = [
        Segment("".join(part.text for part in parts), style_of(name))
        for name, parts in groupby((p for p in row if p.text), key=lambda part: part.style)
    ]
    return Strip(segments).adjust_cell_length(width, style_of("text"))


class Rows(Widget):
    """Lines of text. `show` compares with what is on the screen and refreshes the difference."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--text",
        "rows--label",
        "rows--strong",
        "rows--accent",
        "rows--good",
        "rows--warning",
        "rows--error",
        "rows--cursor",
        "rows--chip",
        "rows--key",
        "rows--empty",
    }

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: list[Row] = []

    @property
    def text(self) -> str:
        """What is shown, as plain text."""
        return "\n".join("".join(part.text for part in row).rstrip() for row in self._rows)

    def show(self, rows: Sequence[Row]) -> None:
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
        """Draw one line."""
        row, width = self._rows[y] if y < len(self._rows) else (), self.size.width
        if row_width(row) > width:
            row = spread(row, (), width)
        return strip(row, width, self.style_of)

    def style_of(self, name: str) -> Style:
        """Return one of the styles."""
        return self.get_component_rich_style(f"rows--{name}")
