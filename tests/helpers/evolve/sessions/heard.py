"""What a session reports, collected."""

import queue
from typing import TypeVar

from evolve.session import events

E = TypeVar("E", bound=events.Event)


class Heard:
    """Collects a session's events and waits for particular ones."""

    def __init__(self) -> None:
        self.queue: queue.Queue[events.Event] = queue.Queue()
        self.all: list[events.Event] = []

    def until(self, kind: type[E], times: int = 1) -> list[E]:
        found: list[E] = []
        while len(found) < times:
            event = self.queue.get(timeout=10)
            self.all.append(event)
            if isinstance(event, kind):
                found.append(event)
            elif isinstance(event, events.Stopped):
                raise AssertionError(f"the session stopped: {event.error}")
        return found
