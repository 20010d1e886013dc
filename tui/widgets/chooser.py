"""A list from which one is chosen, and screens with a bar that is moved."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Generic

from rich.cells import cell_len
from textual import events
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ScreenResultType

from tui.widgets.layer import Layer
from tui.widgets.text_lines import Span, TextLines


class Chooser(TextLines):
    """Lines with a bar on the selected one; scrolls so that the bar stays in sight."""

    class Chosen(Message):
        """The selected line was clicked."""

    class Pointed(Message):
        """The bar was moved."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[str] = ()
        self._first = 0  # the line at the top
        self.selected = 0
        """Place of the bar, from 0; meaningless in an empty list."""

    @property
    def seen(self) -> range:
        """Places of the lines that there is room for; all before the layout is known."""
        height = self.size.height or len(self._lines)
        return range(self._first, min(self._first + height, len(self._lines)))

    def fill(self, lines: Sequence[str], selected: int) -> None:
        """Show these lines."""
        self._lines = lines
        self.select(selected)

    def select(self, place: int) -> None:
        """Move the bar, at most to an end of the list."""
        self.selected = max(0, min(place, len(self._lines) - 1))
        height, width = max(1, self.size.height), self.size.width
        last = max(0, len(self._lines) - height)  # the terminal may have been lower: fill the room
        self._first = max(self.selected - height + 1, min(self._first, self.selected, last))
        rows = [(Span(line),) for line in self._lines[self._first : self._first + height]]
        if self._lines:
            line = self._lines[self.selected]
            bar = Span(line + " " * (width - cell_len(line)), "cursor")
            rows[self.selected - self._first] = (bar,)
        self.show(rows)
        self.post_message(self.Pointed())

    def on_click(self, event: events.Click) -> None:
        place = self._first + event.y
        if place == self.selected:
            self.post_message(self.Chosen())
        elif place < len(self._lines):
            self.select(place)


class BarMoved(Layer[ScreenResultType], Generic[ScreenResultType]):
    """A screen with a bar that keys and the wheel move: that of its chooser, or another."""

    WHEEL = "move"

    def action_move(self, by: int) -> None:
        """Move the bar by a number of lines, at most to an end."""
        chooser = self.query_one(Chooser)
        chooser.select(chooser.selected + by)

    @property
    def screenful(self) -> int:
        """Lines that are seen at once: of the chooser, or else of the box."""
        return (self.query_one_optional(Chooser) or self.query_one(Vertical)).size.height

    def action_screenful(self, by: int) -> None:
        self.action_move(by * self.screenful)

    def action_end(self, by: int) -> None:
        """Move the bar to the first line (-1) or the last (1)."""
        self.action_move(by * sys.maxsize)
