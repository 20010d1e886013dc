"""What ships of the words: those that are known, what they mean, and which go together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evolve.models.portraits.training.faces.attributes import CLASSES, PEOPLE, WORDS
from evolve.models.words.asking import OF_THINGS

CONNECTING = [
    *("a", "an", "the", "and", "or", "of", "with", "without", "no", "in", "on", "at", "front"),
    *("who", "has", "having", "wearing", "wears", "is", "very", "his", "her", "its", "this"),
    *("that", "picture", "portrait", "drawing", "background", "clothes"),
]
"""Words that hold a caption together; those that it has not been trained on, it reads over."""


def vocabulary() -> dict[str, list[str]]:
    """Topics and the words or phrases the model has been trained on, as a person is shown them."""
    topics = {a: [w for words in t.values() for w in words] for a, t in WORDS.items()}
    topics["hair"] += ["redhead", "brunette"]
    topics["people"] = [w for words in PEOPLE.values() for w in words]
    topics["connecting words"] = CONNECTING
    return {topic: list(dict.fromkeys(words)) for topic, words in topics.items()}


def meanings(faces: Iterable[Mapping[str, str]]) -> dict[str, Any]:
    """What the words mean, and what `faces` (what is visible of each) show of it in each style.

    See `evolve.models.words.meanings`.
    """
    phrases = {attribute: dict(values) for attribute, values in WORDS.items()}
    hair = phrases["hair_colour"]
    phrases["hair_colour"] = hair | {
        "red": [*hair["red"], "redhead"],
        "brown": [*hair["brown"], "brunette"],
    }
    faces = list(faces)
    there = {(seen["style"], a, v) for seen in faces for a, v in seen.items()}
    others = {a: values for a, values in CLASSES.items() if a != "style"}
    seen = {
        style: {a: [v for v in values if (style, a, v) in there] for a, values in others.items()}
        for style in CLASSES["style"]
    }
    return {"phrases": phrases, "seen": {"style": seen}, "partial": _partial(faces)}


def _partial(faces: Sequence[Mapping[str, str]]) -> list[str]:
    """Return attributes that no style shows in half of its faces, though some in a few."""
    of = Counter(seen["style"] for seen in faces)
    shown = Counter((a, seen["style"]) for seen in faces for a in seen)
    most = {a: max((shown[a, style] / of[style] for style in of), default=0) for a in CLASSES}
    # Whether there is a hat to have a colour, the hat says.
    things = {colour: thing for thing, colour in OF_THINGS.items()}
    says = {a: CLASSES[things.get(a, a)] for a in CLASSES}
    return [a for a, share in most.items() if 0 < share < 0.5 and "none" not in says[a]]
