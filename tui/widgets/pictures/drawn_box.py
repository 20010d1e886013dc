"""A picture on which a box is drawn with the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message

from evolve.genome.masks import Box as Shares
from tui.widgets.pictures.thumb import Thumb

Cell = tuple[int, int]
"""Column and line in a widget."""


def between(one: Cell, other: Cell, area: tuple[int, int, int, int]) -> Shares:
    """Return the rectangle on a picture with two cells in opposite corners, both inside it.

    Args:
        one: A cell; one beside the picture counts as the nearest one on it.
        other: Another cell.
        area: Where the picture is: left and top, columns and rows, in cells.
    """
    left, above, columns, rows = area
    xs = sorted(max(0, min(x - left, columns - 1)) for x, _ in (one, other))
    ys = sorted(max(0, min(y - above, rows - 1)) for _, y in (one, other))
    return xs[0] / columns, ys[0] / rows, (xs[1] + 1) / columns, (ys[1] + 1) / rows


@dataclass
class BoxDrawn(Message):
    """The mouse was dragged from one cell of the picture to another, or is on its way."""

    shares: Shares


@dataclass
class PointClicked(Message):
    """A cell of the picture was clicked, without dragging."""

    shares: Shares


class BoxPicture(Thumb):
    """Reports where the mouse is dragged over the picture, also from beside it."""

    _start: Cell | None = None
    _dragged = False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1 and self.pixels is not None:
            self._start, self._dragged = (event.x, event.y), False
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw the box as far as the mouse has come."""
        if self._start is None:
            return
        if not event.button:  # released outside the terminal
            self._end()
        elif self._dragged or (event.x, event.y) != self._start:
            self._dragged = True
            self.post_message(BoxDrawn(between(self._start, (event.x, event.y), self.area)))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End the box; a press and release in one place is a click."""
        if self._start is not None and not self._dragged:
            self.post_message(PointClicked(between(self._start, self._start, self.area)))
        self._end()

    def _end(self) -> None:
        self._start = None
        self.release_mouse()
