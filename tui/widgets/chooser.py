"""A list from which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from tui.drawing.cells import filled
from tui.widgets.text_lines import Span, TextLines


class Chooser(TextLines):
    """Lines with a bar on the selected one; scrolls so that the bar is always to be seen."""

    class Chosen(Message):
        """The selected line was clicked."""

    class Pointed(Message):
        """The bar was put somewhere."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._lines: Sequence[str] = ()
        self._first = 0  # the line at the top
        self.selected = 0
        """Place of the bar, from 0; meaningless in an empty list."""

    def fill(self, lines: Sequence[str], selected: int) -> None:
        """Show these lines."""
        self._lines = lines
        self.select(selected)

    def select(self, place: int) -> None:
        """Move the bar, at most to an end of the list."""
        self.selected = max(0, min(place, len(self._lines) - 1))
        height, width = max(1, self.size.height), self.size.width
        last = max(
            0, len(self._lines) - height
        )  # no room stays empty: it may have been less before
        self._first = max(self.selected - height + 1, min(self._first, self.selected, last))
        self.show(
            [
                (Span(filled(line, width), "cursor" if place == self.selected else "text"),)
                for place, line in enumerate(self._lines)
                if self._first <= place < self._first + height
            ]
        )
        self.post_message(self.Pointed())

    def on_click(self, event: events.Click) -> None:
        """Select a line, or choose the selected one."""
        place = self._first + event.y
        if place == self.selected:
            self.post_message(self.Chosen())
        elif place < len(self._lines):
            self.select(place)
