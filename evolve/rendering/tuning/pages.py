"""What a page costs in forwards of so many rows, padding and tail included.

A page is painted as `Painter` does it: jobs are begun while their rows fit into a forward
(`beginning`), every round is a forward for as many of them as fit (`choosing`), and the last ones
leave it half empty. Many rows that are cheap in a full forward may thus be dear on a page whose
pictures differ in steps and guidance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evolve.rendering.batching.choosing import chosen
from evolve.rendering.pacing.beginning import next_of

Page = Sequence[tuple[int, int]]
"""Pictures: the rows that a step takes (2 with guidance), and how many steps."""

ALIKE: Page = ((2, 8),) * 12
"""A usual page of founders: twelve pictures with the same settings."""

MIXED: Page = tuple(
    (1 if k % 4 == 3 else 2, (8, 6, 10, 8, 12, 7, 9, 6)[(k + k // 8) % 8]) for k in range(16)
)
"""A page after some generations, which have their own steps and guidance."""

NEARLY = 1.02
"""Times the least, that count as no worse."""


def forwards(page: Page, rows: int) -> int:
    """Return how many forwards of `rows` rows a page takes."""
    waiting, under_way, count = list(page), list[tuple[int, int]](), 0
    while waiting or under_way:
        busy = sum(taken for taken, _ in under_way)
        while waiting and (place := next_of(waiting, busy, rows)) is not None:
            under_way.append(waiting.pop(place))
            busy += under_way[-1][0]
        count += 1
        now = set(chosen(under_way, rows))
        after = [(taken, left - (k in now)) for k, (taken, left) in enumerate(under_way)]
        under_way = [(taken, left) for taken, left in after if left]
    return count


def best(seconds: Mapping[int, float]) -> int:
    """Return the rows with which pages take the least time, the fewest of those nearly as good.

    Fewer show their first pictures earlier.

    Args:
        seconds: What a forward takes, by its rows.
    """
    total = dict.fromkeys(seconds, 0.0)
    for page in (ALIKE, MIXED):
        cost = {rows: forwards(page, rows) * taken for rows, taken in seconds.items()}
        least = min(cost.values())
        for rows, taken in cost.items():
            total[rows] += taken / least
    return min(rows for rows, cost in total.items() if cost <= NEARLY * min(total.values()))
