"""What is drawn, as the last step before the terminal: nothing that acts, or ASCII alone."""

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
    """Keeps from the terminal what it would obey, whatever widget let it through.

    What shows text of strangers spells such characters out where it lays the text out; here the
    width of what is drawn is settled, so that they vanish.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments, those of the renderer's own (real pixels) as they are."""
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
    """Makes everything that is drawn plain."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in ASCII."""
        return [Segment(plain(text), style, control) for text, style, control in segments]
