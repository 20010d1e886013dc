"""A picture in real pixels, for terminals that have them."""

from __future__ import annotations

import re
from collections.abc import Callable

from PIL import Image
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual_image.widget import SixelImage, TGPImage, sixel

from tui.blocks import Blocks, Pixels, fit
from tui.graphics import Graphics
from tui.widgets.thumb import Thumb

_HEADER = re.compile(r'\x1bP[\d;]*q(?:"[\d;]*)?')
_COLOUR = re.compile(r"(#\d+);2;\d+;\d+;\d+")


def colours_first(sixels: str) -> str:
    """Return Sixel data that says what all its colours are before it uses the first.

    xterm (379) paints some of those wrong that it is told of on the way.
    """
    header = _HEADER.match(sixels)
    if header is None:
        return sixels
    body = sixels[header.end() :]
    colours = "".join(colour[0] for colour in _COLOUR.finditer(body))
    return header[0] + colours + _COLOUR.sub(r"\1", body)


_encode: Callable[..., str] = sixel.image_to_sixels  # type: ignore[attr-defined]
sixel.image_to_sixels = lambda *args: colours_first(_encode(*args))  # type: ignore[attr-defined]


class Real(Container):
    """Shows a picture as a `Thumb` does; words, and pictures still being painted, in blocks."""

    def __init__(self, graphics: Graphics, blocks: Blocks, *, id: str) -> None:
        super().__init__(id=id)
        self._words = Thumb(blocks)
        self._image = (SixelImage if graphics is Graphics.SIXEL else TGPImage)()
        self.pixels: Pixels | None = None
        """What is shown; None if there is no picture."""

    def compose(self) -> ComposeResult:
        """Yield the picture, and what stands in for it."""
        yield self._words
        image: Widget = self._image
        yield image

    def show(self, pixels: Pixels | None, words: str = "") -> None:
        """Show a picture, or words; what is there already is not sent again."""
        self._words.display, self._image.display = pixels is None, pixels is not None
        if pixels is None:
            self._words.show(None, words)
        elif pixels is not self.pixels and self.size.area:
            height, width = pixels.shape[:2]
            columns, rows = fit(*self.size, width / height)
            self._image.styles.width, self._image.styles.height = columns, rows
            self._image.image = Image.fromarray(pixels)
        self.pixels = pixels
