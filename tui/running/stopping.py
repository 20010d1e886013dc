"""What ends a run early: signals, of which the first lets it end with everything saved."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from tui.cli.output import aside

ENDING = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""What ends a run with everything saved: ctrl-c, a polite kill, a terminal that is closed."""


@contextmanager
def stop_signals() -> Iterator[list[int]]:
    """Collect the first ctrl-c or termination, so that the run can end with everything saved.

    A second one ends the process at once, as usual; nothing saved is lost by that either.
    """
    received: list[int] = []

    def note(number: int, _: object) -> None:
        received.append(number)
        signal.signal(number, signal.SIG_DFL)
        aside("stopping …")

    # With nohup a run outlives its terminal. Ctrl-c is ignored for a script in the background, too,
    # but one that is sent is meant.
    ending = [s for s in ENDING if s == signal.SIGINT or signal.getsignal(s) != signal.SIG_IGN]
    before = {s: signal.signal(s, note) for s in ending}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
