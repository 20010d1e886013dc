"""What a page costs in forwards of so many rows, padding and tail included.

A page is painted as `Painter` does it: jobs are begun while their rows fit into a forward
(`beginning`), every round is a forward for as many of them as fit (`choosing`), and the last ones
leave it half empty. Many rows that are cheap in a full forward may thus be dear on a page whose
pictures differ in steps and guidance. So it is with pictures that are decoded at once: those that
differ in steps are done one after the other, and do not wait long for others (`is_due`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from evolve.rendering.batching.choosing import chosen, is_due
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


def endings(page: Page, rows: int) -> list[int]:
    """Return how many pictures of a page are done after each of its forwards of `rows` rows."""
    waiting, under_way, ended = list(page), list[tuple[int, int]](), list[int]()
    while waiting or under_way:
        busy = sum(taken for taken, _ in under_way)
        while waiting and (place := next_of(waiting, busy, rows)) is not None:
            under_way.append(waiting.pop(place))
            busy += under_way[-1][0]
        now = set(chosen(under_way, rows))
        after = [(taken, left - (k in now)) for k, (taken, left) in enumerate(under_way)]
        under_way = [(taken, left) for taken, left in after if left]
        ended.append(len(after) - len(under_way))
    return ended


def forwards(page: Page, rows: int) -> int:
    """Return how many forwards of `rows` rows a page takes."""
    return len(endings(page, rows))


def decodings(page: Page, rows: int, at_once: int) -> int:
    """Return how many times so many pictures are decoded at once, of a page in such forwards."""
    waiting = rounds = count = 0
    for ended in endings(page, rows):
        rounds = rounds + 1 if waiting else 0
        due = is_due(waiting, at_once, rounds, alone=False)
        waiting += ended  # those of this forward are there by then
        if due:
            count += math.ceil(waiting / at_once)
            waiting = rounds = 0
    return count + math.ceil(waiting / at_once)


def best(seconds: Mapping[int, float]) -> int:
    """Return the rows with which pages take the least time, the fewest of those nearly as good.

    Fewer show their first pictures earlier. `seconds` is what a forward takes, by its rows.
    """
    total = dict.fromkeys(seconds, 0.0)
    for page in (ALIKE, MIXED):
        cost = {rows: forwards(page, rows) * taken for rows, taken in seconds.items()}
        least = min(cost.values())
        for rows, taken in cost.items():
            total[rows] += taken / least
    return min(rows for rows, cost in total.items() if cost <= NEARLY * min(total.values()))


def decoded_at_once(seconds: Mapping[int, float], denoised: Sequence[int], *, pays: float) -> int:
    """Return how many pictures to decode at once, the fewest of those nearly as good as the best.

    Args:
        seconds: What a forward of the decoder takes, by its rows, 1 among them.
        denoised: Rows of a forward of the denoiser, any of which there may be.
        pays: Share of the time of one by one, below which it is worth it at all.
    """
    pages = [(page, rows) for page in (ALIKE, MIXED) for rows in denoised]
    total = {
        at_once: sum(decodings(*page, at_once) * taken for page in pages)
        for at_once, taken in seconds.items()
    }
    least = min(total.values())
    if least >= pays * total[1]:
        return 1
    return min(at_once for at_once, cost in total.items() if cost <= NEARLY * least)
