"""Completing typed text with the words that a model knows."""

from __future__ import annotations

import re
from collections.abc import Iterable

from textual.suggester import Suggester

from evolve.genome.prompt_syntax import unread_weights
from evolve.models.words.vocabulary import Topics, named, strangers

LONGEST = 4
"""Words at the end of a text that are completed to a phrase at most."""


def completions(topics: Topics, text: str) -> list[str]:
    """Return the phrases that complete the end of `text`; the longest match comes first."""
    words = re.split(r"[|,>]", text)[-1].lower().lstrip(" -").split(" ")
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
    """Return `text` with its end completed to `phrase`."""
    for length in range(min(len(text), len(phrase)), 0, -1):
        if phrase.startswith(text[-length:].lower()):
            return text + phrase[length:]
    return text


def unknown(topics: Topics, texts: Iterable[str]) -> str:
    """Return which words of texts a model does not know, as a line; empty if it knows all.

    The last word is left out while it may still become a known one.
    """
    texts = list(texts)
    strange = strangers(topics, texts)
    if strange and texts[-1].lower().endswith(strange[-1]):
        phrases = (phrase for phrases in topics.values() for phrase in phrases)
        begun = (word for phrase in phrases for word in phrase.split())
        if any(word.startswith(strange[-1]) for word in begun):
            strange = strange[:-1]
    return f"unknown to this model: {named(strange)}" if strange else ""


def unweighted(texts: Iterable[str]) -> str:
    """Return what of the texts of concepts looks like a weight and is none, as a line, or empty."""
    unread = unread_weights(texts)
    return f"text, not a weight: {', '.join(unread)}" if unread else ""


class Completion(Suggester):
    """Completes the phrase being typed by the words a model knows."""

    def __init__(self, topics: Topics) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._topics = topics

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole text, completed."""
        phrases = completions(self._topics, value)
        return complete(value, phrases[0]) if phrases else None
