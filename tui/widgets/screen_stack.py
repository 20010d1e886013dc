"""Screens over screens, when a person is faster than they come and go.

A second click comes before the screen that the first one asked for is there, or before the one
that it closed is gone; and keys are typed ahead.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any, Generic

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultType
from textual.widget import AwaitMount


def one_line(text: str) -> str:
    """Return a text with spaces for line breaks: a field would take the first line alone."""
    lines = [line.strip() for line in text.replace("\t", " ").splitlines()]
    return " ".join(filter(None, lines)) if len(lines) > 1 else text


class Layer(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen that is left once, however often that is asked for.

    Screens have no ids: one that is on its way out keeps its id, and nobody else may have it.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close this screen; Textual would close whatever is on top by now."""
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)


class Stack(App[int]):
    """Opens a screen of each kind once, and keeps keys and pastes for it until it is there."""

    album: Path
    """The folder where pictures are saved."""

    def __init__(self) -> None:
        super().__init__()
        self._coming: set[Screen[Any]] = set()
        """Screens that were asked for and cannot take keys yet."""
        self._ahead: deque[events.Key | events.Paste] = deque()
        """What was typed meanwhile."""

    def push_screen(self, screen: Any, *args: Any, **kwargs: Any) -> Any:
        """Show a screen above all others; or come back to the one of its kind that is there."""
        for there in self.screen_stack:
            if type(there) is type(screen):
                while self.screen is not there:
                    self.pop_screen()
                return AwaitMount(there, [])
        awaitable = super().push_screen(screen, *args, **kwargs)
        if isinstance(screen, Screen):
            self._coming.add(screen)
            screen.call_later(self._is_there, screen)
        return awaitable

    def explain(self, screen: Screen[Any]) -> None:
        """Show the keys of a screen."""
        raise NotImplementedError

    def pop_screen(self) -> AwaitComplete:
        """Close the screen on top."""
        self._is_there(self.screen)
        return super().pop_screen()

    async def on_event(self, event: events.Event) -> None:
        """Hand an event on, but nothing of what is meant for a screen that is still coming."""
        typed = isinstance(event, events.Key | events.Paste)
        if not self._coming and not (typed and self._ahead):
            await self._take(event)
        elif isinstance(event, events.Key):
            self._ahead.append(events.Key(event.key, event.character))
        elif isinstance(event, events.Paste):
            self._ahead.append(events.Paste(event.text))
        elif not isinstance(event, events.MouseEvent):  # those point to what is not seen any more
            await super().on_event(event)

    def _is_there(self, screen: Screen[Any]) -> None:
        self._coming.discard(screen)
        if self._ahead and not self._coming:
            self.call_next(self._hand_on)

    async def _hand_on(self) -> None:
        while self._ahead and not self._coming:
            await self._take(self._ahead.popleft())

    async def _take(self, event: events.Event) -> None:
        """Let a key act at once where no field takes it, and paste no more than one line.

        Textual sends it to the screen and gets it back. Those that came behind it would be on
        their way to that screen, too, when the key opens another.
        """
        if isinstance(event, events.Paste) and not event.is_forwarded:
            event = events.Paste(one_line(event.text))
        if isinstance(event, events.Key) and not event.is_forwarded and self.focused is None:
            self.app_focus = True
            for priority in (True, False):
                if await self._check_bindings(event.key, priority):
                    return
        await super().on_event(event)
