"""How the columns of a printed table share the width of a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

GAP = 3
"""Cells between two columns."""
LEAST = 12
"""Cells of a column that is cut."""


def share(
    widths: Mapping[str, int], room: int, *, cut: Sequence[str] = (), spare: Sequence[str] = ()
) -> dict[str, int]:
    """Return the cells of each column that is shown.

    Args:
        widths: What each column would take.
        room: What there is.
        cut: The columns of long texts, which are cut to `LEAST` cells, the widest first.
        spare: What is left out, in this order, where that is not enough. All others stay whole, if
            need be beyond the edge.
    """
    whole, gone = dict(widths), list(spare)
    while True:
        shared = _cut(whole, room, [name for name in cut if name in whole])
        if taken(shared) <= room or not gone:
            return shared
        whole.pop(gone.pop(0), None)


def taken(shared: Mapping[str, int]) -> int:
    """Return the cells of a whole line."""
    return sum(shared.values()) + GAP * (len(shared) - 1)


def _cut(widths: Mapping[str, int], room: int, cut: Sequence[str]) -> dict[str, int]:
    """Return the widths with the widest of some brought down until all fit."""
    shared = dict(widths)
    while (excess := taken(shared) - room) > 0:
        widest = max((shared[name] for name in cut), default=0)
        if widest <= LEAST:
            break
        alike = [name for name in cut if shared[name] == widest]
        floor = max([LEAST, *(shared[name] for name in cut if shared[name] < widest)])
        for name in alike:
            shared[name] -= min(widest - floor, -(-excess // len(alike)))
    return shared
