"""The standard streams as a command finds them: perhaps closed, perhaps in an older encoding."""

from __future__ import annotations

import io
import os
import sys


def settle() -> None:
    """Make sure that anything can be written to the standard streams.

    A closed one is replaced by the null device, so that no file opened later gets its number.
    Characters that an encoding lacks become question marks.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            _lead_nowhere(number, name)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def writes_unicode() -> bool:
    """Return whether the encoding of the terminal has all characters, block characters too."""
    stream = sys.__stderr__ or sys.stderr  # the one that the app draws to
    return stream is None or (stream.encoding or "").lower().replace("-", "").startswith("utf")


def _lead_nowhere(number: int, name: str) -> None:
    nowhere = os.open(os.devnull, os.O_RDWR)
    if nowhere != number:
        os.dup2(nowhere, number)
        os.close(nowhere)
    stream = open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    setattr(sys, name, stream)
    setattr(sys, f"__{name}__", stream)
