"""Which calls go into the next forward, where more wait than fit, and when it runs.

A fibre may be left out of a forward and go on later (preemptive scheduling, McNaughton 1959): so
the last forwards can be full although pictures differ in their steps. The fewest forwards that are
left for all is the larger of two bounds: the steps of the longest, and all rows over those of a
forward. Whose steps are as many must not wait; beside them go those that end first. What was asked
for earlier and has done no step yet goes last: a person waits for the latest.
"""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from typing import NamedTuple

PATIENCE = 2
"""Rounds that what comes after the denoiser waits for more of its kind."""


class Turn(NamedTuple):
    """What is known of a fibre that may wait."""

    left: int
    """Steps that it still needs, the one that it waits for included."""
    asked: int = 0
    """Number of what it was asked for with; the latest has the largest."""
    begun: bool = False
    """Whether it has done a step that paints."""


def behind(turns: Sequence[Turn]) -> set[int]:
    """Return the places of those that go last: asked for before others, and not begun."""
    latest = max((turn.asked for turn in turns), default=0)
    return {k for k, turn in enumerate(turns) if turn.asked < latest and not turn.begun}


def chosen(waiting: Sequence[tuple[int, int]], rows: int, last: Container[int] = ()) -> list[int]:
    """Return the places of those that go into the next forward, in order; one at least.

    Args:
        waiting: Of each, its rows, and the forwards that it still needs, this one included.
        rows: Of a forward.
        last: Places of those that only take the room that the others leave, if any.
    """
    if sum(taken for taken, _ in waiting) <= rows:
        return list(range(len(waiting)))
    first = [each for place, each in enumerate(waiting) if place not in last]
    all_rows = sum(taken * left for taken, left in first)
    least = max([math.ceil(all_rows / rows), *(left for _, left in first)])

    def rank(place: int) -> tuple[int, int, int]:
        left = waiting[place][1]
        if place in last:
            return 2, left, place
        return (0, -left, place) if left >= least else (1, left, place)

    found, used = list[int](), 0
    for place in sorted(range(len(waiting)), key=rank):
        taken = waiting[place][0]
        if not found or used + taken <= rows:
            found.append(place)
            used += taken
    return sorted(found)


def is_due(waiting: int, rows: int, rounds: int, *, alone: bool) -> bool:
    """Return whether rows that wait are answered in this round.

    They fill a forward, or have waited long enough, or there is nothing else to do meanwhile.
    """
    return waiting > 0 and (alone or waiting >= rows or rounds > PATIENCE)
