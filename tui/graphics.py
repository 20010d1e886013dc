"""Which way of showing real pixels the terminal has, asked before Textual owns it.

All questions go out at once, and last one that every terminal answers (its device attributes):
when that answer is there, no other will come. So nothing is waited for in vain, nothing is left
unread on the screen, and a terminal that is silent costs `PATIENCE` seconds once.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import select
import sys
import time
from collections.abc import Mapping
from enum import StrEnum

PATIENCE = 0.5
"""Seconds to wait for a terminal, over a slow line, too."""
_KITTY = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_VERSION = b"\x1b[>q"
_ATTRIBUTES = b"\x1b[c"
_HAS_PLACEHOLDERS = re.compile(rb">\|(?:ghostty|kitty\((?:[1-9]|0\.(?:2[89]|[3-9]\d)))")
"""Kitty has them from 0.28."""
_ANSWER = re.compile(rb"\x1b\[\?([\d;]*)c")


class Graphics(StrEnum):
    """A protocol for real pixels."""

    KITTY = "kitty"
    SIXEL = "sixel"


def choose(answer: bytes) -> Graphics | None:
    """Return what the terminal's answer lets us use; None if blocks are all there is.

    More terminals know the Kitty protocol (Konsole, WezTerm, Kitty before 0.28) than know the
    placeholders that keep a picture in its place on a screen of text: only Kitty and Ghostty do.
    """
    attributes = _ANSWER.search(answer)
    if attributes is None:
        return None
    if b"4" in attributes.group(1).split(b";")[1:]:
        return Graphics.SIXEL
    knows = b"_Gi=31;OK" in answer and _HAS_PLACEHOLDERS.search(answer)
    return Graphics.KITTY if knows else None


def detect(environ: Mapping[str, str] = os.environ) -> Graphics | None:
    """Ask the terminal; None where there is none, inside tmux, or without the extra `graphics`.

    Call it before Textual is started.
    """
    if "TMUX" in environ or "TEXTUAL_DRIVER" in environ or sys.platform == "win32":
        return None
    if importlib.util.find_spec("textual_image") is None:
        return None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    chosen = choose(_ask(sys.stdin.fileno(), sys.stdout.fileno()))
    if chosen is not None:  # it asks the terminal more when it is imported: later, the app would
        importlib.import_module("textual_image.widget")  # take the answers for keys
    return chosen


def _ask(source: int, sink: int) -> bytes:
    import termios
    import tty

    before = termios.tcgetattr(source)
    answer = b""
    try:
        tty.setcbreak(source, termios.TCSANOW)
        os.write(sink, _KITTY + _VERSION + _ATTRIBUTES)
        end = time.monotonic() + PATIENCE
        while not _ANSWER.search(answer) and (left := end - time.monotonic()) > 0:
            if select.select([source], [], [], left)[0]:
                answer += os.read(source, 1024)
    finally:
        # What comes late is dropped, and so never stands on the screen.
        termios.tcsetattr(source, termios.TCSAFLUSH, before)
    return answer
