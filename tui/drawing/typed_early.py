"""Keys pressed while the app starts: not echoed onto the screen, and kept until it reads them.

A terminal in its usual mode echoes what is typed, turns enter into a line feed, and passes lines on
whole. Without that mode, the system keeps what is typed until Textual reads it.
"""

from __future__ import annotations

import atexit
import sys
from typing import Any

_usual: list[Any] = []
"""The settings of the terminal from before, while keys are kept."""


def keep() -> None:
    """Keep what is typed from now on, until `hand_over`."""
    if _usual or sys.platform == "win32" or not sys.stdin.isatty():
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    quiet = termios.tcgetattr(sys.stdin)
    quiet[tty.IFLAG] &= ~termios.ICRNL
    quiet[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON)
    quiet[tty.CC][termios.VMIN], quiet[tty.CC][termios.VTIME] = 1, 0
    termios.tcsetattr(sys.stdin, termios.TCSANOW, quiet)
    _usual.append(before)
    atexit.register(hand_over)


def hand_over() -> None:
    """Restore the settings of the terminal; what was typed can still be read."""
    if _usual:
        import termios

        atexit.unregister(hand_over)
        termios.tcsetattr(sys.stdin, termios.TCSANOW, _usual.pop())
