"""How fast are pictures in a terminal, and how much is sent for them?

The same twelve pictures of the embedded model's size in a gallery of 160x50 cells: mounted, one of
them replaced, the cursor moved. Fancier's blocks and real pixels against textual-image's half cells
and rich-pixels, all in one run. A headless Textual app does not even draw, so this one draws
everything and counts the bytes; real pixels are waited for, and what is sent of them counts.

Then: how much of the contrast of thin lines is left of portraits as fancier draws them, against an
area mean with the cells split by brightness. Lines are what a closing (dark) or an opening (bright)
of 7 x 7 pixels changes by more than 40 levels in the portraits that the model was published with.

    python -m benchmarks.tui.terminal
"""

import asyncio
import itertools
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.containers import Grid, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

import evolve.models.portraits
from benchmarks.scripting.command_line import parser_of
from evolve.models.catalog import describe
from tui.drawing.blocks import _CELLS, Blocks, to_strips
from tui.drawing.kinds import Graphics
from tui.drawing.pixels.canvas import Canvas
from tui.drawing.pixels.graphics import Surface
from tui.widgets.pictures.thumb import Thumb

PICTURES = 12
ROUNDS = 12
CELL = 10, 20
"""Pixels of a cell, where they matter."""
CELLS = 30, 15
"""Cells of a portrait on a page of twelve, at 160x50."""
NEAREST = Image.Resampling.NEAREST


class Counting(App[None]):
    """Draws what would go to the terminal, and counts it."""

    sent = 0
    canvas: Canvas | None = None

    def on_mount(self) -> None:
        """Count what goes past the drawing, too."""
        if self.canvas is not None:
            self.canvas.attach(self._count)

    def on_unmount(self) -> None:
        """Let the canvas go."""
        if self.canvas is not None:
            self.canvas.close()

    def _count(self, text: str) -> None:
        self.sent += len(text.encode())

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate) and not self._batch_count:
            self.sent += len(renderable.render_segments(self.console).encode())
        super()._display(screen, renderable)


class Page(Counting):
    """Twelve pictures, each with a caption."""

    CSS = """
    Grid { grid-size: 4 3; }
    .place { layout: vertical; }
    .picture { width: 1fr; height: 1fr; }
    .caption { height: 1; }
    .cursor { background: $accent; }
    """

    def __init__(
        self,
        make: Callable[[], Widget],
        fill: Callable[[Widget, Any], None],
        surface: Surface | None,
    ) -> None:
        super().__init__()
        self.canvas = Canvas(surface) if surface else None
        self.pictures = [make() for _ in range(PICTURES)]
        self.captions = [Static(str(place), classes="caption") for place in range(PICTURES)]
        self.fill = fill

    def compose(self) -> ComposeResult:
        """Yield the pictures with their captions."""
        with Grid():
            for picture, caption in zip(self.pictures, self.captions, strict=True):
                picture.add_class("picture")
                with Vertical(classes="place"):
                    yield picture
                    yield caption


def faces() -> list[NDArray[np.uint8]]:
    """Return pictures with as much in them as photographs have."""
    rng = np.random.default_rng(0)
    size = describe("portraits").pixels[0]
    found = []
    for _ in range(2 * PICTURES):
        coarse = rng.integers(0, 256, (24, 24, 3), np.uint8)
        smooth = Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC)
        found.append(np.asarray(smooth))
    return found


async def drawn(app: Counting, pilot: Any) -> None:
    """Wait until everything is drawn, real pixels too."""
    await pilot.pause()
    while app.canvas is not None and any(p.callers for p in app.canvas._prints.values()):
        await pilot.pause(0.005)
    await pilot.pause()


async def measure(
    make: Callable[[], Widget],
    fill: Callable[[Widget, Any], None],
    surface: Surface | None = None,
) -> list[str]:
    """Return the cells of one row of the table."""
    pictures = faces()
    app = Page(make, fill, surface)
    began = time.process_time()
    async with app.run_test(size=(160, 50)) as pilot:
        for widget, picture in zip(app.pictures, pictures, strict=False):
            fill(widget, picture)
        await drawn(app, pilot)
        mounted = time.process_time() - began, app.sent
        replaced, moved = [], []
        for turn in range(ROUNDS):
            app.sent, began = 0, time.process_time()
            fill(app.pictures[turn % PICTURES], pictures[PICTURES + turn % PICTURES])
            await drawn(app, pilot)
            replaced.append((time.process_time() - began, app.sent))
            app.sent, began = 0, time.process_time()
            app.captions[turn % PICTURES].toggle_class("cursor")
            await pilot.pause()
            moved.append((time.process_time() - began, app.sent))
    return [
        f"{mounted[0] * 1000:.0f} ms, {mounted[1] / 1024:.0f} KiB",
        *(
            f"{statistics.median(t for t, _ in some) * 1000:.1f} ms, "
            f"{statistics.median(b for _, b in some) / 1024:.1f} KiB"
            for some in (replaced, moved)
        ),
    ]


Contender = tuple[Callable[[], Widget], Callable[[Widget, Any], None], Surface | None]


def contenders() -> dict[str, Contender]:
    """Return who is compared, as far as it is installed."""

    def show(widget: Any, picture: Any) -> None:
        widget.show(picture)

    found: dict[str, Contender] = {
        f"fancier, {blocks}": (partial(Thumb, blocks), show, None)
        for blocks in (Blocks.QUADRANT, Blocks.HALF, Blocks.SEXTANT, Blocks.OCTANT)
    }
    for name, surface in (
        ("Kitty", Surface(graphics=Graphics.KITTY, cell=CELL)),
        ("Kitty in tmux", Surface(graphics=Graphics.KITTY, cell=CELL, through=True)),
        ("iTerm2", Surface(graphics=Graphics.ITERM2, cell=CELL)),
        ("Sixel", Surface(graphics=Graphics.SIXEL, cell=CELL)),
    ):
        found[f"fancier, {name}"] = Thumb, show, surface
    try:
        from textual_image.widget import HalfcellImage

        def half(widget: Any, picture: Any) -> None:
            widget.image = Image.fromarray(picture)

        found["textual-image, half cells"] = HalfcellImage, half, None
    except ImportError:
        print("textual-image is not installed", file=sys.stderr)
    try:
        from rich_pixels import Pixels

        def pixels(widget: Any, picture: Any) -> None:
            width, height = widget.size
            side = max(1, min(width, 2 * height))
            image = Image.fromarray(picture).resize((side, side))
            widget.update(Pixels.from_image(image))

        found["rich-pixels"] = Static, pixels, None
    except ImportError:
        print("rich-pixels is not installed", file=sys.stderr)
    return found


def portraits() -> list[NDArray[np.uint8]]:
    """Return the portraits on the contact sheet of the embedded model."""
    sheet = Path(evolve.models.portraits.__file__).with_name("contact_sheet.png")
    pixels = np.asarray(Image.open(sheet).convert("RGB"))
    side = describe("portraits").pixels[0]
    steps = range(0, len(pixels), side)
    return [pixels[y : y + side, x : x + side] for y in steps for x in steps]


def as_drawn(pixels: NDArray[np.uint8], blocks: Blocks) -> NDArray[np.uint8]:
    """Return what `to_strips` draws, part by part of its cells."""
    shapes = shapes_of(blocks)
    rows = []
    for strip in to_strips(pixels, *CELLS, blocks):
        cells = []
        for text, style, _ in strip:
            assert style is not None
            assert style.color is not None
            assert style.bgcolor is not None
            front, back = (np.array(one.triplet) for one in (style.color, style.bgcolor))
            cells += [np.where(shapes[c][..., None], front, back) for c in text]
        rows.append(np.concatenate(cells, 1))
    return np.concatenate(rows).astype(np.uint8)


def shapes_of(blocks: Blocks) -> dict[str, NDArray[np.bool_]]:
    """Return for each character which parts of its cell are in front."""
    down, across, glyphs, codes = _CELLS[blocks]
    if blocks is Blocks.HALF:
        return {"▀": np.array([[True], [False]])}
    every = itertools.product((False, True), repeat=down * across)
    parts = [np.array(bits) for bits in every]
    return {str(glyphs[b @ codes]): b.reshape(down, across) for b in parts}


def plainly(pixels: NDArray[np.uint8], blocks: Blocks) -> NDArray[np.uint8]:
    """Return the same from area means, the cells split at half their range of brightness."""
    down, across, *_ = _CELLS[blocks]
    (width, height), luma = CELLS, np.array([299, 587, 114])
    size = width * across, height * down
    mean = np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX)).astype(int)
    if blocks is Blocks.HALF:
        return mean.astype(np.uint8)
    cells = mean.reshape(height, down, width, across, 3).swapaxes(1, 2)
    cells = cells.reshape(height, width, -1, 3)
    light = cells @ luma
    lit = (light * 2 > light.max(-1, keepdims=True) + light.min(-1, keepdims=True))[..., None]
    front = (cells * lit).sum(2, keepdims=True) // np.maximum(lit.sum(2, keepdims=True), 1)
    back = (cells * ~lit).sum(2, keepdims=True) // (~lit).sum(2, keepdims=True)
    shown = np.where(lit, front, back).reshape(height, width, down, across, 3)
    return shown.swapaxes(1, 2).reshape(height * down, width * across, 3).astype(np.uint8)


def lines_left(blocks: Blocks, draw: Callable[..., NDArray[np.uint8]]) -> float:
    """Return the share of the contrast of thin lines that drawn portraits have."""
    there = kept = 0.0
    for pixels in portraits():
        shown = Image.fromarray(draw(pixels, blocks)).resize(pixels.shape[1::-1], NEAREST)
        for dark in (True, False):
            before, after = hat(Image.fromarray(pixels), 7, dark), hat(shown, 13, dark)
            line = before > 40
            there += before[line].sum()
            kept += np.minimum(before, after)[line].sum()
    return kept / there


def hat(image: Image.Image, size: int, dark: bool) -> NDArray[np.float64]:
    """Return how far pixels are from their closing, or opening, in levels of brightness."""
    grey = image.convert("L")
    filters = [ImageFilter.MaxFilter(size), ImageFilter.MinFilter(size)]
    filled = grey
    for each in filters if dark else filters[::-1]:
        filled = filled.filter(each)
    return np.abs(np.asarray(filled, float) - np.asarray(grey, float))


def main() -> None:
    """Measure and print a table."""
    parser = parser_of(__doc__)
    parser.parse_args()
    print(f"{'':<28}{'12 mounted':>22}{'1 replaced':>22}{'cursor moved':>22}")
    for name, contender in contenders().items():
        cells = asyncio.run(measure(*contender))
        print(f"{name:<28}" + "".join(f"{cell:>22}" for cell in cells), flush=True)
    print(f"\n{'contrast of lines left':<28}{'area mean':>22}{'fancier':>22}")
    for blocks in (Blocks.HALF, Blocks.QUADRANT, Blocks.SEXTANT, Blocks.OCTANT):
        print(
            f"{blocks:<28}{lines_left(blocks, plainly):>22.0%}{lines_left(blocks, as_drawn):>22.0%}"
        )


if __name__ == "__main__":
    main()
