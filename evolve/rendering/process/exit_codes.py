"""Whether a process died of what it did, or was killed from outside."""

from __future__ import annotations

import signal

from evolve import procfs

KILLED = -getattr(signal, "SIGKILL", 9)
"""Exit code of a process after SIGKILL; Windows has no such signal."""

_FROM_OUTSIDE = (KILLED, -signal.SIGTERM, -signal.SIGINT, -getattr(signal, "SIGHUP", 1))


def memory_kills() -> int | None:
    """Return how many processes this system has killed for lack of memory; None if unknown."""
    return procfs.number("vmstat", "oom_kill")


def is_from_outside(code: int | None, kills_before: int | None) -> bool:
    """Return whether a process was killed from outside, and not for lack of memory.

    These signals are sent on purpose, by a person or by the system. If the system does not report
    kills for lack of memory, each counts as one. `kills_before` is `memory_kills()` at its start.
    """
    return code in _FROM_OUTSIDE and kills_before is not None and memory_kills() == kills_before
