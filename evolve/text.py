"""Text that may come from a stranger, and what of it must not act.

A terminal obeys control characters: they move its cursor, name its window, fill its clipboard.
Controls of direction (Unicode TR9) let a line read otherwise than it is. So they are taken out of
what enters, refused in names, and whatever is shown has them spelled out, wherever it comes from:
`visible` for texts of several lines, `one_line` for cells, labels and names.
"""

from __future__ import annotations

import re

_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""C0 without line feed and tab, DEL, C1, separators of lines, controls of direction."""

_ACTING = re.compile(f"[{_CONTROL}]")
_UNSHOWABLE = re.compile(f"[{_CONTROL}\ud800-\udfff]")
"""Half a surrogate pair cannot be written; names of files have them for what is not UTF-8."""
_GAPS = re.compile(r"[\n\t]+")


def acts(text: str) -> bool:
    """Return whether a terminal or a reader could be misled by characters of the text."""
    return _ACTING.search(text) is not None


def clean(text: str) -> str:
    """Return a text that enters, with a space for each character that acts."""
    return _ACTING.sub(" ", text.replace("\r\n", "\n")) if acts(text) else text


def visible(text: str) -> str:
    r"""Return a text for showing: what acts is spelled out as `\x1b`; lines and tabs stay."""
    if _UNSHOWABLE.search(text) is None:
        return text
    return _UNSHOWABLE.sub(_spelled, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return a text for showing in one line."""
    return _GAPS.sub(" ", visible(text))


def escaped(json_text: str) -> str:
    r"""Return JSON with what acts written as `\u009b`, which means the same to its reader."""
    return _UNSHOWABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text)


def _spelled(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
