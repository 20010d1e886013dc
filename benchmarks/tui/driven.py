"""The real program in a terminal, driven by keys, and pictures of its screen."""

import os
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import terminal
from PIL import Image, ImageColor, ImageDraw, ImageFont

from tui.drawing.blocks import _QUADRANTS

CELL = 8, 17
"""Pixels of a cell in the pictures."""
GROUND, INK = (18, 18, 18), (220, 220, 220)
"""Colours of cells that have none of their own."""
BUSY = "painting|loading|breeding|waiting"
KEYS = {
    "Home": "\x1b[H",
    "Left": "\x1b[D",
    "Right": "\x1b[C",
    "Down": "\x1b[B",
    "Enter": "\r",
    "Escape": "\x1b",
    "Space": " ",
    "Tab": "\t",
    "C-r": "\x12",
}


class Terminal:
    """A terminal with the program in it; both are gone at the end, however it comes."""

    def __init__(self, size: str, home: str, folder: Path) -> None:
        self._size, self._home, self._folder = size, Path(home), folder
        self._terminal: Any = None
        self._shots = 0

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        """End the program, if it is there."""
        if self._terminal is not None:
            self._terminal.close()

    def start(self, *arguments: str) -> None:
        """Start the program."""
        self.__exit__()
        width, height = map(int, self._size.split("x"))
        here = {"FANCIER_HOME": str(self._home), "PYTHONPATH": os.getcwd()}
        self._terminal = terminal.Terminal(
            shlex.join([sys.executable, "-m", "tui.cli", *arguments]),
            self._home,
            size=(width, height),
            environ=terminal.surroundings(self._home, here),
        )

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as fast as a person does."""
        for key in keys:
            self._terminal.press(KEYS.get(key, key))
            self._terminal.rest(0.3)

    def type(self, text: str) -> None:
        """Type a text."""
        self._terminal.press(text)
        self._terminal.rest(0.5)

    def wait(self, wanted: str, *, without: str = "^$") -> None:
        """Wait until the screen says something, and something else no more."""

        def there(text: str) -> bool:
            return bool(re.search(wanted, text) and not re.search(without, text))

        try:
            self._terminal.wait_for(there)
        except AssertionError:
            raise SystemExit(
                f"{self._size}: waited in vain for '{wanted}' on\n{self.text}"
            ) from None

    def gone(self) -> None:
        """Wait until the program has ended."""
        self._terminal.end()

    @property
    def text(self) -> str:
        """What stands on the screen."""
        text: str = self._terminal.text
        return text

    def picture(self) -> Image.Image:
        """Return a picture of the screen, once it is drawn."""
        self._terminal.rest(1.5)
        return drawn(self._terminal.screen)

    def shot(self, name: str) -> None:
        """Keep a picture of the screen."""
        self._shots += 1
        file = self._folder / f"{self._size}-{self._shots:02}-{name}.png"
        self.picture().save(file, optimize=True)


def drawn(screen: Any) -> Image.Image:
    """Return a picture of a screen of pyte."""
    across, down = CELL
    image = Image.new("RGB", (screen.columns * across, screen.lines * down), GROUND)
    draw = ImageDraw.Draw(image)
    fonts = [ImageFont.truetype(f"DejaVuSansMono{face}.ttf", 13) for face in ("", "-Bold")]
    quadrants = _QUADRANTS.tolist()
    for row in range(screen.lines):
        for column in range(screen.columns):
            cell, x, y = screen.buffer[row][column], column * across, row * down
            front, back = colour(cell.fg, INK), colour(cell.bg, GROUND)
            if cell.reverse:
                front, back = back, front
            draw.rectangle((x, y, x + across - 1, y + down - 1), fill=back)
            if cell.data in quadrants:
                code, middle = quadrants.index(cell.data), (x + across // 2, y + (down + 1) // 2)
                xs, ys = (x, middle[0], x + across), (y, middle[1], y + down)
                for place, bit in enumerate((8, 4, 2, 1)):
                    if code & bit:
                        left, top = place % 2, place // 2
                        box = (xs[left], ys[top], xs[left + 1] - 1, ys[top + 1] - 1)
                        draw.rectangle(box, fill=front)
            else:
                draw.text((x, y), cell.data, fill=front, font=fonts[cell.bold])
    return image


def colour(name: str, usual: tuple[int, ...]) -> tuple[int, ...]:
    """Return what pyte calls a colour: `default`, or six hexadecimal digits."""
    return usual if name == "default" else ImageColor.getrgb(f"#{name}")
