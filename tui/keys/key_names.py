"""The names of keys, as Textual reports them when they are pressed."""

from __future__ import annotations

from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual.keys import REPLACED_KEYS, _character_to_key, _normalize_key_list, key_to_character

_SPECIAL = {*FUNCTIONAL_KEYS.values(), "ctrl+@"}
_MODIFIERS = {"alt", "ctrl", "hyper", "meta", "shift", "super"}


def separate(keys: str) -> list[str]:
    """Return the keys of a list with commas, by the names that Textual reports."""
    return _normalize_key_list(keys).split(",")


def is_reported(key: str) -> bool:
    """Return whether any key press is reported by this name.

    Textual binds every name, also one that never comes: `F5`, `shift+b` (which is `B`), `ctrl+/`
    (which is `ctrl+slash`).
    """
    *modifiers, base = key.split("+")
    if modifiers != sorted(_MODIFIERS & set(modifiers)):
        return False  # Textual puts them in this order
    if base.isalnum() and len(base) == 1:
        return not modifiers or (base == base.lower() and modifiers != ["shift"])
    character = key_to_character(REPLACED_KEYS.get(base, base))
    named = character is not None and _character_to_key(character) == base
    return key in _SPECIAL or base in _SPECIAL or named
