"""From the session's thread to the app: events become messages, previews are held back a little."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from textual.message import Message

from evolve import events
from tui.messages import Happened, Progress
from tui.pictures import shrink
from tui.seam import Source


class Feed:
    """Listens to a source. Everything else of the app runs on the thread of the event loop."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._post: Callable[[Message], object] | None = None
        self._lock = Lock()
        self._closing = Lock()
        self._running: dict[int, events.Painting] = {}
        self._announced = False
        self._closed = False

    def start(self, post: Callable[[Message], object]) -> None:
        """Begin; `post` must be safe to call from another thread, as `post_message` is."""
        self._post = post
        self._source.start(self._listen)

    def take(self) -> list[events.Painting]:
        """Return the latest step of everything that moved since the last call."""
        with self._lock:
            steps, self._running = list(self._running.values()), {}
            self._announced = False
        return steps

    def close(self) -> None:
        """Stop the source with everything saved; only the first call does anything."""
        with self._closing:  # a second caller waits until the first is done
            if not self._closed:
                self._closed = True
                self._source.close()

    def _listen(self, event: events.Event) -> None:
        """Pass an event on (on the session's thread).

        Steps come by the dozen and faster than a terminal should be repainted: only one `Progress`
        is ever under way, and who gets it takes all the latest steps at once.
        """
        if self._closed or self._post is None:
            return
        if isinstance(event, events.Painting):
            with self._lock:
                old = self._running.get(event.id)
                if event.preview is None and old is not None and old.preview is not None:
                    event = events.Painting(event.id, event.step, event.steps, old.preview)
                self._running[event.id] = event
                if self._announced:
                    return
                self._announced = True
            self._tell(Progress())
            return
        if isinstance(event, events.Painted):
            event = events.Painted(event.id, shrink(event.picture))
        if isinstance(event, events.Painted | events.PaintingFailed):
            with self._lock:
                self._running.pop(event.id, None)
        self._tell(Happened(event))

    def _tell(self, message: Message) -> None:
        # The loop that would get the message is gone if the app has just ended.
        with suppress(RuntimeError):
            if self._post is not None:
                self._post(message)
