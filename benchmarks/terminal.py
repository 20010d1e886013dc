"""How fast are pictures in a terminal, and how much is sent for them?

The same twelve pictures of the embedded model's size in a gallery of 160x50 cells: mounted, one of
them replaced, the cursor moved. Ours against textual-image's half cells and rich-pixels, all in one
run. A headless Textual app does not even draw, so this one draws everything and counts the bytes.

    python benchmarks/terminal.py
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.containers import Grid, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from evolve.models.catalog import describe
from tui.blocks import Blocks
from tui.widgets.thumb import Thumb

PICTURES = 12
ROUNDS = 12


class Counting(App[None]):
    """Draws what would go to the terminal, and counts it."""

    sent = 0

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

    def __init__(self, make: Callable[[], Widget], fill: Callable[[Widget, Any], None]) -> None:
        super().__init__()
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


async def measure(make: Callable[[], Widget], fill: Callable[[Widget, Any], None]) -> list[str]:
    """Return the cells of one row of the table."""
    pictures = faces()
    app = Page(make, fill)
    began = time.process_time()
    async with app.run_test(size=(160, 50)) as pilot:
        for widget, picture in zip(app.pictures, pictures, strict=False):
            fill(widget, picture)
        await pilot.pause()
        mounted = time.process_time() - began, app.sent
        replaced, moved = [], []
        for turn in range(ROUNDS):
            app.sent, began = 0, time.process_time()
            fill(app.pictures[turn % PICTURES], pictures[PICTURES + turn % PICTURES])
            await pilot.pause()
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


def contenders() -> dict[str, tuple[Callable[[], Widget], Callable[[Widget, Any], None]]]:
    """Return who is compared, as far as it is installed."""

    def ours(widget: Widget, picture: Any) -> None:
        widget.show(picture)

    found: dict[str, tuple[Callable[[], Widget], Callable[[Widget, Any], None]]] = {
        f"fancier, {blocks}": ((lambda blocks=blocks: Thumb(blocks)), ours)
        for blocks in (Blocks.QUADRANT, Blocks.HALF, Blocks.SEXTANT)
    }
    try:
        from textual_image.widget import HalfcellImage

        def half(widget: Widget, picture: Any) -> None:
            widget.image = Image.fromarray(picture)

        found["textual-image, half cells"] = HalfcellImage, half
    except ImportError:
        print("textual-image is not installed", file=sys.stderr)
    try:
        from rich_pixels import Pixels

        def pixels(widget: Widget, picture: Any) -> None:
            width, height = widget.size
            side = max(1, min(width, 2 * height))
            image = Image.fromarray(picture).resize((side, side))
            widget.update(Pixels.from_image(image))

        found["rich-pixels"] = Static, pixels
    except ImportError:
        print("rich-pixels is not installed", file=sys.stderr)
    return found


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.parse_args()
    print(f"{'':<28}{'12 mounted':>22}{'1 replaced':>22}{'cursor moved':>22}")
    for name, (make, fill) in contenders().items():
        print(f"{name:<28}" + "".join(f"{cell:>22}" for cell in asyncio.run(measure(make, fill))))


if __name__ == "__main__":
    main()
