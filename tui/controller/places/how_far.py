"""How much changes in a place: what a person turns through with one key."""

from __future__ import annotations

from typing import NamedTuple


class Far(NamedTuple):
    """How far back to noise the pictures of a page go in a place."""

    label: str
    depth: float | None
    """Share of the way back to noise; None for a page of several."""
    taken: float | None
    """The same where a part of another picture is taken: the larger, the less it guides."""


FAR = (
    Far("some more, some less", None, None),
    Far("a little", 0.5, 0.2),
    Far("some", 0.75, 0.35),
    Far("much", 0.9, 0.5),
    Far("all of it", 1.0, 0.7),
)
"""In the order of the key; the first holds until another is chosen."""
