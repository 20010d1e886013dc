r"""How prompts are typed: `a woman | red hair :1.4`, bars between concepts, weights behind colons.

What weights may be, and what they do, is a matter of the prompt (`evolve.genome.prompt`).

What is typed and what is painted are the same: `read(write(concepts))` gives the concepts back,
whatever their texts hold. A backslash before a bar, a colon, a backslash or a blank makes it a
plain character of the text; before anything else it is a character itself, as in `\o/`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Weighted = tuple[str, float]
"""A text and its weight."""

_Character = tuple[str, bool]
"""A character, and whether a backslash made it a plain one."""

_NEAR = 40
"""Characters of what looks like a weight that are named at most, before its colon."""
_NUMBER = re.compile(r"[-+]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?=$|[\s,;)\]}%:])")
_SPACED = re.compile(r" : +[-+]?\d*,\d+$")
"""A weight with a comma, where one with a point would be read as such."""
_EMPHASIS = re.compile(
    r"\({2,}[^()]*\){2,}|\{+[^{}]*\}+|\w+\+{1,9}(?=$|[\s,)])|\w+-{2,9}(?=$|[\s,)])"
)


def read(text: str) -> list[Weighted]:
    """Return the concepts of a typed prompt; a concept may be empty."""
    return [_concept(part) for part in _parts(text)]


def write(concepts: Iterable[Weighted]) -> str:
    """Return concepts as they are typed."""
    return " | ".join(
        _escaped(text, weighted=weight != 1) + ("" if weight == 1 else f" :{_short(weight)}")
        for text, weight in concepts
    )


def unread_weights(texts: Iterable[str]) -> list[str]:
    """Return what looks like a weight in the texts of concepts and is text, each once.

    That is `woman:1.4`, `(red hair:1.3)`, `:1,4`, `: 1,4`, `::1.2` or `:2` before another weight,
    and the emphasis of other programs: `((hat))`, `{hat}`, `hat++`. Times and ratios (`10:30`) are
    none.
    """
    pieces = [piece for text in texts for piece in (*_after_colons(text), *_emphasis(text))]
    return list(dict.fromkeys(pieces))


def _parts(text: str) -> list[list[_Character]]:
    parts: list[list[_Character]] = [[]]
    i = 0
    while i < len(text):
        plain = text[i] == "\\" and i + 1 < len(text) and _special(text[i + 1])
        i += plain
        if text[i] == "|" and not plain:
            parts.append([])
        else:
            parts[-1].append((text[i], plain))
        i += 1
    return parts


def _concept(part: list[_Character]) -> Weighted:
    # Only behind a blank: in "poster in 4:3" the colon belongs to the text.
    for i in range(len(part) - 1, 0, -1):
        if part[i] == (":", False) and part[i - 1] == (" ", False):
            weight = _weight("".join(character for character, _ in part[i + 1 :]))
            if weight is not None:
                return _stripped(part[:i]), weight
            break
    return _stripped(part), 1.0


def _weight(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _stripped(part: list[_Character]) -> str:
    first, last = 0, len(part)
    while first < last and part[first][0].isspace() and not part[first][1]:
        first += 1
    while first < last and part[last - 1][0].isspace() and not part[last - 1][1]:
        last -= 1
    return "".join(character for character, _ in part[first:last])


def _special(character: str) -> bool:
    return character in "|:\\" or character.isspace()


def _escaped(text: str, *, weighted: bool) -> str:
    inner = len(text) - len(text.lstrip()), len(text.rstrip())
    # Behind a bar there is a blank before the text, so what it begins with may look like a weight.
    head, colon, tail = f" {text}".rpartition(" :")
    weightlike = len(head) if colon and not weighted and _weight(tail) is not None else -1
    out = []
    for i, character in enumerate(text):
        after = text[i + 1] if i + 1 < len(text) else "|"
        if (
            character == "|"
            or i == weightlike
            or (character == "\\" and _special(after))
            or not inner[0] <= i < inner[1]
        ):
            out.append("\\")
        out.append(character)
    return "".join(out)


def _short(weight: float) -> str:
    short = f"{weight:g}"
    return short if float(short) == weight else repr(weight)


def _after_colons(text: str) -> list[str]:
    pieces = []
    for colon in re.finditer(r"(?<!:)::?(?!:)|：", text):
        number = _NUMBER.match(text, colon.end())
        before = re.split(r"[\s,|]", text[max(0, colon.start() - _NEAR) : colon.start()])[-1]
        if number and not (before.isdigit() and len(colon[0]) == 1):
            end = number.end()
            if text[end : end + 1] == ")":
                end += 1
                before = _opened(text[: colon.start()]) or before
            pieces.append(before + colon[0] + text[colon.end() : end])
    spaced = _SPACED.search(text)
    return [*pieces, spaced[0].strip()] if spaced else pieces


def _opened(text: str) -> str:
    """Return what stands since the last bracket that was opened and is not closed, with it."""
    opened = re.search(r"\([^()]*$", text)
    return opened[0] if opened and len(opened[0]) <= _NEAR else ""


def _emphasis(text: str) -> list[str]:
    return [match[0][:_NEAR] for match in _EMPHASIS.finditer(text) if ":" not in match[0]]
