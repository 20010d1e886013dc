"""What a prompt asks for, in the attributes that a model's reader knows.

The longest phrases are found first. A colour belongs to the next thing that has one ("a red bob and
a blue shirt, pink background"). "no" and "without" negate the phrase after them, and so does a
weight below 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evolve.genome import Prompt

Lexicon = Mapping[str, Mapping[str, Sequence[str]]]
"""Attributes, their values, and the phrases that mean them; a phrase may mean several values."""

Means = Mapping[str, set[str]]

OF_THINGS = {"hair": "hair_colour", "clothes": "clothes_colour", "hat": "hat_colour"}
"""Attributes whose phrases name things that have a colour, and the attribute of that colour."""
NOUNS = {"hair": "hair_colour", "clothes": "clothes_colour", "background": "background"}
"""Words that are no phrases, but are described by the colour before them."""
COLOURS = (*OF_THINGS.values(), "background")
OWN_COLOURS = ("hair_colour", "skin")
"""Colours of a person, which a beard has too."""
HIDDEN = {"hat": ("hair", "hair_colour")}
"""What a thing hides, and so is never mentioned together with it."""
NOT = ("no", "without")
ARTICLES = ("a", "an", "the")
WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that a prompt asks for."""

    attribute: str
    values: frozenset[str]
    """Any of these will do."""
    wanted: bool
    """False: none of these may be there."""
    weight: float
    """Weight of its concept, without the sign."""
    phrase: str
    """The words that ask for it."""


class Asking:
    """Reads prompts with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._phrases: dict[tuple[str, ...], dict[str, set[str]]] = {}
        for attribute, values in lexicon.items():
            for value, phrases in values.items():
                for phrase in phrases:
                    known = self._phrases.setdefault(words(phrase), {})
                    known.setdefault(attribute, set()).add(value)
        self._longest = max(map(len, self._phrases), default=0)

    def asked(self, prompt: Prompt) -> list[Asked]:
        """Return what is asked for, in the order of the words; unknown words are ignored."""
        kinds = ((prompt.concepts, True), (prompt.negative, False))
        return [
            one
            for concepts, wanted in kinds
            for c in concepts
            if c.weight  # a weight below 0 leads away
            for clause in re.split(r"[,.;:]", c.text)
            for one in self._clause(words(clause), abs(c.weight), wanted == (c.weight > 0))
        ]

    def _clause(self, words: tuple[str, ...], weight: float, wanted: bool) -> Iterator[Asked]:
        colour: Means = {}
        shade = ""
        here, place = wanted, 0
        while place < len(words):
            length, means, inner = self._at(words, place)
            phrase = " ".join(words[place : place + length])
            place += length
            if not means:
                word = words[place - 1]
                here = not wanted if word in NOT else here
                if (of := NOUNS.get(word)) is not None:
                    if of in colour:
                        yield Asked(of, frozenset(colour[of]), here, weight, f"{shade} {word}")
                    colour, here = {}, wanted
                continue
            if set(means) <= set(COLOURS) and not inner:
                if set(means) != {"hair_colour"}:  # "blonde" and "redhead" say it all
                    colour, shade = means, phrase
                    continue
                inner = means
            for attribute in means:
                of = OF_THINGS.get(attribute, attribute)
                if of in COLOURS and of in (inner or colour):
                    coloured = phrase if inner else f"{shade} {phrase}"
                    yield Asked(of, frozenset((inner or colour)[of]), here, weight, coloured)
                if attribute not in COLOURS:
                    yield Asked(attribute, frozenset(means[attribute]), here, weight, phrase)
            colour, here = {}, wanted

    def _at(self, words: tuple[str, ...], place: int) -> tuple[int, Means, Means]:
        """Return the length of the longest phrase at a place, its meaning, and a colour inside."""
        for length in range(min(self._longest + 2, len(words) - place), 0, -1):
            phrase = words[place : place + length]
            if means := self._phrases.get(phrase):
                return length, means, {}
            # "long red hair", "a buzz dark brown cut": a colour before the last word.
            for size in (1, 2):
                inner = self._phrases.get(phrase[-1 - size : -1], {})
                means = self._phrases.get((*phrase[: -1 - size], phrase[-1]), {})
                if "hair" in means and "hair_colour" in inner and length - size > 1:
                    return length, {"hair": means["hair"]}, inner
        return 1, {}, {}


def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, without articles."""
    lower = map(str.lower, WORD.findall(text))
    return tuple(word for word in lower if word not in ARTICLES)
