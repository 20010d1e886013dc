"""How far children step from their parents: the angle adapts to what was judged.

The state is not kept anywhere: every child records the `step` it was bred under, so the next step
follows from the last judged generation alone, and a resumed search goes on as if never stopped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from evolve.births import Births
from evolve.individual import Birth, Verdict
from evolve.selection import preference
from evolve.verdicts import Verdicts

START = 35.0
LOWEST, HIGHEST = 4.0, 80.0
"""Degrees."""

TARGET = 0.24
"""Right success rate: 1 - Phi(m / 2), m the expected maximum of 8 standard normals."""

GAIN = 1.5
"""How strongly the step answers, per unit of success rate or of log-angle."""


STRETCH = 1.5
"""Factor on the step after a page whose pictures all look the same."""


def next_step(births: Sequence[Birth], verdicts: Mapping[int, Verdict]) -> float:
    """Return the step for the next generation, in degrees.

    Scores can be compared between parent and child: too few children that beat their parent shrink
    the step, many stretch it, theta' = theta exp(GAIN (p - TARGET)), the success rule of evolution
    strategies. Ratings cannot (they are relative to their page), so they speak through which
    angles were liked on one page: theta' = theta exp(sum_i u_i (ln a_i - mean ln a) / sum |u_i|)
    with u the page-centred ratings, or the worth of the places where the page was picked from.
    A page whose pictures all look the same was bred with too small a step.
    """
    births, verdicts = Births.of(births), Verdicts.of(verdicts)
    page = _last_bred(births, verdicts)
    if not page:
        return START
    step = float(page[0].origin.params["step"])
    members = np.flatnonzero(births.generations == page[0].generation).tolist()
    worth = _worth([births[i] for i in members], verdicts)
    if any(verdicts[b.id].same for b in page):
        change = math.log(STRETCH)
    elif worth:
        change = _liked(births, worth)
    else:
        change = GAIN * (_success(page, verdicts) - TARGET)
    return min(HIGHEST, max(LOWEST, step * math.exp(change)))


def _worth(page: Sequence[Birth], verdicts: Mapping[int, Verdict]) -> dict[int, float]:
    """Return what a person's answer says each of a page is worth; empty if there is none."""
    known = {b.id: verdicts[b.id] for b in page if b.id in verdicts}
    picked = {i: preference(v.place, len(page)) for i, v in known.items() if v.place}
    if picked:
        rest = -sum(picked.values()) / max(1, len(page) - len(picked))
        return {b.id: picked.get(b.id, rest) for b in page}
    return {i: float(v.rating) for i, v in known.items() if v.rating}


def _last_bred(births: Births, verdicts: Verdicts) -> list[Birth]:
    """Return those of the newest generation that were bred by a step and judged."""
    judged = verdicts.ids
    judged = judged[births.mains[judged] >= 0]
    while len(judged):
        generations = births.generations[judged]
        newest = generations == generations.max()
        page = [births[int(i)] for i in judged[newest]]
        if bred := [b for b in page if "step" in b.origin.params]:
            return bred
        judged = judged[~newest]
    return []


def _success(page: Sequence[Birth], verdicts: Mapping[int, Verdict]) -> float:
    wins = [
        child.score > parent.score
        for b in page
        if (child := verdicts[b.id]).score is not None
        and (parent := verdicts.get(b.parents[0])) is not None
        and parent.score is not None
    ]
    return sum(wins) / len(wins) if wins else TARGET


def _liked(births: Sequence[Birth], worth: Mapping[int, float]) -> float:
    angles = {i: births[i].origin.params.get("angle", 0) for i in worth}
    pairs = [(value, math.log(angles[i])) for i, value in worth.items() if angles[i] > 0]
    if len(pairs) < 2:
        return 0.0
    value = sum(v for v, _ in pairs) / len(pairs)
    angle = sum(a for _, a in pairs) / len(pairs)
    weight = sum(abs(v - value) for v, _ in pairs)
    return sum((v - value) * (a - angle) for v, a in pairs) / weight if weight else 0.0
