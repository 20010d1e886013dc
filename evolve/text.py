"""Text that may come from a stranger, without control characters.

A terminal obeys control characters: they move its cursor, name its window, fill its clipboard.
Controls of direction (Unicode TR9) let a line read other than it is. So they are removed from text
that enters, refused in names, and spelled out in all text that is shown: `visible` for texts of
several lines, `one_line` for cells, labels and names. Joiners that join nothing are removed and
spelled out, too: rich (15.0) fails to cut a text that begins with two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""C0 without line feed and tab, DEL, C1, separators of lines, controls of direction."""

_LOOSE = f"(?<![^\\s\u200d{_CONTROL}])\u200d"
"""A joiner at the start of a text or a word, or behind another joiner."""

_ACTING = re.compile(f"[{_CONTROL}]")
_UNWANTED = re.compile(f"[{_CONTROL}]|{_LOOSE}")
_UNSHOWABLE = re.compile(f"[{_CONTROL}\ud800-\udfff]|{_LOOSE}")
"""Half a surrogate pair cannot be written; names of files have them for what is not UTF-8."""
_GAPS = re.compile(r"[\n\t]+")


def acts(text: str) -> bool:
    """Return whether a text has characters that mislead a terminal or a reader."""
    return _ACTING.search(text) is not None


def clean(text: str) -> str:
    """Return a text with a space for each control character and joiner that joins nothing."""
    if _UNWANTED.search(text) is None:
        return text
    return _UNWANTED.sub(" ", text.replace("\r\n", "\n"))


def visible(text: str) -> str:
    r"""Return a text to show, with control characters as `\x1b`; lines and tabs stay."""
    if _UNSHOWABLE.search(text) is None:
        return text
    return _UNSHOWABLE.sub(_spelled, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return a text to show in one line."""
    return _GAPS.sub(" ", visible(text))


def listed(items: Sequence[str], most: int, shown: Callable[[str], str] = str) -> str:
    """Return the first items as they are shown, and the number of the others."""
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return f"{', '.join(map(shown, items[:most]))}{more}"


def escaped(json_text: str) -> str:
    r"""Return JSON with control characters as `\u009b`, which is equivalent."""
    return _UNSHOWABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text)


def _spelled(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
