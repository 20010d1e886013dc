"""What keys typed ahead wait for: a page that was asked for, and its pictures.

Keys typed right behind the one that asks for a page are meant for that page, however long it takes;
escape drops them. Keys typed after a pause are meant for what is on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from populations.core.captions import counted
from tui.controller.population_controller import PopulationController
from tui.screens.actions.picture_actions import PictureActions
from tui.widgets.layer import Layer
from tui.widgets.typed_ahead import LEAVING, GivenUp

PASSING = (*LEAVING, "cancel", "inspect", "help")
"""Actions that do not wait for a page that was asked for."""
BEHIND = 3.0
"""Seconds after a request within which keys are meant for what was asked for."""


class _Wait(NamedTuple):
    """Something that waits for pictures."""

    individuals: Sequence[int]
    then: Callable[[], None]
    reason: object
    """Why keys wait."""


class Awaiting:
    """A page and pictures that keys wait for, on the screen of a population."""

    def __init__(self, screen: Layer[Any], say: Callable[[str], None]) -> None:
        self._screen, self._say = screen, say
        self._page = object()  # what keys wait for; another one each time
        self._waits: dict[bool, _Wait] = {}
        """What waits for pictures, by whether it was typed ahead of them."""

    def page(self, awaited: bool, came: bool) -> int:
        """Hold keys back for a page that was asked for, or let them act.

        Returns:
            How many keys are dropped, since it does not come.
        """
        dropped = self._screen.typed.release(self._page, drop=not (awaited or came))
        if awaited:
            self._page = self._hold(self._forget_page)
        return dropped

    def pictures(
        self, individuals: Sequence[int], then: Callable[[], None], *, typed: bool
    ) -> None:
        """Do something once pictures are seen, or will not be.

        It takes the place of what was asked for in the same way and still waits.

        Args:
            individuals: Whose pictures.
            then: What to do.
            typed: Whether it was typed ahead, so that escape drops it, too.
        """
        self._forget_wait(typed)
        reason = self._hold(self._forget_picture if typed else self._forget, own=int(typed))
        self._waits[typed] = _Wait(individuals, then, reason)

    def look(self, controller: PopulationController) -> None:
        """Do what waits for pictures if they are seen, or will not be."""
        cards = controller.pages.cards
        for typed, wait in list(self._waits.items()):
            if not any(controller.is_awaited(cards[id]) for id in wait.individuals):
                del self._waits[typed]
                wait.then()
                self._screen.typed.release(wait.reason)

    def forget_pictures(self) -> bool:
        """Stop waiting for pictures; return whether anything waited."""
        waited = bool(self._waits)
        for typed in list(self._waits):
            self._forget_wait(typed)
        return waited

    def close(self) -> None:
        """Stop waiting for anything: keys are meant for another screen from now on."""
        self.forget_pictures()
        self._screen.typed.release(self._page)

    def _hold(self, given_up: GivenUp, own: int = 0) -> object:
        reason = object()
        self._screen.typed.hold(reason, self._passes, given_up, own)
        self._screen.set_timer(BEHIND, partial(self._look_around, reason))
        return reason

    def _passes(self, action: str) -> bool:
        """Let keys act that concern no picture, and all keys on what was opened meanwhile.

        Escape drops the keys that wait before it stops painting.
        """
        if not isinstance(self._screen.app.screen, PictureActions):
            return True
        return action in PASSING and not (action == "cancel" and self._screen.typed.held)

    def _look_around(self, reason: object) -> None:
        """Let keys act on what is seen from now on, unless some wait already."""
        if not self._screen.typed.held:
            self._screen.typed.release(reason)

    def _forget_page(self, dropped: int) -> None:
        self._screen.typed.release(self._page)
        self._say(f"{counted(dropped, 'key')} dropped; the next page still comes")

    def _forget_picture(self, dropped: int) -> None:
        self._forget_wait(True)
        self._forget(dropped)

    def _forget_wait(self, typed: bool) -> None:
        if (wait := self._waits.pop(typed, None)) is not None:
            self._screen.typed.release(wait.reason)

    def _forget(self, dropped: int) -> None:
        self._say(f"{counted(dropped, 'key')} dropped")
