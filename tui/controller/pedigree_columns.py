"""The line of a picture and the siblings along it, in columns from founder to children."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np

from evolve.judgements import PLACES
from populations.lineage import descent
from tui.controller.cards import Card
from tui.controller.pages import Pages


def line(pages: Pages, id: int) -> list[int]:
    """Return the founder, its child on the way to `id`, and so on to `id` itself."""
    return descent.line(pages.cards.births, id)


def siblings(pages: Pages, id: int) -> list[int]:
    """Return the children of the same main parent; for a founder the founders of its page."""
    birth = pages.cards[id].birth
    if birth.parents:
        return children(pages, birth.parents[0])
    births = pages.cards.births
    page = births.generations == birth.generation
    founders: list[int] = np.flatnonzero(page & (births.mains < 0)).tolist()
    return founders


def children(pages: Pages, id: int) -> list[int]:
    """Return the individuals whose main parent is `id`, in order of birth."""
    mains = pages.cards.births.mains
    return [child for child in pages.children(id) if mains[child] == id]


def columns(pages: Pages, id: int, width: int, height: int) -> list[list[int | None]]:
    """Return `width` columns of `height` places around `id`; None where there is none.

    Each column holds the siblings of one ancestor, which stands in the middle if there are more
    than fit; the last column holds the children.
    """
    ancestry = [*islice(descent.upwards(pages.cards.births, id), width)][::-1]
    shown: list[tuple[Sequence[int], int]] = [(siblings(pages, each), each) for each in ancestry]
    if offspring := children(pages, id):
        shown.append((offspring, best(pages, offspring)))
    return [_window(column, middle, height) for column, middle in shown[-width:]] + [
        [None] * height for _ in range(width - len(shown))
    ]


def _window(ids: Sequence[int], middle: int, height: int) -> list[int | None]:
    first = max(0, min(ids.index(middle) - height // 2, len(ids) - height))
    window = ids[first : first + height]
    return [*window, *[None] * (height - len(window))]


def best(pages: Pages, ids: Sequence[int]) -> int:
    """Return the one judged best, the first of equals."""
    return max(ids, key=lambda id: (worth(pages.cards[id]), -id))


def worth(card: Card) -> tuple[float, float]:
    """Return how good a picture was judged: by a person first, then by its score."""
    by_person = (
        card.rating
        + (len(PLACES) + 1 - card.place if card.place else 0)
        + card.verdict.pinned
        - 9 * card.verdict.rejected
    )
    return float(by_person), card.verdict.score if card.verdict.score is not None else float("-inf")


def better_before(pages: Pages, id: int) -> int | None:
    """Return the best of the ancestors if it was judged better than `id`."""
    ancestors = line(pages, id)[:-1]
    if not ancestors:
        return None
    ancestor = best(pages, ancestors)
    return ancestor if worth(pages.cards[ancestor]) > worth(pages.cards[id]) else None
