"""Every key of the app. Ids are for remapping (with `App.set_keymap`)."""

from __future__ import annotations

from collections.abc import Mapping

from textual.binding import Binding

from tui.keys import actions, dialogs, screens
from tui.keys.key_names import is_reported, separate

__all__ = [
    *("LAST", "SECTIONS", "SPELLED", "actions", "clash", "dialogs", "everything", "screens"),
    "unknown",
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
            for key in separate(keymap.get(name, binding.key)):
                if does.setdefault(key, name) != name:
                    return key, does[key], name
    return None


def unknown(keymap: Mapping[str, str]) -> tuple[str, str] | None:
    """Return a key that no keyboard sends under this name, and the id that has it; None if none.

    Textual binds it and reports nothing; then no key does what is asked for.
    """
    pairs = ((key, name) for name, keys in keymap.items() for key in separate(keys))
    return next((pair for pair in pairs if not is_reported(pair[0])), None)
