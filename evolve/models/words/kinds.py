"""Kinds of a thing that its words may mean, such as round and square glasses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evolve.models.words import clauses
from evolve.models.words.things import Thing

if TYPE_CHECKING:
    from evolve.models.words.meanings import Meanings


def kinds_of(thing: Thing, meanings: Meanings) -> dict[str, frozenset[str]]:
    """Return words for each kind of a thing, each with words for looks that never had it.

    Args:
        thing: What was asked for.
        meanings: What the model's words mean.

    Returns:
        Empty if the thing's own words mean one value alone.
    """
    if len(thing.values) != 1 or thing.is_lack:
        return {}
    ((attribute, values),) = thing.values.items()
    said = meanings.phrases[attribute]
    own = clauses.bare(thing.text)
    if len(values) < 2 or any(own not in map(clauses.bare, said[value]) for value in values):
        return {}
    found = {}
    for value in sorted(values):
        others = {phrase for other, forms in said.items() if other != value for phrase in forms}
        if text := next((phrase for phrase in said[value] if phrase not in others), ""):
            found[text] = _without(attribute, value, meanings)
    return found


def _without(attribute: str, value: str, meanings: Meanings) -> frozenset[str]:
    had, never = set[str](), set[str]()
    for by, looks in meanings.seen.items():
        for look, seen in looks.items():
            phrases = meanings.phrases.get(by, {}).get(look, ())
            (had if value in seen.get(attribute, ()) else never).update(phrases)
    return frozenset(never - had)
