"""What all screens share: key bar, help, and one line in a terminal that is too small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, cast

from textual.app import ComposeResult
from textual.screen import ScreenResultType
from textual.widgets import Static

from tui.drawing.terminal import too_small
from tui.widgets.keybar import KeyBar
from tui.widgets.layer import Layer
from tui.widgets.messages import ActionClicked
from tui.widgets.pictures.thumb import Pictured
from tui.widgets.screen_stack import Stack

SETTLE = 0.05
"""Seconds that Textual needs to lay widgets out again."""


class TooSmall(Static):
    """Stands in for a screen that has no room (the style sheet decides when)."""

    def on_resize(self) -> None:
        self.update(too_small(*self.app.size))


class BaseScreen(Layer[ScreenResultType], Generic[ScreenResultType]):
    """A screen with a key bar at the bottom; subclasses yield what is above it."""

    def content(self) -> ComposeResult:
        """Yield what is above the key bar."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield TooSmall()
        yield from self.content()
        yield KeyBar()

    def on_screen_suspend(self) -> None:
        """Draw pictures in blocks below the screen that is opened."""
        self._redraw_pictures()

    def on_screen_resume(self) -> None:
        """Draw pictures in real pixels again, where there are any."""
        self._redraw_pictures()

    def _redraw_pictures(self) -> None:
        if getattr(self.app, "canvas", None) is not None:
            for each in self.query(Pictured):
                each.refresh()

    async def on_action_clicked(self, message: ActionClicked) -> None:
        """Do what the clicked key does, unless another screen has come over this one meanwhile."""
        if self.is_current:
            await self.run_action(message.action)

    def when_settled(self, callback: Callable[[], object]) -> None:
        """Call back when the layout is done: pictures filled in earlier are painted repeatedly."""

        def wait() -> None:  # a layout that changes sizes is followed by a second one
            self.set_timer(SETTLE, lambda: self.call_after_refresh(callback))

        self.call_after_refresh(wait)

    def action_help(self) -> None:
        cast("Stack", self.app).explain(self)
