"""Real pixels among lines of text, for terminals that have them.

Pictures are encoded on a thread of their own and sent once. In Kitty's protocol, cells stand for
them (`placeholders.py`). Sixel and iTerm2's have no such cells: there the picture is stamped over
blank cells at the end of its last line, whenever that line is written.
"""

from __future__ import annotations

import asyncio
import base64
import io
import random
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from contextlib import suppress
from dataclasses import dataclass, field

from PIL import Image
from rich.color import Color
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.strip import Strip

from tui.drawing.kinds import Graphics
from tui.drawing.pixels import placeholders, sixels
from tui.drawing.pixels.graphics import Surface
from tui.drawing.shrinking import Pixels, UnfinishedPicture, shrunk

MOST = 96
"""Pictures that are kept encoded, in the terminal too: six pages and what is beside them. At most a
quarter of them are previews, enough for a screen."""
PATIENCE = 0.03
"""Seconds that drawing waits for pictures within `SPELL`; else they come a moment later."""
SPELL = 0.25
_CONTROL = ((ControlType.CURSOR_FORWARD, 0),)
"""Marks a segment as one that takes no room."""


@dataclass(slots=True)
class _Print:
    """A picture in one size."""

    pixels: Pixels
    number: int
    work: Future[str]
    data: str | None = None
    """What to write, once it is encoded."""
    callers: list[Callable[[Pixels], object]] = field(default_factory=list)
    """Called when it is encoded."""
    drawn_by: Callable[[Pixels], object] | None = None
    """Called when the terminal has dropped it."""


class Canvas:
    """Draws pictures in real pixels. Used on the thread of the event loop only."""

    def __init__(self, surface: Surface, write: Callable[[str], object] = lambda _: None) -> None:
        self.surface = surface
        self._write = write
        self._pool = ThreadPoolExecutor(1, "pixels")
        self._prints: OrderedDict[tuple[int, int, int], _Print] = OrderedDict()
        self._next = random.SystemRandom().randrange(1, 1 << 23)  # others use numbers, too
        self._spell, self._left = 0.0, PATIENCE

    @property
    def stretch(self) -> float:
        """How much higher than twice its width a cell is."""
        across, down = self.surface.cell
        return down / across / 2

    def attach(self, write: Callable[[str], object]) -> None:
        """Set how to write to the terminal, in turn with everything else that is written."""
        self._write = write

    def close(self) -> None:
        """Drop all pictures, in the terminal too."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        while self._prints:
            self._drop()

    def draw(
        self,
        pixels: Pixels,
        columns: int,
        rows: int,
        style: Style,
        redraw: Callable[[Pixels], object],
    ) -> list[Strip] | None:
        """Return a picture as lines of cells, or None if it is not encoded yet.

        Args:
            pixels: The picture.
            columns: Cells across.
            rows: Cells down.
            style: What is around it.
            redraw: Called with the picture once it can be drawn, if it cannot be now; and when the
                terminal had to drop it while it may still be on the screen.
        """
        if max(columns, rows) > placeholders.MOST:
            return None
        if self.surface.graphics is not Graphics.KITTY and isinstance(pixels, UnfinishedPicture):
            return None  # it changes too often to be stamped
        key = id(pixels), columns, rows
        if key not in self._prints:
            self._make_room()  # before: a preview would be the first to go itself
            self._prints[key] = self._begin(pixels, columns, rows)
        self._prints.move_to_end(key)
        drawn = self._prints[key]
        if drawn.data is None:
            self._wait(drawn)
        if drawn.data is None:
            if not drawn.callers:
                asyncio.get_running_loop().call_later(0.01, self._look, drawn)
            drawn.callers.append(redraw)
            return None
        drawn.drawn_by = redraw
        if self.surface.graphics is Graphics.KITTY:
            colour = Style(color=_colour(drawn.number), bgcolor=style.bgcolor)
            return [
                Strip([Segment(placeholders.row(y, columns), colour)], columns) for y in range(rows)
            ]
        return _stamped(drawn.data, columns, rows, style)

    def _begin(self, pixels: Pixels, columns: int, rows: int) -> _Print:
        number = self._next
        self._next = self._next % ((1 << 24) - 1) + 1
        return _Print(
            pixels, number, self._pool.submit(_encode, self.surface, pixels, columns, rows, number)
        )

    def _wait(self, drawn: _Print) -> None:
        now = time.monotonic()
        if now - self._spell > SPELL:
            self._spell, self._left = now, PATIENCE
        with suppress(TimeoutError):
            drawn.work.result(max(0.0, self._left))
            self._finish(drawn)
        self._left -= time.monotonic() - now

    def _look(self, drawn: _Print) -> None:
        if not drawn.callers:  # it was dropped
            return
        if not drawn.work.done():
            asyncio.get_running_loop().call_later(0.01, self._look, drawn)
            return
        self._finish(drawn)
        callers, drawn.callers = drawn.callers, []
        for redraw in callers:
            redraw(drawn.pixels)

    def _finish(self, drawn: _Print) -> None:
        if drawn.data is None:
            drawn.data = drawn.work.result()
            if self.surface.graphics is Graphics.KITTY:
                self._write(drawn.data)
                drawn.data = ""  # the terminal has it

    def _make_room(self) -> None:
        """Drop pictures until there is room for one more, and have them redrawn where needed."""
        while len(self._prints) >= MOST:
            old, callers = self._drop()
            if old.drawn_by is not None and self.surface.graphics is Graphics.KITTY:
                callers.append(old.drawn_by)
            for redraw in callers:
                redraw(old.pixels)

    def _drop(self) -> tuple[_Print, list[Callable[[Pixels], object]]]:
        """Drop what was not drawn for longest, a preview where many are kept.

        Returns it, and the callers that still waited for it.
        """
        previews = [k for k, p in self._prints.items() if isinstance(p.pixels, UnfinishedPicture)]
        many = previews and len(previews) >= MOST // 4
        old = self._prints.pop(previews[0] if many else next(iter(self._prints)))
        if old.data is not None and self.surface.graphics is Graphics.KITTY:
            self._write(placeholders.forget(old.number, through=self.surface.through))
        old.work.cancel()
        callers, old.callers = old.callers, []  # it may be on its way already
        return old, callers


def _encode(surface: Surface, pixels: Pixels, columns: int, rows: int, number: int) -> str:
    """Return what shows a picture, at most as large as its place (on the encoding thread)."""
    height, width = pixels.shape[:2]
    across, down = columns * surface.cell[0], rows * surface.cell[1]
    if surface.graphics is Graphics.SIXEL:  # which has no sizes but its own
        return sixels.encode(shrunk(pixels, across, down), surface.registers)
    if width > across and height > down:
        pixels = shrunk(pixels, across, down)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=1)
    if surface.graphics is Graphics.KITTY:
        png = file.getvalue()
        return placeholders.upload(number, png, columns, rows, through=surface.through)
    data = base64.b64encode(file.getvalue()).decode("ascii")
    size = f"size={len(file.getvalue())};width={columns};height={rows}"
    return f"\x1b]1337;File=inline=1;{size};preserveAspectRatio=0:{data}\x07"


def _stamped(data: str, columns: int, rows: int, style: Style) -> list[Strip]:
    """Return blank lines, the last of which has a picture stamped over all of them."""
    blank = Segment(" " * columns, Style(bgcolor=style.bgcolor))
    up = f"\x1b[{rows - 1}A" if rows > 1 else ""
    stamp = f"\x1b8{up}{data}\x1b8\x1b[{columns}C"
    last = [Segment("\x1b7", None, _CONTROL), blank, Segment(stamp, None, _CONTROL)]
    return [*[Strip([blank], columns)] * (rows - 1), Strip(last, columns)]


def _colour(number: int) -> Color:
    return Color.from_rgb(number >> 16, number >> 8 & 255, number & 255)
