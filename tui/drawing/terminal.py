"""The terminal around the app, and what has to be set before Textual is imported."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Mapping, MutableMapping
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

from evolve.errors import FancierError
from evolve.rendering.process.spawning import plain_streams
from tui.drawing.kinds import Graphics
from tui.drawing.pixels.graphics import Surface

if TYPE_CHECKING:
    from tui.app.config import Config
    from tui.drawing.blocks import Blocks

MIN_WIDTH = 60
MIN_HEIGHT = 16

_usual: list[Any] = []
"""The settings of the terminal from before, while keys are kept."""


def prepare(environ: MutableMapping[str, str] = os.environ) -> None:
    """Make this process ready for a Textual app; call it before Textual is imported.

    tmux rarely says that it understands 24-bit colours, though it does and reduces them itself for
    the terminal outside; Textual would fall back to 256 or 16 colours, and faces to mud.
    """
    _keep_typed()
    if "TMUX" in environ and "NO_COLOR" not in environ:
        environ.setdefault("TEXTUAL_COLOR_SYSTEM", "truecolor")
    # A key right after escape would be taken for its combination with alt for a tenth of a second.
    environ.setdefault("ESCDELAY", "25")
    # Started here, the tracker of multiprocessing has the stderr of the terminal, not that of the
    # app; if it dies later, it is replaced.
    with plain_streams():
        resource_tracker.ensure_running()
    # Imports make no garbage, and collecting takes a seventh of the time of a start.
    gc.set_threshold(200_000)


def look(config: Config, environ: MutableMapping[str, str] = os.environ) -> tuple[Blocks, Surface]:
    """Ask the terminal what it can show, and return what to draw with; call it after `prepare`.

    All terminals with real pixels have 24-bit colours, though over ssh they do not report it; a
    colour stands for the number of a picture, so it must not be rounded.
    """
    surface = config.surface(environ)
    if surface.graphics is not None:
        environ.setdefault("TEXTUAL_COLOR_SYSTEM", "truecolor")
    from tui.drawing.blocks import Blocks  # numpy comes with it

    if config.blocks not in ("auto", *Graphics):
        return Blocks(config.blocks), surface
    if environ.get("TERM") == "linux":  # fonts of its console have no other blocks
        return Blocks.HALF, surface
    return Blocks.OCTANT if surface.octants else Blocks.QUADRANT, surface


def settle() -> None:
    """Collect garbage in small steps from now on, and not among what was imported.

    A collection of everything stops the app for a tenth of a second.
    """
    gc.freeze()
    gc.set_threshold(2000, 10, 100)


def is_there(environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether somebody could see the app: in a terminal, or served to a browser."""
    return "TEXTUAL_DRIVER" in environ or (sys.stdin.isatty() and sys.stdout.isatty())


def need(environ: Mapping[str, str] = os.environ) -> None:
    """Refuse to open the app in a pipe, where it would wait for keys for ever.

    Raises:
        FancierError: There is no terminal, or one that only prints line after line.
    """
    if not is_there(environ):
        raise FancierError("the app needs a terminal; for scripts, see 'fancier --help'")
    if is_dumb(environ):
        raise FancierError("the app cannot draw with TERM='dumb': open it in another terminal")


def is_dumb(environ: Mapping[str, str]) -> bool:
    """Return whether the terminal says that it only prints, such as a shell in an editor."""
    return environ.get("TERM") == "dumb" and "TEXTUAL_DRIVER" not in environ


def _keep_typed() -> None:
    """Keep what is typed from now on until the app reads it, and echo nothing onto the screen.

    A terminal in its usual mode echoes what is typed, turns enter into a line feed, and passes
    lines on whole. Without that mode, the system keeps what is typed.
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
    termios.tcsetattr(sys.stdin, termios.TCSANOW, quiet)
    _usual.append(before)
    atexit.register(hand_over_typed)


def hand_over_typed() -> None:
    """Restore the settings of the terminal; what was typed can still be read."""
    if _usual:
        import termios

        atexit.unregister(hand_over_typed)
        termios.tcsetattr(sys.stdin, termios.TCSANOW, _usual.pop())


def forget_typed() -> None:
    """Drop keys that were meant for the app and came too late: the shell would get them."""
    if sys.platform != "win32" and sys.stdin.isatty():
        import termios

        termios.tcflush(sys.stdin, termios.TCIFLUSH)


def too_small(width: int, height: int) -> str:
    """Return the line to show instead of the app; empty if the terminal is large enough."""
    if width >= MIN_WIDTH and height >= MIN_HEIGHT:
        return ""
    return f"this terminal is {width}x{height}: fancier needs at least {MIN_WIDTH}x{MIN_HEIGHT}"
