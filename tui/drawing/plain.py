"""The last step before the terminal: no control characters, and if asked for, only ASCII."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from evolve.text import acts

_PLAIN = str.maketrans(
    {
        "▸": ">",
        "━": "#",
        "─": "-",
        "·": "|",
        "×": "x",
        "°": "d",
        "−": "-",
        "→": ">",
        "←": "<",
        "↑": "^",
        "↓": "v",
        "…": "~",
        "█": "#",
        "▀": '"',
        "▄": "_",
    }
)


def plain(text: str) -> str:
    """Return text with as many characters, all of them ASCII."""
    text = text.translate(_PLAIN)
    return text if text.isascii() else "".join(c if c.isascii() else "?" for c in text)


class HarmlessFilter(LineFilter):
    """Removes control characters, whatever widget let them through.

    Widgets that show texts of strangers spell them out before the layout; here the width is fixed,
    so they become spaces of their width.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments; control segments (real pixels) are left as they are."""
        if not _moves("".join(text for text, _, control in segments if not control)):
            return segments
        return [
            Segment(text if control else _without(text), style, control)
            for text, style, control in segments
        ]


def _moves(text: str) -> bool:
    return acts(text) or "\n" in text or "\t" in text


def _without(text: str) -> str:
    return "".join(" " * cell_len(c) if _moves(c) else c for c in text)


class PlainFilter(LineFilter):
    """Draws everything in ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in ASCII."""
        return [Segment(plain(text), style, control) for text, style, control in segments]
