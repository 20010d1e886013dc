"""The line under a picture. Characters say everything; colour only repeats it."""

from __future__ import annotations

from typing import NamedTuple

from tui.controller.cards import Card, State
from tui.controller.picking import ORDINALS

STAR = "*"  # the star sign proper is two cells wide in some fonts
CURSOR = "▸"
MARK = "+"


class Caption(NamedTuple):
    """A caption, in parts that are coloured differently."""

    cursor: str
    mark: str
    number: str
    rating: str
    flags: str
    state: str
    """The progress of the picture; once it is there, why it is on its page, if that is known."""

    @property
    def left(self) -> str:
        """All but the state, which stands at the right."""
        return f"{self.cursor}{self.mark}{self.number}{self.rating}{self.flags}"


def caption(card: Card, *, width: int, cursor: bool = False) -> Caption:
    """Return what to write under a card in `width` cells; what does not fit is left out."""
    flags = (" pin" if card.verdict.pinned else "") + (" x" if card.verdict.rejected else "")
    whole = Caption(
        CURSOR if cursor else " ",
        MARK if card.marked else " ",
        str(card.id),
        (f" {STAR * card.rating}" if card.rating else "")
        + (f" ({STAR * card.kept})" if card.kept else "")
        + (f" {ORDINALS[card.place]}" if card.place else ""),
        flags,
        progress(card) or card.sign,
    )
    if len(whole.left) + 1 + len(whole.state) > width:
        return whole._replace(state="")
    return whole


def progress(card: Card) -> str:
    """Return the progress of a picture; empty if it is there."""
    if card.state is State.PAINTED:
        return ""
    if card.state is State.PAINTING and card.steps:
        return f"{card.step}/{card.steps}"
    return str(card.state)
