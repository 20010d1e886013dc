"""Captions in varied English from what a face shows.

A caption says only some of what is there (the rest stays open), in one of three manners: a
sentence, a short phrase or a list of tags. Negations ("no glasses", "without a mouth", "bald") are
said now and then, a missing mouth nearly always.
"""

from __future__ import annotations

import random

from evolve.models.portraits.training.faces.attributes import PEOPLE, WORDS, likely_people

CHANCES = {
    "style": 0.7, "background": 0.65, "hair": 0.75, "hair_colour": 0.8, "skin": 0.3, "mouth": 0.65,
    "eyes": 0.6, "glasses": 0.8, "beard": 0.8, "hat": 0.85, "earrings": 0.6, "extra": 0.9,
    "clothes": 0.45, "clothes_colour": 0.75, "hat_colour": 0.6,
}  # fmt: skip
NONE_CHANCE = {"mouth": 0.85, "glasses": 0.25, "beard": 0.12, "hat": 0.08, "earrings": 0.08}


def choose(rng: random.Random, seen: dict[str, str], fullness: float) -> dict[str, str]:
    """The attributes that a caption is going to state."""
    stated = {}
    for attribute, value in seen.items():
        chance = CHANCES[attribute]
        if value == "none":
            chance = NONE_CHANCE[attribute]
        elif value == "bald":
            chance = 0.85
        if rng.random() < chance * fullness:
            stated[attribute] = value
    if "hat_colour" in stated and "hat" not in stated:
        del stated["hat_colour"]
    return stated


def article(words: str) -> str:
    """The words with "a" or "an", unless they already have one or are plural or a mass noun."""
    first, last = words.split()[0], words.split()[-1]
    if first in ("a", "an", "no", "one", "two", "with", "without"):
        return words
    if last in ("hair", "skin", "stubble"):
        return words
    if last.endswith("s") and last != "dress":
        return words
    return ("an " if words[0] in "aeiou8" else "a ") + words


def hair_phrase(rng: random.Random, stated: dict[str, str]) -> str | None:
    """Colour and cut in one phrase ("long red hair"), or None if neither is stated."""
    colour = (
        rng.choice(WORDS["hair_colour"][stated["hair_colour"]]) if "hair_colour" in stated else ""
    )
    cut = rng.choice(WORDS["hair"][stated["hair"]]) if "hair" in stated else ""
    if not cut:
        return f"{colour} hair" if colour else None
    if not colour or stated["hair"] == "bald":
        return cut
    if " in " in cut:
        return f"{colour} {cut}"
    adjectives, _, noun = cut.rpartition(" ")
    order = [adjectives, colour, noun] if rng.random() < 0.6 else [colour, adjectives, noun]
    return " ".join(w for w in order if w)


def caption(
    rng: random.Random, seen: dict[str, str], fullness: float | None = None
) -> tuple[str, set[str]]:
    """One caption (lower case) and the attributes that it states.

    `fullness` is a factor on the chance of each: as it comes if not given, 2 states nearly all.
    """
    drawn = rng.choice([0.5, 0.9, 1.1, 1.25])
    stated = choose(rng, seen, drawn if fullness is None else fullness)
    say = {a: rng.choice(WORDS[a][v]) for a, v in stated.items()}
    people = rng.choice(likely_people(seen))
    noun = rng.choice(PEOPLE[people])
    before: list[str] = []  # adjectives of the person
    having: list[str] = []  # what the person has
    after: list[str] = []  # what follows
    grey = stated.get("hair_colour") in ("grey", "white")
    if people in ("man", "woman") and rng.random() < (0.3 if grey else 0.06):
        before.append(rng.choice(PEOPLE["old" if grey else "young"]))
    if (mouth := say.get("mouth")) is not None:
        if mouth.startswith(("without", "no ", "with ", "sticking", "tongue")):
            after.append(mouth)
        elif mouth.split()[0] in ("a", "an"):
            having.append(mouth)
        else:
            before.append(mouth)
    if stated.get("hair") == "bald":
        (before if say["hair"] == "bald" else after).append(say["hair"])
    elif (
        stated.get("hair_colour") in ("red", "brown") and people == "woman" and rng.random() < 0.12
    ):
        noun = {"red": "redhead", "brown": "brunette"}[stated["hair_colour"]]
        having += [article(say["hair"])] if "hair" in stated else []
    elif (hair := hair_phrase(rng, stated)) is not None:
        having.append(article(hair))
    for attribute in ("glasses", "beard", "hat", "earrings", "extra", "skin", "eyes"):
        if (words := say.get(attribute)) is None:
            continue
        if attribute == "hat" and "hat_colour" in stated:
            words = f"{say['hat_colour']} {words.removeprefix('a ')}"
        if words in ("bearded", "unshaven", "clean shaven", "winking", "mouthless"):
            before.append(words)
        elif words.startswith(("no ", "without")):
            after.append(words)
        else:
            having.append(article(words))
    if "clothes" in stated or "clothes_colour" in stated:
        kind = say.get("clothes") or rng.choice(["shirt", "top", "clothes"])
        having.append(article(f"{say.get('clothes_colour', '')} {kind}".strip()))
    rng.shuffle(having)
    ground = f"{say['background']} background" if "background" in stated else ""
    manner = rng.random()
    if manner < 0.3:
        text = _tags(rng, before, noun, having, after, say.get("style"), ground)
    else:
        text = _sentence(rng, before, noun, having, after, say.get("style"), ground)
    return _with_strangers(rng, text.lower()), set(stated)


_ASIDES = ["beautiful", "cute", "pretty", "nice", "detailed"]
_ASIDES += ["high quality", "photo", "best quality"]
_SYLLABLES = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "sun", "tar", "vel"]
_SYLLABLES += ["dra", "gon", "xi", "kar", "mo", "ri", "zen", "wick", "tho", "qua"]


def _with_strangers(rng: random.Random, text: str) -> str:
    """Now and then a word without a meaning here, so that unknown words do little harm."""
    if (chance := rng.random()) > 0.1:
        return text
    word = rng.choice(_ASIDES)
    if chance < 0.05:
        word = "".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(1, 3)))
    words = text.split(" ")
    words.insert(rng.choice([0, len(words), rng.randint(0, len(words))]), word)
    return " ".join(words)


def _tags(
    rng: random.Random,
    before: list[str], noun: str, having: list[str], after: list[str],
    style: str | None, ground: str,
) -> str:  # fmt: skip
    bare = [w.removeprefix("a ").removeprefix("an ") for w in having]
    tags = [t for t in [*before, *bare, *after, style, ground] if t]
    rng.shuffle(tags)
    return ", ".join([noun, *tags] if rng.random() < 0.7 or not tags else tags)


def _sentence(
    rng: random.Random,
    before: list[str], noun: str, having: list[str], after: list[str],
    style: str | None, ground: str,
) -> str:  # fmt: skip
    head = " ".join([*before, noun])
    if style and not style.endswith("style") and rng.random() < 0.4:
        head = f"{article(style)} {rng.choice(['of', 'portrait of'])} {article(head)}"
        style = None
    else:
        head = rng.choice(["", "", "portrait of ", "a picture of ", "a drawing of "]) + article(
            head
        )
    if having:
        joined = ", ".join(having[:-1]) + (" and " if having[:-1] else "") + having[-1]
        head += rng.choice([" with ", " with ", " who has ", " having "]) + joined
    tail = list(after)
    if style:
        tail.append(rng.choice([f"in {style}" if style.endswith("style") else style, style]))
    if ground:
        tail.append(
            rng.choice([ground, ground, f"on {article(ground)}", f"in front of {article(ground)}"])
        )
    if len(after) == 1 and head.endswith(noun) and rng.random() < 0.7:
        return ", ".join(
            [f"{head} {tail[0]}" if tail[0].startswith("with") else f"{head}, {tail[0]}", *tail[1:]]
        )
    if rng.random() < 0.2:
        rng.shuffle(tail)
    return ", ".join([head, *tail])
