"""Words of pages: those of newcomers, and those of the pages before."""

from __future__ import annotations

from collections.abc import Iterator

from evolve.genome import Prompt
from tui.controller.controller import Desk

LOOK_BACK = 200
"""Pages whose words are read at most: each is read while a key waits."""


def in_force(desk: Desk) -> str:
    """Return what newcomers show."""
    return desk.founding_words if desk.plan.prompt is None else str(desk.plan.prompt)


def earlier(desk: Desk) -> Iterator[Prompt]:
    """Read the words of the first picture of each of the last pages, the latest first.

    What cannot be read raises a `FancierError`; the next call goes on behind it.
    """

    def prompt_of(page: int) -> Prompt:
        first = int((desk.board.cards.births.generations == page).argmax())
        return desk.genome(first).prompt

    return map(prompt_of, desk.board.generations[: -1 - LOOK_BACK : -1])
