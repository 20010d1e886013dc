"""Names that come close to one that does not exist, as a slip of the fingers would explain."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

MOST = 3
"""Names that are offered."""
_NEAR = 0.65
"""Share of common letters, 0 to 1: one of three may be another, and two of six."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question with the names that come close; empty if none does."""
    near = near_names(name, known)
    return f"did you mean {' or '.join(map(repr, near))}?" if near else ""


def near_names(name: str, known: Iterable[str]) -> list[str]:
    """Return the names that come close, the closest first, in whatever case they are written."""
    spelled: dict[str, list[str]] = {}
    for each in known:
        spelled.setdefault(each.casefold(), []).append(each)
    typed = name.casefold()
    near = difflib.get_close_matches(typed, spelled, n=MOST, cutoff=_NEAR)
    return [each for close in near for each in spelled[close]][:MOST]
