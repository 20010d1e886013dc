"""A renderer that another machine commands and polls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from multiprocessing.connection import Pipe, wait
from queue import Empty, SimpleQueue

from evolve.rendering.protocol import Renderer, RenderEvent, Stepped, Task


class Host:
    """Runs a renderer whose commands and polls come from different threads.

    A renderer is used from one thread. So commands wait for `poll`, which they wake, and which is
    called by one thread at a time.
    """

    def __init__(self, start: Callable[[], Renderer]) -> None:
        """Start the renderer."""
        self._renderer = start()
        self._commands: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._woken, self._wake = Pipe(duplex=False)

    def version(self) -> str:
        """Return the version of fancier on this machine."""
        return version("fancier")

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs; returns at once."""
        self._order(partial(self._renderer.submit, jobs))

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs that have not ended."""
        self._order(partial(self._renderer.cancel, ids))

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return the events since the last call, waiting up to `timeout` seconds for the first."""
        self._obey()
        if events := self._renderer.poll(0.0):
            return lean(events)
        waitables = self._renderer.waitables
        if self._woken in wait([*waitables, self._woken], timeout if waitables else 0.0):
            while self._woken.poll():
                self._woken.recv_bytes()
            self._obey()
        return lean(self._renderer.poll(0.0 if waitables else timeout))

    def close(self) -> None:
        """Stop the renderer."""
        self._renderer.close()
        self._woken.close()
        self._wake.close()

    def _order(self, command: Callable[[], None]) -> None:
        self._commands.put(command)
        self._wake.send_bytes(b".")

    def _obey(self) -> None:
        try:
            while True:
                self._commands.get_nowait()()
        except Empty:
            pass


def lean(events: Sequence[RenderEvent]) -> list[RenderEvent]:
    """Return events without previews, which no other machine shows."""
    return [
        replace(event, preview=None) if isinstance(event, Stepped) else event for event in events
    ]
