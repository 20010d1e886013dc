"""A fitness as it is typed: `words`, `clip:a sunset`, `words+clip`, `taste,like:face.png`.

    fitness  = one ("+" one)*  or  one ("," one)*
    one      = "words" [":" TEXT] | "clip" [":" TEXT] | "taste" | "like:" FILE | MODULE:NAME | NAME

A TEXT or FILE reaches up to the next `+` or comma that words, clip, taste or like: follow at once,
so that texts may have commas. Nothing is imported here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from evolve.errors import GenomeError

BUILT_IN = ("words", "clip", "taste", "like")
_ANY = re.compile(r"[+,]")
_KNOWN = re.compile(r"[+,](?=(?:(?:words|clip)(?:[:+,]|$)|taste(?:[+,]|$)|like:))")
_ADDED = re.compile(r"[A-Za-z_][\w.-]*(?::[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)?")


@dataclass(frozen=True, slots=True)
class One:
    """One scorer of a fitness."""

    kind: Literal["words", "clip", "taste", "like", "added"]
    text: str | None = None
    """What pictures are compared with, the file, or the place of an added scorer; None for the
    prompt of each picture."""


@dataclass(frozen=True, slots=True)
class Wished:
    """A fitness as it was typed."""

    ones: tuple[One, ...]
    by: Literal["ranks", "fronts"]
    """How several are combined."""


def parse(text: str) -> Wished:
    """Read a fitness.

    Raises:
        GenomeError: It is not a fitness.
    """
    ones, joints, rest = list[One](), set[str](), text
    while True:
        named = re.match(r"(?:words|clip|like):", rest)
        joint = (_KNOWN if named else _ANY).search(rest)
        ones.append(_one(rest[: joint.start()] if joint else rest, text))
        if joint is None:
            break
        joints.add(joint[0])
        rest = rest[joint.end() :]
    if len(joints) > 1:
        raise GenomeError(f"the fitness '{text}' has + and commas: join all by +, or all by commas")
    if len(set(ones)) < len(ones):
        raise GenomeError(f"the fitness '{text}' names a scorer twice")
    return Wished(tuple(ones), "fronts" if joints == {","} else "ranks")


def _one(part: str, whole: str) -> One:
    kind, colon, text = part.partition(":")
    text = text.strip()
    match kind:
        case "words" | "clip" if text or not colon:
            return One(kind, text or None)
        case "taste" if not colon:
            return One("taste")
        case "like" if text:
            return One("like", text)
    if kind in BUILT_IN or not _ADDED.fullmatch(part):
        raise GenomeError(
            f"unknown fitness '{whole}': use words, clip, words:TEXT, clip:TEXT, taste, like:FILE, "
            "MODULE:NAME or the name of an installed scorer, several joined by + or a comma"
        )
    return One("added", part)
