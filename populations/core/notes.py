"""Notes that people write on pictures: one line of text each, in a table that only grows."""

from __future__ import annotations

import unicodedata

LONGEST = 2000
"""Characters."""
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode categories that a terminal would obey, or that hide parts of a line."""
_JOINERS = "\u200c\u200d"
"""Needed in Persian, in Indic scripts and between emoji."""


def problem(text: str) -> str:
    """Return what is wrong with a note, or nothing."""
    if len(text) > LONGEST:
        return f"a note has {LONGEST} characters at most, and this one {len(text)}"
    if any(unicodedata.category(c) in _UNSEEN and c not in _JOINERS for c in text):
        return "a note is one line of text, without control characters"
    return ""
