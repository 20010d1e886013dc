"""Every key of the app. Ids are for remapping (with `App.set_keymap`)."""

from __future__ import annotations

from collections.abc import Mapping

from textual.binding import Binding
from textual.keys import _normalize_key_list

from tui.keys import actions, dialogs, screens

__all__ = ["LAST", "SECTIONS", "SPELLED", "actions", "clash", "dialogs", "everything", "screens"]

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
"""Ids at the right end of the key bar, where they are never cut off."""

SPELLED = {"⏎": "enter", "←": "left", "→": "right", "↑": "up", "↓": "down"}
"""Names of keys where their signs cannot be drawn."""


_SCREENS = (
    *(screens.GALLERY, screens.ZOOMED, screens.COMPARE, screens.AROUND, screens.FAVOURITES),
    *(screens.LINEAGE, screens.TOUCH, screens.EDIT, screens.TAKE, screens.PART),
    *(dialogs.RECIPE, dialogs.ANOTHER, dialogs.SETTINGS, dialogs.WORDS, dialogs.DIRECTIONS),
    *(dialogs.BRANCHES, dialogs.TASTE, dialogs.ASK, dialogs.HOME, screens.HELP_PAGE),
)


def everything() -> list[Binding]:
    """Return every binding of the app once, in the order of its screens."""
    by_id = {binding.id: binding for bindings in _SCREENS for binding in bindings}
    return [*by_id.values(), actions.CLOSE, *actions.ANYWHERE]


def clash(keymap: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return a key that does two things on one screen, and the ids of both; None if none does.

    Textual does one of them and reports nothing.

    Args:
        keymap: Other keys than those by default, by id.
    """
    for bindings in _SCREENS:
        does: dict[str, str] = {}
        for binding in (*bindings, *actions.ANYWHERE):
            name = str(binding.id)
            for key in _normalize_key_list(keymap.get(name, binding.key)).split(","):
                if does.setdefault(key, name) != name:
                    return key, does[key], name
    return None
