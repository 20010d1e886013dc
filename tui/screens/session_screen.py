"""A screen that follows a session: what it paints, saves and reports."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.timer import Timer

from evolve.errors import FancierError
from evolve.session import events
from tui.controller.cards import State
from tui.controller.population_controller import PopulationController
from tui.drawing.blocks import Pixels
from tui.drawing.shrinking import UnfinishedPicture
from tui.screens.actions.picture_actions import PictureActions
from tui.screens.awaiting import Awaiting
from tui.screens.curtain import Curtained
from tui.screens.event_bridge import EventBridge
from tui.screens.picture_reader import PictureReader
from tui.widgets.messages import Happened, PaintingMoved
from tui.widgets.notices import Notices

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.studio.showing.saved_session import SavedSession
    from populations.studio.showing.viewing import Viewing

TICK = 0.25
"""Seconds between two updates of the progress."""
PREVIEW = 0.08
"""Seconds between two previews: a key waits for one at most, not for a page of them."""


class SessionScreen(Curtained):
    """Keeps the controller, and all screens that show its population, up to date."""

    def __init__(self, source: SavedSession | Viewing) -> None:
        self._awaiting = Awaiting(self, self.say)
        super().__init__(
            PopulationController(
                source, notify=self.say, on_awaiting=self._awaiting.page, follows=self._follows
            )
        )
        self.bridge = EventBridge(source)
        self.reader = PictureReader(self, self.controller, self.changed)
        self.notices: Notices = Notices()
        self._notice_timer: Timer | None = None
        self._progress_timer: Timer | None = None
        self._preview_timer: Timer | None = None
        self._looked = 0.0
        self._previews: dict[int, Pixels] = {}  # those not shown yet, oldest first

    @property
    def on_screen(self) -> Sequence[int]:
        raise NotImplementedError

    def on_mount(self) -> None:
        """Start the session once the empty gallery is on the screen, and no key before."""
        self.typed.hold(self.bridge)
        self.watch(self.typed, "waiting", self.changed, init=False)
        self.call_after_refresh(self._start)

    def _follows(self) -> bool:
        """Return whether the screen on top shows newborns, rather than keep its picture."""
        screens = reversed(self.app.screen_stack)  # this one is gone from them once it is left
        return next((each for each in screens if isinstance(each, PictureActions)), self).follows

    def _start(self) -> None:
        self.changed()
        self.typed.release(self.bridge)
        try:
            self.bridge.start(self.post_message, self.reader.longest)
        except FancierError as error:
            self.controller.receive(events.Stopped(str(error)))
            self.changed()

    async def on_unmount(self) -> None:
        """Stop the session; no key waits for it."""
        self._awaiting.close()
        await asyncio.to_thread(self.shut)

    def shut(self) -> None:
        """Stop the session with everything saved, the cursor too; later calls do nothing."""
        self.bridge.close(self.controller.leave)

    def changed(self) -> None:
        """Draw every screen that shows the population, this one and those above it."""
        with self.app.batch_update():
            for screen in self.app.screen_stack:
                if isinstance(screen, PictureActions) and screen.is_there:
                    screen.draw()

    @property
    def notice(self) -> str:
        """The notice to show at present; mostly empty."""
        return self.notices.text

    def say(self, text: str) -> None:
        self.notices.say(text, answers=self.typed.acting)
        if self._notice_timer is not None:
            self._notice_timer.stop()
        self._notice_timer = self.set_timer(self.notices.seconds, self._unsay)
        self.changed()

    def outdate(self, count: int) -> None:
        if self.notices.outdate(count):
            self.changed()

    def _unsay(self) -> None:
        self.notices.text = ""
        self.changed()

    def await_picture(self, individual: int, then: Callable[[], None]) -> None:
        """Do something once a picture can be seen, and hold back keys typed after it."""

        def if_there() -> None:
            if self.controller.pages.cursor == individual:
                then()

        self._awaiting.pictures([individual], if_there, typed=True)

    def when_rated(self, then: Callable[[], None]) -> None:
        """Do something once ratings that wait for their pictures count, as `await_picture`."""
        cards = self.controller.pages.cards
        waiting = [id for id in self.controller.kept if self.controller.is_awaited(cards[id])]

        def if_rated() -> None:  # else painting was stopped
            if not self.controller.kept.keys() & set(waiting):
                then()

        if waiting:
            self.say("breeding waits for the pictures that you rated; escape stops painting")
            self._awaiting.pictures(waiting, if_rated, typed=False)
        else:
            then()

    def look_for_awaited(self) -> None:
        """Count ratings whose pictures can be seen now, and do what waited for them."""
        if self.controller.kept:
            self.controller.rate_kept()
        self._awaiting.look(self.controller)

    def forget_awaited(self) -> None:
        """Drop what waits for pictures: it was meant for another branch."""
        if self._awaiting.forget_pictures():
            self.say("what waited for pictures of the previous branch is dropped")

    def forget_previews(self) -> None:
        """Drop the previews that are not shown yet."""
        self._previews.clear()

    @on(Happened)
    def _take_event(self, message: Happened) -> None:
        event = message.event
        if isinstance(event, events.Ready):
            self.reader.aspect = event.info.pixels[1] / event.info.pixels[0]
        if isinstance(event, events.Painted | events.Drafted | events.PaintingFailed):
            self._previews.pop(event.id, None)
        self.controller.receive(event)
        if isinstance(event, events.Switched):
            self.forget_awaited()
        self.look_for_awaited()
        self.changed()

    @on(PaintingMoved)
    def _plan_look(self) -> None:
        if self._progress_timer is None:
            wait = max(0.02, self._looked + TICK - time.monotonic())
            self._progress_timer = self.set_timer(wait, self._look)

    def _look(self) -> None:
        """Show the progress of everything; the previews follow one by one."""
        self._progress_timer = None
        self._looked = time.monotonic()
        for event in self.bridge.take():
            self.controller.receive(event)
            if isinstance(event, events.Stepped) and event.preview is not None:
                self._previews[event.id] = event.preview
        if self._preview_timer is None:
            self._show_preview()
        self.changed()

    def _show_preview(self) -> None:
        """Show the oldest preview of those on the screen, and the next one later."""
        self._preview_timer = None
        cards = self.controller.pages.cards
        for id in [i for i in self._previews if cards[i].state is not State.PAINTING]:
            del self._previews[id]
        visible = self.on_screen
        waiting = [id for id in self._previews if id in visible]
        if waiting:
            self.controller.previews[waiting[0]] = self._previews.pop(waiting[0]).view(
                UnfinishedPicture
            )
            self.look_for_awaited()
            self.changed()
            self._preview_timer = self.set_timer(PREVIEW, self._show_preview)
