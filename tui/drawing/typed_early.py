"""What is typed before the app reads keys, which is meant for it, and neither echoed nor lost."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

_usual: list[Any] = []
"""The settings of the terminal from before, while keys are kept."""


def keep() -> None:
    """Keep what is typed from now on until the app reads it, and echo nothing onto the screen.

    A terminal in its usual mode echoes what is typed, turns enter into a line feed, and passes
    lines on whole. Without that mode, the system keeps what is typed. Being terminated, too, gives
    the terminal back from then on; once it runs, the app sees to that.
    """
    if _usual or sys.platform == "win32" or not sys.stdin.isatty():
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    quiet = termios.tcgetattr(sys.stdin)
    quiet[tty.IFLAG] &= ~termios.ICRNL
    quiet[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON)
    quiet[tty.CC][termios.VMIN], quiet[tty.CC][termios.VTIME] = 1, 0
    _usual.append(before)  # first: ctrl-c may come at any time
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _leave)
    termios.tcsetattr(sys.stdin, termios.TCSANOW, quiet)


def _leave(number: int, _: object) -> NoReturn:
    raise SystemExit(128 + number)


def hand_over() -> None:
    """Restore the settings of the terminal; what was typed can still be read.

    A command that ends before its app began does so, too: a shell would echo nothing any more.
    """
    if _usual:
        import termios

        with suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(sys.stdin, termios.TCSANOW, _usual[0])
        _usual.clear()


def forget() -> None:
    """Drop keys that were meant for the app and came too late: the shell would get them."""
    if sys.platform != "win32" and sys.stdin.isatty():
        import termios

        termios.tcflush(sys.stdin, termios.TCIFLUSH)
