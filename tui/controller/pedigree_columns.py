"""The line of a picture and the siblings along it, in columns from founder to children."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np

from populations.lineage import descent
from tui.controller.cards import Card
from tui.controller.pages import Board


def line(board: Board, id: int) -> list[int]:
    """Return the founder, its child on the way to `id`, and so on to `id` itself."""
    return descent.line(board.cards.births, id)


def siblings(board: Board, id: int) -> list[int]:
    """Return the children of the same main parent; for a founder the founders of its page."""
    birth = board.cards[id].birth
    if birth.parents:
        return children(board, birth.parents[0])
    births = board.cards.births
    page = births.generations == birth.generation
    found: list[int] = np.flatnonzero(page & (births.mains < 0)).tolist()
    return found


def children(board: Board, id: int) -> list[int]:
    """Return those of whom `id` is the main parent, in order of birth."""
    mains = board.cards.births.mains
    return [child for child in board.children(id) if mains[child] == id]


def columns(board: Board, id: int, width: int, height: int) -> list[list[int | None]]:
    """Return `width` columns of `height` places around `id`; None where there is nobody.

    Each column holds the siblings of one ancestor, who stands in the middle if there are more than
    fit; the last is that of the children.
    """
    ancestry = [*islice(descent.upwards(board.cards.births, id), width)][::-1]
    shown: list[tuple[Sequence[int], int]] = [(siblings(board, each), each) for each in ancestry]
    if offspring := children(board, id):
        shown.append((offspring, best(board, offspring)))
    return [_window(some, middle, height) for some, middle in shown[-width:]] + [
        [None] * height for _ in range(width - len(shown))
    ]


def _window(ids: Sequence[int], middle: int, height: int) -> list[int | None]:
    first = max(0, min(list(ids).index(middle) - height // 2, len(ids) - height))
    some: list[int | None] = list(ids[first : first + height])
    return some + [None] * (height - len(some))


def best(board: Board, ids: Sequence[int]) -> int:
    """Return who was found best, the first of equals."""
    return max(ids, key=lambda id: (worth(board.cards[id]), -id))


def worth(card: Card) -> tuple[float, float]:
    """Return how good a picture was found: by a person first, then by its score."""
    said = card.rating + (4 - card.place if card.place else 0) + card.pinned - 9 * card.rejected
    return float(said), card.score if card.score is not None else float("-inf")


def better_before(board: Board, id: int) -> int | None:
    """Return the best of the ancestors if it was found better than `id`."""
    ancestors = line(board, id)[:-1]
    if not ancestors:
        return None
    found = best(board, ancestors)
    return found if worth(board.cards[found]) > worth(board.cards[id]) else None
