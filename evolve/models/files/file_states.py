"""Whether a file is still the one that was read, so that what is known of it counts.

It is as long as size, times and inode stay what they were; a program cannot set the time of the
last change of an inode. Of a file that was changed just before, nothing is to be kept: one more
change within the same tick of the clock would not be seen.
"""

from __future__ import annotations

import os

TICK_NS = 2_000_000_000
"""Age of a file in nanoseconds from which on a later change of it has another time; some file
systems count in steps of two seconds."""

State = tuple[int, ...]


def state_of(status: os.stat_result) -> State:
    """Return what stays the same as long as a file does."""
    times = status.st_mtime_ns, status.st_ctime_ns
    return status.st_size, *times, status.st_ino, status.st_dev


def is_settled(status: os.stat_result, now_ns: int) -> bool:
    """Return whether a change of a file from a moment on changes its state, too.

    Args:
        status: Of the file.
        now_ns: The moment, in nanoseconds, as `time.time_ns` returns it.
    """
    return max(status.st_mtime_ns, status.st_ctime_ns) + TICK_NS < now_ns
