"""Small terminals for pictures: what a program wrote becomes pixels again."""

import base64
import io
import re

import numpy as np
from PIL import Image

from tui.drawing.pixels.placeholders import CELL, MARKS

_COMMAND = re.compile(r"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\")
_WRAPPED = re.compile(r"\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\")
_CELLS = re.compile(rf"(?:{CELL}..)+")


class Kitty:
    """Keeps the pictures it was sent, as Kitty does."""

    def __init__(self, *, in_tmux: bool = False) -> None:
        self.pictures: dict[int, np.ndarray] = {}
        self.sizes: dict[int, tuple[int, int]] = {}
        self.sent = 0
        self._in_tmux = in_tmux
        self._chunks: list[str] = []
        self._fields: dict[str, str] = {}

    def write(self, text: str) -> None:
        if self._in_tmux:
            assert not _COMMAND.search(_WRAPPED.sub("", text)), "tmux would eat it"
            text = "".join(m[1].replace("\x1b\x1b", "\x1b") for m in _WRAPPED.finditer(text))
        for match in _COMMAND.finditer(text):
            self._do(dict(pair.split("=") for pair in match[1].split(",")), match[2])

    def _do(self, fields: dict[str, str], data: str) -> None:
        if fields.get("a") == "d":
            del self.pictures[int(fields["i"])]
            return
        assert len(data) <= 4096
        if "a" in fields:
            assert fields["a"] == "T"
            assert (fields["U"], fields["f"], fields["q"]) == ("1", "100", "2")
            self._fields, self._chunks = fields, []
        self._chunks.append(data)
        if fields["m"] == "0":
            number = int(self._fields["i"])
            png = io.BytesIO(base64.b64decode("".join(self._chunks)))
            self.pictures[number] = np.asarray(Image.open(png).convert("RGB"))
            self.sizes[number] = int(self._fields["c"]), int(self._fields["r"])
            self.sent += 1

    def show(self, rows: list[list[tuple[str, tuple[int, int, int]]]]) -> set[int]:
        """Return the numbers of pictures that all their cells, with colours, are on the screen of.

        Args:
            rows: Texts of each line with the colours they have.
        """
        seen: dict[int, set[tuple[int, int]]] = {}
        for row in rows:
            for text, (red, green, blue) in row:
                for run in _CELLS.findall(text):
                    number = red << 16 | green << 8 | blue
                    places = zip(run[1::3], run[2::3], strict=True)
                    seen.setdefault(number, set()).update(
                        (MARKS.index(y), MARKS.index(x)) for y, x in places
                    )
        whole = set()
        for number, places in seen.items():
            columns, high = self.sizes.get(number, (0, 0))
            if number in self.pictures and places == {
                (y, x) for y in range(high) for x in range(columns)
            }:
                whole.add(number)
        return whole


def read_sixels(data: str) -> tuple[np.ndarray, np.ndarray]:
    """Return what a terminal shows of Sixel data, and which of its pixels were painted."""
    match = re.fullmatch(r'\x1bP0;1;0q"1;1;(\d+);(\d+)(.*)\x1b\\', data)
    assert match, data[:40]
    width, height = int(match[1]), int(match[2])
    deep = -(-height // 6) * 6
    picture, painted = np.zeros((deep, width, 3), np.uint8), np.zeros((deep, width), bool)
    colours: dict[int, tuple[int, ...]] = {}
    colour, x, y = 0, 0, 0
    for token in re.finditer(
        r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|([$-])", match[3]
    ):
        if token[1]:
            colours[int(token[1])] = tuple(round(int(token[n]) * 2.55) for n in (2, 3, 4))
        elif token[5]:
            colour = int(token[5])
        elif token[9]:
            x, y = 0, y + 6 * (token[9] == "-")
        else:
            count, bits = int(token[6] or 1), ord(token[7] or token[8]) - 63
            for row in range(6):
                if bits >> row & 1:
                    picture[y + row, x : x + count] = colours[colour]
                    painted[y + row, x : x + count] = True
            x += count
    return picture, painted
