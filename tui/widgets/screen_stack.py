"""Screens over screens, for a person who is faster than screens open and close.

A second click may come before the screen is there that the first one opened, or before the one is
gone that it closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from textual import events
from textual.actions import ActionParseResult
from textual.await_complete import AwaitComplete
from textual.await_remove import AwaitRemove
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import AwaitMount, Widget

from tui.widgets.background import in_background
from tui.widgets.layer import Layer
from tui.widgets.typed_ahead import TypedAhead


class Stack(TypedAhead):
    """Opens one screen of each kind at a time, and keeps keys for it until it is there."""

    album: Path
    """The folder where pictures are saved."""

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        """Remove widgets; what is below a screen was painted when that was closed."""
        return super()._prune(*nodes, parent=None if parent is self else parent)

    def push_screen(self, screen: Any, *args: Any, **kwargs: Any) -> Any:
        """Show a screen above all others; or come back to the one of its kind that is there."""
        for shown in self.screen_stack:
            if type(shown) is type(screen):
                while self.screen is not shown:
                    self.pop_screen()
                if isinstance(shown, Layer):
                    shown.uncovered()
                return AwaitMount(shown, [])
        awaitable = super().push_screen(screen, *args, **kwargs)
        if isinstance(screen, Screen):
            self.hold(screen)
            screen.call_later(self.release, screen)
            if len(self.screen_stack) > 1:  # the first shows that it is there, and reads
                batch = ExitStack()
                batch.enter_context(self.batch_update())
                in_background(self, partial(self._unveil, awaitable, batch))
        return awaitable

    async def _unveil(self, mounted: AwaitMount, batch: ExitStack) -> None:
        """Paint a screen once it has all its widgets."""
        with batch:
            await mounted

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Do what a key or a click asks for, and clear the notices from before it."""
        counts = self._notice_counts()
        before, self.acting = self.acting, True
        try:
            done = await super().run_action(action, default_namespace, namespaces)
        finally:
            self.acting = before
        if done:
            _outdate(counts)
        return done

    async def on_event(self, event: events.Event) -> None:
        """Hand an event on; a click clears notices as a key does, and acts with the left button."""
        counts = self._notice_counts() if isinstance(event, events.MouseDown) else ()
        await super().on_event(event)
        if isinstance(event, events.MouseDown) and event.button != 1:
            self._mouse_down_widget = None  # of which Textual would make a click as of the left
        _outdate(counts)

    def _notice_counts(self) -> Sequence[tuple[Layer[Any], int]]:
        """Return the screens that have notices, with their number so far."""
        layers = (screen for screen in self.screen_stack if isinstance(screen, Layer))
        return [(each, each.notices.count) for each in layers if each.notices]

    def explain(self, screen: Layer[Any]) -> None:
        """Show the keys of a screen."""
        raise NotImplementedError

    def pop_screen(self) -> AwaitComplete:
        gone = self.screen
        awaitable = super().pop_screen()
        self.release(gone)
        self._forget_gone_fields()
        return awaitable


def _outdate(counts: Sequence[tuple[Layer[Any], int]]) -> None:
    for layer, count in counts:
        if layer.is_attached:
            layer.outdate(count)
