"""The names of keys, as Textual reports them when they are pressed."""

from __future__ import annotations

from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual.keys import REPLACED_KEYS, _character_to_key, _normalize_key_list, key_to_character

_SPECIAL = {*FUNCTIONAL_KEYS.values(), "ctrl+@"}
_MOST = 0x3000
"""Characters that are looked through: those before Chinese and Japanese punctuation."""
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
    return key in _SPECIAL or base in _SPECIAL or _is_of_character(base)


def _is_of_character(name: str) -> bool:
    character = key_to_character(REPLACED_KEYS.get(name, name))
    if character is not None:
        return _character_to_key(character) == name
    # Textual finds no character whose name in Unicode has a hyphen, such as « and „.
    return any(_character_to_key(chr(code)) == name for code in range(_MOST))
