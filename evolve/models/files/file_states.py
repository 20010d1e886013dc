"""Whether a file is unchanged since it was read, so that what was learnt from it is still valid.

It is as long as size, times and inode stay the same; a program cannot set the time of the last
change of an inode. Nothing may be kept of a file that was changed just before: another change
within the same tick of the clock would not be noticed.
"""

from __future__ import annotations

import os

TICK_NS = 2_000_000_000
"""Age of a file in nanoseconds from which on a later change of it has another time; some file
systems count in steps of two seconds."""

State = tuple[int, ...]


def state_of(status: os.stat_result) -> State:
    """Return what changes whenever a file does."""
    times = status.st_mtime_ns, status.st_ctime_ns
    return status.st_size, *times, status.st_ino, status.st_dev


def is_settled(status: os.stat_result, now_ns: int) -> bool:
    """Return whether any change of a file after a moment changes its state.

    Args:
        status: Of the file.
        now_ns: The moment, in nanoseconds, as `time.time_ns` returns it.
    """
    return max(status.st_mtime_ns, status.st_ctime_ns) + TICK_NS < now_ns
