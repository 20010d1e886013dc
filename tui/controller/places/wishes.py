"""What is to be different in a picture, as a person types it.

glasses                 there are to be glasses
-glasses                there are to be none
red hair > blue hair    this one in the place of that one
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from evolve.models.words.phrasing import WordChange

SYNTAX = "glasses  ·  -glasses  ·  red hair > blue hair"
"""One of each kind, for a hint."""
_NOT = re.compile(r"\s*(?:-\s*|−\s*|no\s+|without\s+|remove\s+)", re.IGNORECASE)
_ADD = re.compile(r"\s*(?:\+\s*|add\s+|with\s+)", re.IGNORECASE)
_SWAP = re.compile(r"\s*(?:->|=>|→|>)\s*")


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that is to be different."""

    kind: Literal["add", "remove", "swap"]
    words: str
    """What is added or removed; what takes the place of `other`."""
    other: str = ""
    """What is there and is to be exchanged."""

    @property
    def recorded(self) -> dict[str, str | list[str]]:
        """The wish as it is recorded."""
        return {self.kind: [self.other, self.words] if self.kind == "swap" else self.words}

    @property
    def change(self) -> WordChange:
        """The wish as a change of words, for finding them and the place."""
        if self.kind == "swap":
            return WordChange(add=self.words, remove=self.other)
        return WordChange(add=self.words) if self.kind == "add" else WordChange(remove=self.words)

    @property
    def in_words(self) -> str:
        """The wish in words."""
        if self.kind == "swap":
            return f"{self.words} in the place of {self.other}"
        return f"without {self.words}" if self.kind == "remove" else f"with {self.words}"

    def __str__(self) -> str:
        if self.kind == "swap":
            return f"{self.other} > {self.words}"
        return f"-{self.words}" if self.kind == "remove" else self.words


def read(text: str) -> Wish:
    """Parse what a person typed.

    Raises:
        ValueError: It is empty, or half of an exchange; the text is one line.
    """
    parts = [part.strip() for part in _SWAP.split(text)]
    if len(parts) == 2 and all(parts):
        return Wish("swap", parts[1], parts[0])
    if len(parts) > 1:
        raise ValueError("an exchange has two sides, like: red hair > blue hair")
    if removed := _NOT.match(text):
        kind, words = "remove", text[removed.end() :]
    else:
        added = _ADD.match(text)
        kind, words = "add", text[added.end() :] if added else text
    if not words.strip():
        raise ValueError(f"type what is to change, like: {SYNTAX}")
    return Wish("remove" if kind == "remove" else "add", words.strip())


def things(text: str) -> tuple[str, ...]:
    """Return the things that a typed wish names, without the words and signs around them."""
    try:
        wish = read(text)
    except ValueError:
        return (text,)
    return (wish.other, wish.words)


def no_thing(text: str) -> str:
    """Return why what a person typed names no thing to take; empty if it does."""
    if (wrong := problem(text)) or read(text).kind != "add":
        return "name what is taken, like: hair" if not wrong else wrong.replace(SYNTAX, "hair")
    return ""


def problem(text: str) -> str:
    """Return what is wrong with what a person typed; empty if nothing is."""
    try:
        _ = read(text).change
    except ValueError as error:  # GenomeError is one
        return str(error)
    return ""
