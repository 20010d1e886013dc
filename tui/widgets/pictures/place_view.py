"""A picture on which a place is marked with the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message

from tui.widgets.pictures.thumb import Thumb


@dataclass
class Brushed(Message):
    """The mouse was pressed on the picture, or moved over it while it was."""

    across: float
    down: float
    """Where, in shares of the picture."""
    begins: bool
    """Whether it was pressed just now."""
    erases: bool
    """Whether it was the right button, or a button with shift or ctrl."""


class PlaceView(Thumb):
    """Reports where the mouse draws."""

    _drawing = False

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button in (1, 3) and self._report(event, begins=True):
            self._drawing = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if not event.button:  # released outside the terminal
            self._end()
        elif self._drawing:
            self._report(event, begins=False)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self._end()

    def _end(self) -> None:
        if self._drawing:
            self._drawing = False
            self.release_mouse()

    def _report(self, event: events.MouseEvent, *, begins: bool) -> bool:
        at = self.spot(event.x, event.y)
        if at is not None:
            erases = event.button == 3 or event.shift or event.ctrl
            self.post_message(Brushed(*at, begins=begins, erases=erases))
        return at is not None
