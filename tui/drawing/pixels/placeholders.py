"""Pictures in Kitty's graphics protocol, kept in place by characters.

A picture is sent once and given a number. Where a cell holds the placeholder character in the
colour of that number, the terminal shows the part of the picture that the marks over the character
name. So pictures are moved, covered and redrawn as text is, in tmux too.
https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders
"""

from __future__ import annotations

import base64
from functools import lru_cache

CELL = "\U0010eeee"
_CHUNK = 4096
_RANGES = """
305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1
5a8-5a9 5ab-5ac 5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733
735-736 73a 73d 73f-741 743 745 747 749-74a 7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954
f82-f83 f86-f87 135d-135f 17dd 193a 1a17 1a75-1a7c 1b6b 1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1
1dc3-1dc9 1dcb-1dcc 1dd1-1de6 1dfe 20d0-20d1 20d4-20d7 20db-20dc 20e1 20e7 20e9 20f0 2cef-2cf1
2de0-2dff a66f a67c-a67d a6f0-a6f1 a8e0-a8f1 aab0 aab2-aab3 aab7-aab8 aabe-aabf aac1 fe20-fe26 10a0f
10a38 1d185-1d189 1d1aa-1d1ad 1d242-1d244
"""
"""Marks for 0, 1, 2 and so on, as the protocol lists them."""


def _marks() -> list[str]:
    marks: list[str] = []
    for part in _RANGES.split():
        first, _, last = part.partition("-")
        marks += map(chr, range(int(first, 16), int(last or first, 16) + 1))
    return marks


MARKS = _marks()
MOST = len(MARKS)
"""Cells that a picture is wide and high at most."""


@lru_cache(maxsize=256)
def row(y: int, columns: int) -> str:
    """Return a row of a picture, counted from 0, in `columns` cells.

    Each cell names its place, so that a part of the row may be written without the rest.
    """
    return "".join(CELL + MARKS[y] + MARKS[x] for x in range(columns))


def upload(number: int, png: bytes, columns: int, rows: int, *, through: bool = False) -> str:
    """Return what sends a picture that fills a box of cells.

    Args:
        number: 1 to 2²⁴ - 1.
        png: The picture.
        columns: Cells across.
        rows: Cells down.
        through: Whether tmux has to pass it through.
    """
    data = base64.b64encode(png).decode("ascii")
    chunks = [data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK)]
    head = f"a=T,U=1,i={number},c={columns},r={rows},f=100,q=2,"
    return "".join(
        _command(f"{'' if at else head}m={int(at < len(chunks) - 1)};{chunk}", through)
        for at, chunk in enumerate(chunks)
    )


def forget(number: int, *, through: bool = False) -> str:
    """Return what makes the terminal drop a picture."""
    return _command(f"a=d,d=I,i={number},q=2", through)


def _command(text: str, through: bool) -> str:
    command = f"\x1b_G{text}\x1b\\"
    return f"\x1bPtmux;{command.replace(chr(27), chr(27) * 2)}\x1b\\" if through else command
