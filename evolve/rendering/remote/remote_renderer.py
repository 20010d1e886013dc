"""A renderer on another machine; a thread waits for the network."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import wait
from queue import Empty, SimpleQueue

from evolve.errors import FancierError, RenderError
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.protocol import Broken, Line, Lost, RenderEvent, Task, Waitable

PATIENCE_S = 5.0
"""Seconds that one poll of the other machine takes at most."""


class LostError(RenderError):
    """The other end is gone: its machine, its process, or the network in between."""


class RemoteRenderer(OwnedRenderer):
    """Paints at the other end of a line; when that breaks, it reports `Lost` and ends."""

    def __init__(self, hire: Callable[[], Line]) -> None:
        """Connect in the background; `poll` reports when the renderer is ready.

        `hire` waits for a place to paint, and returns the line to it, of which only `poll` blocks;
        both raise `LostError`, or another `FancierError` if waiting would not help.
        """
        self._line: Line | None = None
        self._early: list[Callable[[Line], None]] = []  # commands before there was a line
        self._lock = threading.Lock()
        self._over = False
        self._inbox: SimpleQueue[list[RenderEvent]] = SimpleQueue()
        self._woken, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        threading.Thread(target=self._listen, args=(hire,), daemon=True).start()

    @property
    def waitables(self) -> Sequence[Waitable]:
        """A socket that is written to when there are events."""
        return [] if self._over else [self._woken]

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs; returns at once."""
        self._ask(lambda line: line.submit(jobs))

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs that are not finished."""
        if ids:
            self._ask(lambda line: line.cancel(ids))

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return the events since the last call, waiting up to `timeout` seconds for the first."""
        events: list[RenderEvent] = []
        if self._over:
            return events
        if wait([self._woken], timeout):
            self._woken.recv(1 << 16)
        with contextlib.suppress(Empty):
            while True:
                events += self._inbox.get_nowait()
        return events

    def close(self) -> None:
        """Stop the other end."""
        with self._lock:
            over, self._over = self._over, True
            line = self._line
        if not over:
            self._woken.close()
            self._wake.close()
            if line is not None:
                line.close()

    def _ask(self, command: Callable[[Line], None]) -> None:
        with self._lock:
            if self._over:
                return
            if self._line is None:
                self._early.append(command)
                return
        with contextlib.suppress(FancierError):  # the listening thread reports it
            command(self._line)

    def _listen(self, hire: Callable[[], Line]) -> None:
        try:
            line = hire()
            with self._lock:
                over, self._line = self._over, line
                for command in [] if over else self._early:
                    command(line)
            if over:
                return line.close()
            while not self._over:
                if events := line.poll(PATIENCE_S):
                    self._tell(events)
        except LostError as error:
            self._tell([Lost(str(error))])
        except FancierError as error:
            self._tell([Broken(str(error))])

    def _tell(self, events: list[RenderEvent]) -> None:
        self._inbox.put(events)
        with contextlib.suppress(OSError):  # closed, or full
            self._wake.send(b".")
