"""The real program in a terminal of tmux, driven by keys, and pictures of its screen."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from rich.console import Console
from rich.text import Text

from tui.drawing.blocks import _QUADRANTS

CELL = 8, 17
"""Pixels of a cell in the pictures."""
GROUND = 18, 18, 18
"""Colour of what tmux leaves out at the end of a line."""
PATIENCE = 300
"""Seconds for a page to be painted, on a busy machine."""
BUSY = "painting|loading|breeding|waiting"


class Terminal:
    """A terminal in tmux with the program in it; both are gone at the end, however it comes."""

    def __init__(self, size: str, home: str, folder: Path) -> None:
        self.name, self._size, self._folder = f"driven-{os.getpid()}-{size}", size, folder
        self._home = home
        self._shots = 0

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        """Close the terminal and wait until the program has saved and ended its renderer."""
        if self._is_there():
            program = Path("/proc", self._tmux("display", "-pt", self.name, "#{pane_pid}").strip())
            self._tmux("kill-session", "-t", self.name)
            end = time.monotonic() + 30
            while program.exists() and time.monotonic() < end:
                time.sleep(0.1)

    def start(self, *arguments: str) -> None:
        """Start the program."""
        width, height = self._size.split("x")
        words = [sys.executable, "-m", "tui.cli", *arguments]
        size = ["-x", width, "-y", height]
        environ = [f"FANCIER_HOME={self._home}", f"PYTHONPATH={os.getcwd()}"]
        given = [part for each in environ for part in ("-e", each)]
        self._tmux("new-session", "-d", "-s", self.name, *size, *given, *words)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, as fast as a person does."""
        for key in keys:
            self._tmux("send-keys", "-t", self.name, key)
            time.sleep(0.3)

    def type(self, text: str) -> None:
        """Type a text."""
        self._tmux("send-keys", "-t", self.name, "-l", text)
        time.sleep(0.5)

    def wait(self, wanted: str, *, without: str = "^$") -> None:
        """Wait until the screen says something, and something else no more."""
        end, text = time.monotonic() + PATIENCE, ""
        while time.monotonic() < end:
            text = self.text
            if re.search(wanted, text) and not re.search(without, text):
                return
            time.sleep(0.5)
        raise SystemExit(f"{self._size}: waited in vain for '{wanted}' on\n{text}")

    def gone(self) -> None:
        """Wait until the program has ended."""
        end = time.monotonic() + 30
        while self._is_there() and time.monotonic() < end:
            time.sleep(0.1)
        if self._is_there():
            raise SystemExit(f"{self._size}: it does not end")

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return self._tmux("capture-pane", "-pt", self.name)

    def picture(self) -> Image.Image:
        """Return a picture of the screen, once it is drawn."""
        time.sleep(1.5)
        lines = self._tmux("capture-pane", "-ept", self.name).split("\n")
        return drawn(lines, *map(int, self._size.split("x")))

    def shot(self, name: str) -> None:
        """Keep a picture of the screen."""
        self._shots += 1
        file = self._folder / f"{self._size}-{self._shots:02}-{name}.png"
        self.picture().save(file, optimize=True)

    def _is_there(self) -> bool:
        had = subprocess.run(["tmux", "has-session", "-t", self.name], capture_output=True)
        return had.returncode == 0

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(["tmux", *words], capture_output=True, text=True, check=True)
        return done.stdout


def drawn(lines: list[str], width: int, height: int) -> Image.Image:
    """Return a picture of lines with escape sequences."""
    across, down = CELL
    image = Image.new("RGB", (width * across, height * down), GROUND)
    draw = ImageDraw.Draw(image)
    fonts = [ImageFont.truetype(f"DejaVuSansMono{face}.ttf", 13) for face in ("", "-Bold")]
    console = Console(color_system="truecolor", width=width + 10)
    quadrants = _QUADRANTS.tolist()
    for row, line in enumerate(lines[:height]):
        at = 0
        for segment in Text.from_ansi(line).render(console, end=""):
            style = segment.style
            front, back = (
                tuple(colour.get_truecolor()) if colour and not colour.is_default else usual
                for colour, usual in (
                    (style and style.color, (220, 220, 220)),
                    (style and style.bgcolor, GROUND),
                )
            )
            if style and style.reverse:
                front, back = back, front
            for glyph in segment.text:
                x, y = at * across, row * down
                draw.rectangle((x, y, x + across - 1, y + down - 1), fill=back)
                if glyph in quadrants:
                    code, middle = quadrants.index(glyph), (x + across // 2, y + (down + 1) // 2)
                    xs, ys = (x, middle[0], x + across), (y, middle[1], y + down)
                    for place, bit in enumerate((8, 4, 2, 1)):
                        if code & bit:
                            left, top = place % 2, place // 2
                            box = (xs[left], ys[top], xs[left + 1] - 1, ys[top + 1] - 1)
                            draw.rectangle(box, fill=front)
                else:
                    draw.text((x, y), glyph, fill=front, font=fonts[bool(style and style.bold)])
                at += 1
    return image
