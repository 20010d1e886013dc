"""Weights that other programs put in round brackets or behind them, and what they do not want.

`(hat:-0.5)` leads away from a hat and `(hat:0)` leaves it out, whatever brackets are around it or
in it. A bracket behind a backslash is a character, and so is one that no other belongs to.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import NamedTuple

NUMBER = r"[-+]?(?:\d{1,6}(?:\.\d{0,20})?|\.\d{1,20})"
"""With all digits that a program may print: `0.30000000000000004`."""
WITHIN = re.compile(rf"\\.|\(|(?::\s*(?P<weight>{NUMBER})\s*)?\)", re.DOTALL)
"""Brackets of the web UI and of ComfyUI: `(hat:1.2)`."""
BEHIND = re.compile(rf"\\.|\(|\)(?P<weight>(?![-+]){NUMBER})?", re.DOTALL)
"""Brackets of Compel: `(hat)1.2`; a sign behind one is emphasis, `(hat)-`."""


class Divided(NamedTuple):
    """A text by the signs of its weights; those above 0 are still in it."""

    wanted: str
    away: tuple[str, ...] = ()
    """Parts of a weight below 0."""
    has_zero: bool = False
    """Whether there were parts of the weight 0, which are left out."""


def divided(text: str, form: re.Pattern[str], *, nearest: bool = False) -> Divided:
    """Divide a text by its weights, of this form.

    Weights of brackets in brackets are multiplied, or the `nearest` counts alone.
    """
    weighted = _weighted(text, form)
    if all(bracket.weight > 0 for bracket in weighted):
        return Divided(text)
    edges = [edge for bracket in weighted for edge in bracket.edges]
    parts: list[tuple[int, str]] = []
    around, begun = [1], 0
    for edge in sorted(edges):
        parts.append((around[-1], text[begun : edge.place]))
        begun = edge.after
        if not edge.opens:
            around.pop()
        else:
            around.append(edge.sign if nearest else edge.sign * around[-1])
    parts.append((around[-1], text[begun:]))
    runs = [
        (sign, "".join(part for _, part in run))
        for sign, run in groupby(parts, key=lambda part: part[0])
    ]
    return Divided(
        "".join(run for sign, run in runs if sign > 0),
        tuple(run for sign, run in runs if sign < 0 and run.strip()),
        any(not sign and run.strip() for sign, run in runs),
    )


class _Edge(NamedTuple):
    """Where brackets with a weight begin or end, in the order in which that counts."""

    place: int
    opens: bool
    mark: int
    """Where the bracket stands: of two that end in one place the inner one is first."""
    after: int
    sign: int


class _Bracket(NamedTuple):
    """Brackets with a weight, and where what they stand for begins and ends."""

    weight: float
    opened: int
    closed: int
    end: int

    @property
    def edges(self) -> tuple[_Edge, _Edge]:
        """Its edges; a weight above 0 stays in the text, and no other."""
        sign = (self.weight > 0) - (self.weight < 0)
        first, last = (self.opened, self.end) if sign > 0 else (self.opened + 1, self.closed)
        return (
            _Edge(self.opened, True, self.opened, first, sign),
            _Edge(last, False, self.closed, self.end, sign),
        )


def _weighted(text: str, form: re.Pattern[str]) -> list[_Bracket]:
    opened: list[int] = []
    weighted: list[_Bracket] = []
    for mark in form.finditer(text):
        if mark[0] == "(":
            opened.append(mark.start())
        elif not mark[0].startswith("\\") and opened:
            first = opened.pop()
            if mark["weight"]:
                weighted.append(_Bracket(float(mark["weight"]), first, mark.start(), mark.end()))
    return weighted
