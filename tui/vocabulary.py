"""The words a model knows: to complete what is typed, and to say which do nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence

from evolve.models.catalog import ModelCard

Topics = Mapping[str, Sequence[str]]
"""Words and phrases by topic."""

LONGEST = 4
"""Words of a phrase that are looked at to complete it."""
_WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_SAYING_NOTHING = frozenset(["a", "an", "and", "in", "of", "on", "the", "with", "without", "no"])


def of_model(card: ModelCard) -> Topics:
    """Return what a model says it knows; empty if it knows the whole language."""
    file = card.folder / "vocabulary.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def completions(topics: Topics, text: str) -> list[str]:
    """Return the phrases that the end of `text` may become; the longest match comes first."""
    words = re.split(r"[|,]", text)[-1].lower().lstrip().split(" ")
    found: dict[str, None] = {}
    for start in range(max(0, len(words) - LONGEST), len(words)):
        typed = " ".join(words[start:])
        if len(typed) < 2:
            continue
        for phrase in _phrases(topics):
            if phrase.startswith(typed) and phrase != typed:
                found.setdefault(phrase)
    return list(found)


def complete(text: str, phrase: str) -> str:
    """Return `text` with its end made into `phrase`."""
    for length in range(min(len(text), len(phrase)), 0, -1):
        if phrase.startswith(text[-length:].lower()):
            return text + phrase[length:]
    return text


def unknown(topics: Topics, text: str) -> list[str]:
    """Return the words of a prompt that mean nothing to the model, in order."""
    if not topics:
        return []
    known = {word for phrase in _phrases(topics) for word in _WORD.findall(phrase)}
    concepts = " ".join(re.sub(r" :[\d.]+\s*$", "", part) for part in text.split("|"))
    words = dict.fromkeys(_WORD.findall(concepts.lower()))
    return [word for word in words if word not in known | _SAYING_NOTHING]


def _phrases(topics: Topics) -> Iterable[str]:
    return (phrase for phrases in topics.values() for phrase in phrases)
