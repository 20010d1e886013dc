"""Let keys act in the order in which they were typed, however far a person is ahead of the app.

Textual sends a key to the field that has the focus. Letters are taken there; Enter and Tab come
back to the app first, and by then the letters behind them would be in the field already.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from textual import events
from textual.app import App
from textual.message import Message
from textual.reactive import var
from textual.screen import Screen
from textual.widget import Widget

from evolve.text import clean

Passing = Callable[[str], bool]
"""Whether an action may be done at once although keys are held back; it is empty for text."""

GivenUp = Callable[[int], object]
"""Called with the number of dropped keys when escape gives up what they waited for."""

LEAVING = ("leave", "quit", "suspend_process")
"""Actions that need not wait for any work."""


def joined(text: str) -> str:
    """Return a text with its lines joined by spaces: a field would take only the first.

    Terminals send what is pasted with carriage returns between the lines.
    """
    lines = text.splitlines()
    if len(lines) > 1:
        lines = [clean(line.replace("\t", " ")).strip() for line in lines]
        return " ".join(filter(None, lines))
    return clean("".join(lines))


class FieldDone(Message):
    """A field and its parents have handled a key: this came up after all messages from it."""

    def __init__(self, field: Widget) -> None:
        super().__init__()
        self.field = field


class _Hold(NamedTuple):
    """Something that keys wait for."""

    passing: Passing
    given_up: GivenUp | None
    own: int


class TypedAhead(App[int]):
    """Holds back keys and pastes until what was typed before them is done."""

    waiting = var(0)
    """How many keys wait for something that escape can give up, since it may take long."""

    def __init__(self) -> None:
        super().__init__()
        self._holds: dict[object, _Hold] = {}
        """What keys wait for."""
        self._ahead: deque[events.Key | events.Paste] = deque()
        """What was typed meanwhile."""
        self._handing_on = False
        self.handing_on = False
        """Whether the key that acts was typed before what it was meant for was there."""
        self.acting = False
        """Whether an action of a key or a click is running."""

    def hold(
        self,
        reason: object,
        passing: Passing = lambda _: False,
        given_up: GivenUp | None = None,
        own: int = 0,
    ) -> None:
        """Hold back what is typed from now on, until the reason is released.

        Args:
            reason: What has to come first.
            passing: Whether an action may be done at once nevertheless, if no key waits.
            given_up: Called when escape drops the keys that wait; None where escape waits as well.
            own: Keys that wait already, and are dropped by `given_up`.
        """
        self._holds[reason] = _Hold(passing, given_up, own)
        self._count()

    def release(self, reason: object, *, drop: bool = False) -> int:
        """Let what was typed act, or `drop` it, since what it was meant for did not come.

        Returns:
            How much was dropped.
        """
        if reason not in self._holds:
            return 0
        del self._holds[reason]
        dropped = len(self._ahead) if drop else 0
        if drop:
            self._ahead.clear()
        self._count()
        self._hand_on_soon()
        return dropped

    @property
    def held(self) -> int:
        """How many keys wait, whether or not escape can give up what they wait for."""
        return len(self._ahead) + sum(hold.own for hold in self._holds.values())

    def _count(self) -> None:
        """Update how many keys wait for what may take long."""
        long = bool(self._holds) and all(hold.given_up for hold in self._holds.values())
        self.waiting = self.held if long else 0

    def _give_up(self, event: events.Event) -> bool:
        """Drop the keys that wait if this is an escape that may; return whether it did."""
        if not (self.waiting and isinstance(event, events.Key) and event.key == "escape"):
            return False
        dropped = self.waiting
        self._ahead.clear()
        for hold in list(self._holds.values()):
            if hold.given_up is not None:
                hold.given_up(dropped)
        self._count()
        return True

    @property
    def screen_coming(self) -> bool:
        """Whether a screen is being opened that cannot take keys yet."""
        return any(isinstance(reason, Screen) for reason in self._holds)

    async def on_event(self, event: events.Event) -> None:
        """Hand an event on, but hold a key back while earlier ones are not done."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._forget_gone_fields()
            if not self._ahead and (not self._holds or self._passes(event)):
                await self._take(event)
            elif not self._give_up(event):
                self._keep_back(event)
        elif not (self.screen_coming and isinstance(event, events.MouseEvent)):
            await super().on_event(event)  # clicks would point to what is not seen any more

    def _keep_back(self, event: events.Key | events.Paste) -> None:
        if isinstance(event, events.Key):
            self._ahead.append(events.Key(event.key, event.character))
        else:
            self._ahead.append(events.Paste(event.text))
        self._count()

    def _passes(self, event: events.Key | events.Paste) -> bool:
        bindings = self.screen.active_bindings
        active = bindings.get(event.key) if isinstance(event, events.Key) else None
        action = "" if active is None else active.binding.action
        return all(hold.passing(action) for hold in self._holds.values())

    def _forget_gone_fields(self) -> None:
        for reason in list(self._holds):
            if isinstance(reason, Widget) and not isinstance(reason, Screen):
                screen = next((s for s in self.screen_stack if s in reason.ancestors), None)
                if screen is None:
                    self.release(reason)

    def _hand_on_soon(self) -> None:
        if self._ahead and not self._holds and not self._handing_on:
            self._handing_on = True
            self.call_next(self._hand_on)

    async def _hand_on(self) -> None:
        """Let one key act, and the next one after all that it led to."""
        self._handing_on = False
        if self._ahead and not self._holds and self.screen_stack:  # else the app is about to end
            self.handing_on = True
            try:
                await self._take(self._ahead.popleft())
            finally:
                self.handing_on = False
            self._hand_on_soon()

    async def _take(self, event: events.Key | events.Paste) -> None:
        """Let a key act at once unless a field takes it as text; join the lines of a paste.

        Textual sends a key to the field or the screen and gets it back. If it opens another screen,
        the keys after it would already be on their way to the old one.
        """
        field = self.focused
        if isinstance(event, events.Paste):
            await super().on_event(events.Paste(joined(event.text)))
        elif not await self._acts(event, field):
            await super().on_event(event)
        if field is not None:
            self._wait_for(field)

    async def _acts(self, event: events.Key, field: Widget | None) -> bool:
        """Do what a key is bound to; return whether it was. Text is left to its field."""
        self.app_focus = True
        if await self._check_bindings(event.key, priority=True):
            return True
        if field is not None and field.check_consume_key(event.key, event.character):
            return False
        return await self._check_bindings(event.key)

    def _wait_for(self, field: Widget) -> None:
        """Hold keys back until the field and all that get its messages are done."""
        self.hold(field)
        if not field.call_later(self._follow, field):
            self.release(field)

    def _follow(self, field: Widget) -> None:
        if not field.post_message(FieldDone(field)):
            self.release(field)

    def on_field_done(self, message: FieldDone) -> None:
        """Let the next key act."""
        self.release(message.field)
