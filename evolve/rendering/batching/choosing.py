"""Which calls go into the next forward, where more wait than fit.

A fibre may be left out of a forward and go on later (preemptive scheduling, McNaughton 1959): so
the last forwards can be full although pictures differ in their steps. The fewest forwards that are
left for all is the larger of two bounds: the steps of the longest, and all rows over those of a
forward. Whose steps are as many must not wait; beside them go those that end first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def chosen(waiting: Sequence[tuple[int, int]], rows: int) -> list[int]:
    """Return the places of those that go into the next forward, in order; one at least.

    Args:
        waiting: Of each, its rows, and the forwards that it still needs, this one included.
        rows: Of a forward.
    """
    if sum(taken for taken, _ in waiting) <= rows:
        return list(range(len(waiting)))
    all_rows = sum(taken * left for taken, left in waiting)
    least = max(math.ceil(all_rows / rows), *(left for _, left in waiting))

    def rank(place: int) -> tuple[bool, int, int]:
        left = waiting[place][1]
        return (False, -left, place) if left >= least else (True, left, place)

    found, used = list[int](), 0
    for place in sorted(range(len(waiting)), key=rank):
        taken = waiting[place][0]
        if not found or used + taken <= rows:
            found.append(place)
            used += taken
    return sorted(found)
