"""What a composed face shows, and the words people have for it.

`WORDS[attribute][value]` lists phrases; the first is the plainest.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WORDS: dict[str, dict[str, list[str]]] = {
    "style": {
        "adventurer": ["adventurer style", "outlined cartoon", "cartoon"],
        "lorelei": ["lorelei style", "ink drawing", "comic drawing"],
        "notionists": ["notionists style", "black and white drawing", "line drawing", "line art"],
        "open-peeps": ["open peeps style", "hand drawn", "hand drawn comic"],
        "pixel-art": ["pixel art", "pixel art style", "8-bit", "pixelated"],
        "micah": ["micah style", "modern illustration", "illustration"],
        "personas": ["personas style", "flat avatar", "flat"],
        "big-smile": ["big smile style", "cheerful cartoon", "side view cartoon"],
        "toon-head": ["toon head style", "toon", "storybook cartoon"],
        "dylan": ["dylan style", "minimal", "simple doodle"],
        "miniavs": ["miniavs style", "close up flat", "flat icon"],
        "croodles": ["croodles style", "doodle", "scribble", "pen sketch"],
        "big-ears": ["big ears style", "flat cartoon", "big ears"],
    },
    "hair": {
        "bald": ["bald", "no hair", "without hair"],
        "short": ["short hair"],
        "curly": ["curly hair", "short curly hair", "curls"],
        "spiky": ["spiky hair"],
        "buzz": ["buzz cut", "very short hair", "shaved hair"],
        "flat": ["flat top", "flat top haircut"],
        "bowl": ["bowl cut"],
        "mohawk": ["mohawk"],
        "afro": ["afro", "big afro hair"],
        "dreadlocks": ["dreadlocks", "dreads"],
        "bob": ["bob", "bob haircut", "chin length hair"],
        "long": ["long hair", "long straight hair"],
        "long wavy": ["long wavy hair", "wavy hair"],
        "long curly": ["long curly hair", "big curly hair"],
        "bun": ["hair bun", "hair in a bun", "bun"],
        "buns": ["two buns", "hair in two buns", "space buns"],
        "ponytail": ["ponytail", "hair in a ponytail"],
        "pigtails": ["pigtails"],
        "braid": ["braid", "braided hair", "braids"],
    },
    "hair_colour": {
        "black": ["black"],
        "brown": ["brown", "dark brown"],
        "blonde": ["blonde", "blond", "golden"],
        "red": ["red"],
        "orange": ["orange", "ginger"],
        "grey": ["grey", "gray", "silver"],
        "white": ["white"],
        "blue": ["blue"],
        "green": ["green"],
        "pink": ["pink"],
        "purple": ["purple", "violet"],
    },
    "skin": {
        "pale": ["pale skin", "very light skin", "fair skin"],
        "light": ["light skin"],
        "tan": ["tan skin", "tanned skin", "olive skin"],
        "brown": ["brown skin"],
        "dark": ["dark skin", "dark brown skin", "black skin"],
        "paper": ["white skin", "uncoloured skin", "paper white face"],
    },
    "mouth": {
        "none": ["without a mouth", "no mouth", "mouthless"],
        "smile": ["smiling", "a smile", "happy"],
        "laugh": ["laughing", "a big smile", "grinning", "a wide open smile", "very happy"],
        "sad": ["sad", "frowning", "a sad mouth", "unhappy"],
        "open": ["surprised", "an open mouth", "amazed"],
        "neutral": ["serious", "neutral", "a straight mouth", "calm"],
        "angry": ["angry", "an angry mouth", "grumpy"],
        "fear": ["worried", "scared", "confused"],
        "tongue": ["sticking out the tongue", "tongue out", "cheeky"],
        "pacifier": ["with a pacifier", "a pacifier"],
    },
    "eyes": {
        "closed": ["closed eyes", "eyes closed", "sleepy eyes"],
        "winking": ["winking", "one eye closed"],
    },
    "glasses": {
        "none": ["no glasses", "without glasses"],
        "round": ["round glasses", "glasses", "spectacles"],
        "square": ["square glasses", "glasses", "eyeglasses"],
        "sunglasses": ["sunglasses", "dark glasses", "shades"],
    },
    "beard": {
        "none": ["no beard", "without a beard", "clean shaven"],
        "beard": ["a beard", "a full beard", "bearded"],
        "moustache": ["a moustache", "a mustache", "moustache"],
        "goatee": ["a goatee", "a chin beard"],
        "stubble": ["stubble", "a short beard", "unshaven"],
    },
    "hat": {
        "none": ["no hat", "without a hat"],
        "cap": ["a cap", "a baseball cap"],
        "beanie": ["a beanie", "a knitted hat", "a woolly hat"],
        "hat": ["a hat", "a brimmed hat"],
        "turban": ["a turban"],
        "hijab": ["a hijab", "a headscarf"],
        "graduate": ["a graduation cap", "a square academic cap"],
        "beret": ["a beret"],
    },
    "earrings": {
        "none": ["no earrings", "without earrings"],
        "earrings": ["earrings", "an earring"],
    },
    "extra": {
        "catears": ["cat ears"],
        "facemask": ["a face mask", "a medical mask", "a mask"],
        "clownnose": ["a clown nose", "a red nose"],
        "eyepatch": ["an eyepatch", "a pirate eyepatch"],
    },
    "clothes": {
        "tshirt": ["t-shirt", "shirt", "top"],
        "shirt": ["shirt", "collared shirt"],
        "jacket": ["jacket", "open jacket", "coat"],
        "tie": ["shirt and tie", "tie"],
        "sweater": ["sweater", "pullover", "jumper"],
        "dress": ["dress"],
        "dots": ["dotted shirt", "polka dot shirt"],
    },
    "clothes_colour": {
        "red": ["red"],
        "orange": ["orange"],
        "yellow": ["yellow"],
        "green": ["green"],
        "blue": ["blue", "dark blue"],
        "purple": ["purple", "violet"],
        "pink": ["pink"],
        "black": ["black"],
        "grey": ["grey", "gray"],
        "white": ["white"],
        "turquoise": ["turquoise", "teal"],
    },
    "background": {
        "white": ["white"],
        "grey": ["grey", "gray"],
        "blue": ["blue", "light blue", "sky blue"],
        "green": ["green", "light green"],
        "yellow": ["yellow"],
        "orange": ["orange"],
        "red": ["red"],
        "pink": ["pink"],
        "purple": ["purple", "violet", "lilac"],
        "turquoise": ["turquoise", "teal", "cyan"],
        "beige": ["beige", "cream"],
        "black": ["black", "dark"],
    },
}
WORDS["hat_colour"] = {**WORDS["clothes_colour"], "brown": ["brown"]}

PEOPLE: dict[str, list[str]] = {
    "woman": ["woman", "girl", "lady"],
    "man": ["man", "guy", "boy"],
    "person": ["person", "face", "portrait", "character", "head", "avatar"],
    "baby": ["baby", "toddler"],
    "old": ["old", "elderly"],
    "young": ["young"],
}

_LONG = {"bob", "long", "long wavy", "long curly", "bun", "buns", "ponytail", "pigtails", "braid"}
_EYES = {"sleep": "closed", "sleepy": "closed", "wink": "winking", "winking": "winking"}
_ADVENTURER_EYES = {"variant20": "closed", "variant22": "winking"}

CUT_OFF = {"miniavs"}
"""Styles whose frame ends at the neck: their records name clothes, but none can be seen."""

UNCLEAR = {"notionists": ("mouth", "lips", ("variant04", "variant21"))}
"""Drawings that are too small for a name: a dot and a dash of ten pixels."""

HIDDEN: dict[str, list[tuple[str, str, list[str], str, list[str]]]] = json.loads(
    (Path(__file__).parent.parent / "data/hidden.json").read_text(encoding="utf-8")
)
"""Of each style: an attribute, its part and drawings that another part with its drawings hides."""


def visible(record: dict[str, Any]) -> dict[str, str]:
    """Attribute values that can be seen in the picture of a record, all of them in `WORDS`."""
    seen: dict[str, str] = dict(record["attributes"])
    if seen.get("extra") == "facemask":
        seen.pop("mouth", None)
    if record["style"] in CUT_OFF:
        seen = {a: v for a, v in seen.items() if a not in ("clothes", "clothes_colour")}
    drawn = record["parts"]
    if record["style"] in UNCLEAR:
        unnamed, part, small = UNCLEAR[record["style"]]
        if drawn.get(part) in small:
            seen.pop(unnamed, None)
    for attribute, part, drawings, over, above in HIDDEN.get(record["style"], ()):
        if drawn.get(part) in drawings and drawn.get(over) in above:
            seen.pop(attribute, None)
    names = _ADVENTURER_EYES if record["style"] == "adventurer" else _EYES
    eyes = names.get(drawn.get("eyes", ""))
    if eyes and seen.get("glasses") != "sunglasses":
        seen["eyes"] = eyes
    return {a: v for a, v in seen.items() if v in WORDS[a]}


def likely_people(seen: dict[str, str]) -> list[str]:
    """Which of woman, man and person may be said of a face: only what beard and hair suggest."""
    if seen.get("mouth") == "pacifier":
        return ["baby", "person"]
    if seen.get("beard", "none") != "none":
        return ["man", "man", "person"]
    if seen.get("hair") in _LONG or seen.get("hat") == "hijab" or seen.get("clothes") == "dress":
        return ["woman", "woman", "person"]
    return ["man", "person", "person"]


CLASSES: dict[str, list[str]] = {attribute: list(values) for attribute, values in WORDS.items()}


def labels(seen: dict[str, str]) -> list[int]:
    """Class index of every attribute in the order of `CLASSES`; -1 where nothing is known."""
    return [CLASSES[a].index(seen[a]) if a in seen else -1 for a in CLASSES]
