"""Text in plain ASCII, for terminals and fonts without anything else."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

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


class Plain(LineFilter):
    """Makes everything that is drawn plain."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in ASCII."""
        return [Segment(plain(text), style, control) for text, style, control in segments]
