"""The favourites: rated 4 or 5, or pinned."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evolve.search.verdicts import Verdicts
from tui.controller.cards import Card, Cards

ORDERS = ("rating", "newest", "generation", "score")


def favourites(verdicts: Verdicts, cards: Cards) -> list[int]:
    """Return the ids of all favourites of the store, with those judged on the screen since."""
    drawn = {card.id: card.verdict.is_favourite for card in cards.drawn}
    stored = (i for i, v in verdicts.judged.items() if v.is_favourite)
    return sorted(
        {i for i in stored if drawn.get(i, True)} | {i for i, liked in drawn.items() if liked}
    )


def ordered(ids: Iterable[int], cards: Cards, order: str) -> list[int]:
    """Return ids by rating, the newest first, by generation or by score."""

    def key(id: int) -> tuple[Any, ...]:
        card: Card = cards[id]
        best = (-card.rating, not card.verdict.pinned, -id)
        if order == "newest":
            return (-id,)
        if order == "generation":
            return (int(cards.births.generations[id]), *best)
        if order == "score":
            return (card.verdict.score is None, -(card.verdict.score or 0), *best)
        return best

    return sorted(ids, key=key)
