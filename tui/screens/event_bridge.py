"""From the session's thread to the app: events become messages, steps are held back a little."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from textual.message import Message

from evolve.session import events
from tui.drawing.shrinking import THUMBNAIL, shrink
from tui.widgets.messages import Happened, PaintingMoved

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.studio.showing.saved_session import SavedSession
    from populations.studio.showing.viewing import Viewing


class EventBridge:
    """Listens to a source. Everything else of the app runs on the thread of the event loop."""

    def __init__(self, source: SavedSession | Viewing) -> None:
        self._source = source
        self._post: Callable[[Message], object] | None = None
        self._longest = THUMBNAIL
        self._lock = Lock()
        self._closing = Lock()
        self._running: dict[int, events.Stepped] = {}
        self._renewed = False
        self._announced = False
        self._closed = False
        self.ended = ""
        """Why the source has ended, if something went wrong."""

    def start(self, post: Callable[[Message], object], longest: int = THUMBNAIL) -> None:
        """Begin; `post` must be safe to call from another thread, as `post_message` is.

        Pictures are passed on with at most `longest` pixels on their longer side.
        """
        self._post, self._longest = post, longest
        self._source.start(self._listen)

    def take(self) -> list[events.Stepped | events.Renewed]:
        """Return the latest step of each picture since the last call, and at most one `Renewed`."""
        with self._lock:
            news: list[events.Stepped | events.Renewed] = list(self._running.values())
            if self._renewed:
                news.append(events.Renewed())
            self._running, self._renewed, self._announced = {}, False, False
        return news

    def close(self, before: Callable[[], object] = lambda: None) -> None:
        """Call `before`, then stop the source with everything saved; only the first call does."""
        with self._closing:  # a second caller waits until the first is done
            if not self._closed:
                self._closed = True
                try:
                    before()
                finally:
                    self._source.close()

    def _listen(self, event: events.Event) -> None:
        """Pass an event on (on the session's thread).

        Steps come by the dozen, faster than a terminal should be repainted, and reading a renewed
        population takes long: only one `PaintingMoved` is under way at a time, and its receiver
        takes the latest of everything.
        """
        if isinstance(event, events.Stopped):
            self.ended = event.error
        if self._closed or self._post is None:
            return
        if isinstance(event, events.Stepped | events.Renewed):
            with self._lock:
                self._hold(event)
                if self._announced:
                    return
                self._announced = True
            self._tell(PaintingMoved())
            return
        if isinstance(event, events.Painted | events.Drafted):
            small = shrink(event.picture, self._longest)
            event = replace(event, picture=small)
        if isinstance(event, events.Born):
            all_small = [
                replace(each, picture=shrink(each.picture, self._longest)) for each in event.painted
            ]
            event = replace(event, painted=all_small)
        if isinstance(event, events.Painted | events.Drafted | events.PaintingFailed):
            with self._lock:
                self._running.pop(event.id, None)
        self._tell(Happened(event))

    def _hold(self, event: events.Stepped | events.Renewed) -> None:
        if isinstance(event, events.Renewed):
            self._renewed = True
            return
        old = self._running.get(event.id)
        if event.preview is None and old is not None and old.preview is not None:
            event = events.Stepped(event.id, event.step, event.steps, old.preview)
        self._running[event.id] = event

    def _tell(self, message: Message) -> None:
        # The loop that would get the message is gone if the app has just ended.
        with suppress(RuntimeError):
            if self._post is not None:
                self._post(message)
