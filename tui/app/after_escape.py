"""Keys that come right after escape.

Terminals send the same for escape and a key as for alt and the key, if both come at once; and tmux
holds an escape back for half a second, to see whether it is one. Textual forgets the alt of signs,
and takes some keys for others: `=` for `≠`, `b` for a word to the left.
"""

from __future__ import annotations

import string
from typing import Any, NamedTuple, cast

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import _character_to_key

_ALT = "alt+"
_BEGIN_ANOTHER = r"[]_^\OPX"
"""Characters that begin longer sequences of a terminal after escape."""
_BY_WORDS = {"b": "ctrl+left", "f": "ctrl+right"}
"""What alt and a letter do in a field, as in a shell."""
_CHARACTERS = {
    **{_character_to_key(sign): sign for sign in f"{string.punctuation} "},
    **{each: each for each in string.ascii_lowercase + string.digits},
    **{f"shift+{each.lower()}": each for each in string.ascii_uppercase},
    "enter": "\r",
}
"""What keys type, by the names that they have together with alt."""


class _Named(NamedTuple):
    value: str


def distinguish() -> None:
    """Let Textual name what comes with an escape by alt and the key, so that it can be parted."""
    table = cast(dict[str, Any], ANSI_SEQUENCES_KEYS)
    for name, character in _CHARACTERS.items():
        if character not in _BEGIN_ANOTHER:
            table[f"\x1b{character}"] = (_Named(f"{_ALT}{name}"),)


def parted(key: events.Key, *, typing: bool) -> tuple[events.Key, ...]:
    """Return what a person pressed: escape and a key, where the terminal sent them as one.

    Args:
        key: What Textual took it for.
        typing: Whether a text is being typed, in which alt moves by words.
    """
    if not key.key.startswith(_ALT):
        return (key,)
    name = key.key.removeprefix(_ALT)
    if typing and name in _BY_WORDS:
        return (events.Key(_BY_WORDS[name], None),)
    character = key.character or _CHARACTERS.get(name)
    if character is None:
        return (key,)
    plain = character if character.isalnum() else name
    return events.Key("escape", "\x1b"), events.Key(plain, character)
