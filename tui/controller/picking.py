"""Answers about a page as a whole: its best three in order, none of it, all the same.

The three exclude each other, so each of these returns all judgements that change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from evolve.judgements import JUDGEMENTS, PLACES, Kind
from tui.controller.cards import Card, CardKind

ORDINALS = ("", "1st", "2nd", "3rd")

ANSWERS = tuple(kind.name for kind in JUDGEMENTS.values() if kind.answers)
"""The judgements of how good a picture is; a pin keeps it, good or not."""

OF_A_PAGE: Mapping[CardKind, str] = {"none": "none of these", "same": "all the same"}
"""The answers that are given about all pictures of a page at once, in words."""

_OPPOSITE: Mapping[CardKind, Sequence[Kind]] = {
    "rate": ("reject",),
    "pin": ("reject",),
    "reject": ("pin",),
}

Judgements = list[tuple[Card, CardKind, int]]


def picked(page: Sequence[Card]) -> list[Card]:
    """Return what is picked of a page, the best first."""
    return sorted((card for card in page if card.place), key=lambda card: card.place)


def pick(page: Sequence[Card], card: Card) -> Judgements:
    """Give a card the next place; or take its place away, and let those behind it move up.

    Returns nothing if all places are taken.
    """
    order = picked(page)
    if card.place:
        order.remove(card)
        return [(card, "pick", 0), *_places(order)]
    if len(order) == len(PLACES):
        return []
    withdrawn = [*_withdrawn(page, ("none", "same")), *_withdrawn([card], ("reject",))]
    return [*_places([*order, card]), *withdrawn]


def judge(card: Card, kind: CardKind, value: int) -> Judgements:
    """Judge one card; judgements that contradict it are taken back, since the latest counts."""
    opposite = _OPPOSITE.get(kind, ()) if value else ()
    return [(card, kind, value), *_withdrawn([card], opposite)]


def answer(page: Sequence[Card], kind: Literal["none", "same"]) -> Judgements:
    """Answer `none` or `same` for a page, or take that back."""
    if all(card.value(kind) for card in page):
        return [(card, kind, 0) for card in page]
    changes: Judgements = [(card, kind, 1) for card in page]
    return changes + _withdrawn(page, ("pick", "same" if kind == "none" else "none"))


def answered(page: Sequence[Card]) -> str:
    """Return in words what was answered about a page as a whole."""
    for kind, words in OF_A_PAGE.items():
        if any(card.value(kind) for card in page):
            return words
    order = picked(page)
    return "picked " + " ".join(f"#{card.id}" for card in order) if order else ""


def _places(order: Sequence[Card]) -> Judgements:
    return [(card, "pick", place) for place, card in enumerate(order, start=1)]


def _withdrawn(page: Sequence[Card], kinds: Sequence[Kind]) -> Judgements:
    return [(card, kind, 0) for card in page for kind in kinds if card.value(kind)]
