"""A picture in real pixels, for terminals that have them."""

from __future__ import annotations

from PIL import Image
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual_image.widget import SixelImage, TGPImage

from tui.blocks import Blocks, Pixels, fit
from tui.graphics import Graphics
from tui.widgets.thumb import Thumb


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
