"""Every key of the app. Ids are for remapping (with `App.set_keymap`)."""

from __future__ import annotations

from textual.binding import Binding

from tui.keys.actions import CLOSE, COLON, COMPLETES, HELP, PALETTE, QUIT, SUSPEND
from tui.keys.dialogs import (
    ANOTHER,
    ASK,
    BRANCHES,
    DIRECTIONS,
    HOME,
    RECIPE,
    SETTINGS,
    TASTE,
    WORDS,
)
from tui.keys.screens import (
    AROUND,
    COMPARE,
    EDIT,
    FAVOURITES,
    GALLERY,
    HELP_PAGE,
    LINEAGE,
    PART,
    TAKE,
    TOUCH,
    ZOOMED,
)

__all__ = [
    "ANOTHER",
    "AROUND",
    "ASK",
    "BRANCHES",
    "CLOSE",
    "COLON",
    "COMPARE",
    "COMPLETES",
    "DIRECTIONS",
    "EDIT",
    "FAVOURITES",
    "GALLERY",
    "HELP",
    "HELP_PAGE",
    "HOME",
    "LAST",
    "LINEAGE",
    "PALETTE",
    "PART",
    "QUIT",
    "RECIPE",
    "SECTIONS",
    "SETTINGS",
    "SPELLED",
    "SUSPEND",
    "TAKE",
    "TASTE",
    "TOUCH",
    "WORDS",
    "ZOOMED",
    "everything",
]

SECTIONS = {
    "rate": "rate pictures",
    "breed": "make new pictures",
    "look": "look closer",
    "move": "move around",
    "keep": "save pictures",
    "touch": "the place",
    "list": "populations",
    "app": "everything else",
}
"""Headings of the help page, by the first part of a binding's id."""

LAST = ("app.back", "app.close", "app.leave", "list.leave", "app.help")
"""Ids that stand at the right end of the key bar, where they are never cut off."""


SPELLED = {"⏎": "enter", "←": "left", "→": "right", "↑": "up", "↓": "down"}
"""What keys are called where their signs cannot be drawn."""


def everything() -> list[Binding]:
    """Return every binding of the app once, in the order of its screens."""
    pictures = [
        *GALLERY,
        *ZOOMED,
        *COMPARE,
        *AROUND,
        *FAVOURITES,
        *LINEAGE,
        *TOUCH,
        *EDIT,
        *TAKE,
        *PART,
    ]
    sheets = [*RECIPE, *ANOTHER, *SETTINGS, *WORDS, *DIRECTIONS, *BRANCHES, *TASTE, *ASK]
    by_id = {binding.id: binding for binding in [*pictures, *sheets, *HOME, *HELP_PAGE]}
    return [*by_id.values(), CLOSE, PALETTE, COLON, SUSPEND, QUIT]
