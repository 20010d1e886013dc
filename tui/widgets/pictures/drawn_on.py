"""A picture on which the mouse draws: a box, or a stroke of a brush."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
from textual import events
from textual.message import Message

from evolve.genome.masks import Box as Shares
from tui.controller.places.place import Cells
from tui.drawing.blocks import Pixels
from tui.widgets.pictures.thumb import Thumb

Cell = tuple[int, int]
"""Column and line in a widget."""


@dataclass
class Drawn(Message):
    """The mouse was pressed, was moved while it was, or was let go of."""

    start: Cell
    """Where it was pressed."""
    before: Cell
    """Where it was at the message before."""
    at: Cell
    """Where it is."""
    area: tuple[int, int, int, int]
    """Where the picture is: left and top, columns and rows, in cells of the widget."""
    begins: bool = False
    """Whether it was pressed just now."""
    clicked: bool = False
    """Whether it was let go of just now, without having moved."""
    erases: bool = False
    """Whether it is the right button, or a button with shift or ctrl."""

    @property
    def box(self) -> Shares:
        """The rectangle with the first and the last cell in opposite corners.

        A cell beside the picture counts as the nearest one on it.
        """
        left, above, columns, rows = self.area
        xs = sorted(max(0, min(x - left, columns - 1)) for x, _ in (self.start, self.at))
        ys = sorted(max(0, min(y - above, rows - 1)) for _, y in (self.start, self.at))
        return xs[0] / columns, ys[0] / rows, (xs[1] + 1) / columns, (ys[1] + 1) / rows

    def stroke(self, shape: tuple[int, int]) -> Cells:
        """Return which cells of the latent, (rows, columns), the mouse came over since before.

        A fast mouse is reported some cells on, so that those in between belong to it.
        """
        left, above, columns, rows = self.area
        (x, y), (right, down) = (
            self.before,
            (self.at[0] - self.before[0], self.at[1] - self.before[1]),
        )
        cells = np.zeros(shape, np.bool_)
        count = max(abs(right), abs(down), 1)
        for step in range(count + 1):
            column = x + round(right * step / count) - left
            row = y + round(down * step / count) - above
            if 0 <= column < columns and 0 <= row < rows:
                cells[_under(row, rows, shape[0]), _under(column, columns, shape[1])] = True
        return cells


def _under(place: int, places: int, cells: int) -> slice:
    """Return the cells, of those across a picture, whose middle is under one of its `places`.

    Where there is none, it is the one under the middle of the place.
    """
    first, last = (ceil(edge * cells / places - 0.5) for edge in (place, place + 1))
    if first < last:
        return slice(first, last)
    middle = int((place + 0.5) * cells / places)
    return slice(middle, middle + 1)


class DrawnOn(Thumb):
    """Reports what the mouse draws, also from beside the picture."""

    _start: Cell | None = None
    _before: Cell = (0, 0)
    _over: tuple[tuple[object, ...], Pixels] | None = None
    """What was drawn over the picture last, and from what."""

    def show_over(
        self, pixels: Pixels | None, draw: Callable[[Pixels], Pixels], words: str, *by: object
    ) -> None:
        """Show a picture with something drawn over it, or words while it is not there.

        It is drawn again once the picture or something of `by` is another object: the same array
        as before is not sent again.
        """
        if pixels is None:
            self.show(None, words)
            return
        now = pixels, *by
        if self._over is None or any(a is not b for a, b in zip(self._over[0], now, strict=True)):
            self._over = now, draw(pixels)
        self.show(self._over[1], words)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button in (1, 3) and self.pixels is not None:
            self._start = self._before = event.x, event.y
            self._moved = False
            self.capture_mouse()
            self._report(event, begins=True)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Report how far the mouse has come."""
        if self._start is None:
            return
        if not event.button:  # let go of outside the terminal
            self._end()
        elif self._moved or (event.x, event.y) != self._start:
            self._moved = True
            self._report(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End what is drawn; a press and release in one place is a click."""
        if self._start is not None and not self._moved:
            self._report(event, clicked=True)
        self._end()

    def _end(self) -> None:
        self._start = None
        self.release_mouse()

    def _report(
        self, event: events.MouseEvent, *, begins: bool = False, clicked: bool = False
    ) -> None:
        assert self._start is not None
        at = event.x, event.y
        erases = event.button == 3 or event.shift or event.ctrl
        self.post_message(Drawn(self._start, self._before, at, self.area, begins, clicked, erases))
        self._before = at
