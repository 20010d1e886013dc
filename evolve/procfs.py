"""Linux's /proc: facts about the machine and this process, each a name and a number."""

from __future__ import annotations

from pathlib import Path


def number(file: str, name: str) -> int | None:
    """Return the number after `name` in a file of /proc; None if unknown."""
    try:
        for line in Path("/proc", file).read_text().splitlines():
            label, value, *_ = (*line.split(), "", "")
            if label.rstrip(":") == name:
                return int(value)
    except (OSError, ValueError):
        pass
    return None


def size(file: str, name: str) -> int | None:
    """Return the bytes that a line gives in kilobytes; None if unknown."""
    kilobytes = number(file, name)
    return None if kilobytes is None else kilobytes * 1024
