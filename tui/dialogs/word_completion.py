"""Completing what is typed with the words that a model knows."""

from __future__ import annotations

import re

from evolve.models.words.vocabulary import Topics

LONGEST = 4
"""Words of a phrase that are looked at to complete it."""


def completions(topics: Topics, text: str) -> list[str]:
    """Return the phrases that the end of `text` may become; the longest match comes first."""
    words = re.split(r"[|,]", text)[-1].lower().lstrip().split(" ")
    matching: dict[str, None] = {}
    for start in range(max(0, len(words) - LONGEST), len(words)):
        typed = " ".join(words[start:])
        if len(typed) < 2:
            continue
        for phrase in (phrase for phrases in topics.values() for phrase in phrases):
            if phrase.startswith(typed) and phrase != typed:
                matching.setdefault(phrase)
    return list(matching)


def complete(text: str, phrase: str) -> str:
    """Return `text` with its end made into `phrase`."""
    for length in range(min(len(text), len(phrase)), 0, -1):
        if phrase.startswith(text[-length:].lower()):
            return text + phrase[length:]
    return text
