"""The terminal around the app, and what has to be set before Textual is imported."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, MutableMapping
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

from evolve.errors import FancierError
from evolve.rendering.process.spawning import plain_streams
from tui.drawing import typed_early
from tui.drawing.kinds import Graphics
from tui.drawing.pixels.graphics import Surface

if TYPE_CHECKING:
    from tui.app.config import Config
    from tui.drawing.blocks import Blocks

MIN_WIDTH = 60
MIN_HEIGHT = 16


def prepare(environ: MutableMapping[str, str] = os.environ) -> None:
    """Make this process ready for a Textual app; call it before Textual is imported.

    tmux rarely says that it understands 24-bit colours, though it does and reduces them itself for
    the terminal outside; Textual would fall back to 256 or 16 colours, and faces to mud.
    """
    typed_early.keep()
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


def too_small(width: int, height: int) -> str:
    """Return the line to show instead of the app; empty if the terminal is large enough."""
    if width >= MIN_WIDTH and height >= MIN_HEIGHT:
        return ""
    return f"this terminal is {width}x{height}: fancier needs at least {MIN_WIDTH}x{MIN_HEIGHT}"
