"""What all screens and boxes share: how they are left, the wheel, and keys typed ahead of them."""

from __future__ import annotations

import time
from collections.abc import Collection, Coroutine
from typing import Any, ClassVar, Generic

from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.screen import Screen, ScreenResultType

from tui.drawing.terminal import too_small
from tui.widgets.background import in_background
from tui.widgets.notices import Notices
from tui.widgets.typed_ahead import LEAVING, TypedAhead

NOTCH = 0.1
"""Seconds after a turn of the mouse wheel in which others do nothing: a flick sends dozens."""
WAYS_OUT = ("quit", "leave", "back", "cancel")
"""Actions that work even where nothing can be seen."""


class Layer(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen that is left once, even if that is asked for twice.

    Screens have no ids: one that is being closed still has its id, which must be unique.
    """

    WHEEL: ClassVar[str] = ""
    """The action of the mouse wheel, called with 1 for down and -1 for up; empty for none."""
    notices: Notices | None = None
    """The notices of this screen, if it has any."""
    _turned = 0.0

    @property
    def is_there(self) -> bool:
        """Whether the screen has its widgets: not yet when it was just opened, nor once closed.

        Nor while the app closes: screens are on the stack until all their widgets are gone.
        """
        if not (self.is_mounted and self.is_attached and self.app.is_running):
            return False
        return self in self.app.screen_stack

    def outdate(self, count: int) -> None:
        """Clear the notice if there were `count` of them before a key that did something."""

    def offers(self, action: str) -> bool:
        """Return whether to name a key in the key bar and in the help."""
        return True

    def names(self, binding: Binding) -> str:
        """Return what the key bar calls what a key does."""
        return binding.description

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close this screen; Textual would close whatever is on top by now."""
        if self.app.screen is not self:
            return AwaitComplete()
        closed = super().dismiss(result)
        if isinstance(below := self.app.screen, Layer):
            below.uncovered()
        return closed

    def uncovered(self) -> None:
        """React to being on top again, before anything else happens."""

    def work(self, job: Coroutine[Any, Any, bool], at_once: Collection[str] = ()) -> None:
        """Do something that takes a while, and hold back what is typed until it is done.

        Args:
            job: Returns whether it succeeded. If not, what was typed meanwhile is dropped.
            at_once: Actions, besides leaving, that need not wait for it.
        """
        typed, reason = self.typed, object()
        typed.hold(reason, {*LEAVING, *at_once}.__contains__)

        async def held() -> None:
            succeeded = False
            try:
                succeeded = await job
            finally:
                typed.release(reason, drop=not succeeded)

        in_background(self, held)

    @property
    def typed(self) -> TypedAhead:
        """The app, which holds back keys that are typed ahead."""
        assert isinstance(self.app, TypedAhead)
        return self.app

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ignore keys while the terminal is too small to show the screen."""
        return not too_small(*self.app.size) or action in WAYS_OUT

    async def on_mouse_scroll_down(self) -> None:
        await self._wheel(1)

    async def on_mouse_scroll_up(self) -> None:
        await self._wheel(-1)

    async def _wheel(self, by: int) -> None:
        now = time.monotonic()
        if self.WHEEL and self.is_current and now >= self._turned + NOTCH:
            self._turned = now
            await self.run_action(f"{self.WHEEL}({by})")
