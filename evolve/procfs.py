"""What Linux tells of itself and of this process, in files with a name and a number a line."""

from __future__ import annotations

from pathlib import Path


def number(file: str, name: str) -> int | None:
    """Return the number behind `name` in a file of /proc; None where nobody tells."""
    try:
        for line in Path("/proc", file).read_text().splitlines():
            found, told, *_ = (*line.split(), "", "")
            if found.rstrip(":") == name:
                return int(told)
    except (OSError, ValueError):
        pass
    return None


def size(file: str, name: str) -> int | None:
    """Return the bytes that a line tells in kilobytes; None where nobody tells."""
    kilobytes = number(file, name)
    return None if kilobytes is None else kilobytes * 1024
