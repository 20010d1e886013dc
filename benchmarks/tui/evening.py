"""Does a whole evening go through, in terminals of three sizes?

Drives the real program in tmux by keys: a new population, five pages rated and bred, undone and
done again, compared, the lineage, a branch from an ancestor, other words, quit, resumed. Stops at
the first thing that does not come, and leaves a picture of each screen to be looked at.

    python -m benchmarks.tui.evening --to FOLDER [--sizes 160x50 120x36 80x24]
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
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
        self.name, self._size, self._folder = f"evening-{size}", size, folder
        self._home = home
        self._shots = 0

    def __enter__(self) -> Terminal:
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
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            text = self._tmux("capture-pane", "-pt", self.name)
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

    def shot(self, name: str) -> None:
        """Keep a picture of the screen."""
        time.sleep(1.5)
        lines = self._tmux("capture-pane", "-ept", self.name).split("\n")
        self._shots += 1
        file = self._folder / f"{self._size}-{self._shots:02}-{name}.png"
        drawn(lines, *map(int, self._size.split("x"))).save(file, optimize=True)

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


def evening(t: Terminal, pages: int) -> None:
    """Spend an evening of so many pages."""
    found(t)
    breed(t, pages)
    look(t)
    branch(t)
    decide(t)
    resume(t)


def found(t: Terminal) -> None:
    """Make a population in the form."""
    t.start()
    t.wait("to begin")
    t.shot("welcome")
    t.press("n")
    t.wait("New population")
    t.type("a smiling woman with red hair and glasses, hand drawn")
    t.press("Tab")
    t.type("evening")
    t.shot("form")
    t.press("Enter")
    t.wait("judged 0", without=BUSY)
    t.shot("first-page")


def breed(t: Terminal, pages: int) -> None:
    """Rate and breed, undo and redo."""
    for page in range(pages):
        t.press("4", "l", "l", "5", "l", "x", "l", "2", "p")
        t.wait("judged 4")
        t.press("b")
        t.wait(rf"(?:generation|gen) {page + 2}/{page + 2}")
        if page == pages - 1:
            t.shot("painting")
        t.wait("judged 0", without=BUSY)
    t.press("3", "u", "C-r", "l", "4")
    t.wait("judged 2")
    t.shot("gallery")


def look(t: Terminal) -> None:
    """Look closer at pictures."""
    t.press("i")
    t.shot("info")
    t.press("i", "Enter")
    t.shot("zoom")
    t.press("Escape", "Space", "h", "Space", "c")
    t.shot("compare")
    t.press("d")
    t.shot("difference")


def branch(t: Terminal) -> None:
    """Go back to an ancestor, and breed on from it in a branch."""
    t.press("d", "Escape", "t")
    t.shot("lineage")
    t.press("h", "h", "B")
    t.type("older")
    t.press("Enter")
    t.wait("'older' goes on from")
    t.press("Escape", "B")
    t.shot("branches")
    t.press("Down", "Enter")
    t.wait("· older")
    t.press("5", "b")
    t.wait("judged 0", without=BUSY)


def decide(t: Terminal) -> None:
    """Decide about the pages to come."""
    t.press("e")
    t.shot("words")
    t.type(" | blue background")
    t.press("Enter", "d")
    t.shot("around")
    t.press("Escape", "w")
    t.shot("recipe")
    t.press("Escape", "s")
    t.shot("settings")
    t.press("Escape", "R")
    t.shot("region")
    t.press("Escape", "?")
    t.shot("help")


def resume(t: Terminal) -> None:
    """Leave, and open the branch again."""
    t.press("Escape", "q")
    t.wait("evening", without="saving")
    t.shot("list")
    t.press("q")
    t.gone()
    t.start("open", "evening", "--branch", "older")
    t.wait("· older")
    t.shot("resumed")
    t.press("q")
    t.gone()


def main() -> None:
    """Spend an evening in each size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--to", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--sizes", nargs="+", default=["160x50", "120x36", "80x24"])
    parser.add_argument("--pages", type=int, default=5)
    args = parser.parse_args()
    args.to.mkdir(parents=True, exist_ok=True)
    for size in args.sizes:
        began = time.monotonic()
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
            Terminal(size, home, args.to) as terminal,
        ):
            evening(terminal, args.pages)
        print(f"{size}: {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
