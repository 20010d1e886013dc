"""A person's answers as observations of how much each picture is liked.

The utility `f` of a picture is observed in steps of the rating scale. A rating is relative to the
rest of the screen, so it observes `f` plus an offset of its page; so do "all the same" and a
rejection. "None of these", a pin and a rejection also observe `f` itself. Picks in order observe
nothing but an order (order.py). A missing answer is no observation. Answers on older pages count
less: a taste drifts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from evolve.judgements import RATINGS
from evolve.search.births import Births
from evolve.search.individual import Birth, Verdict
from evolve.search.selection import page_of, page_size, preference
from evolve.search.verdicts import Verdicts

MIDDLE = (RATINGS[0] + RATINGS[-1]) / 2
"""Of the rating scale; utilities are relative to it."""
RATING = 0.5
"""Variance of a rating around the utility, in rating steps squared."""
REJECTED = 2.0
"""Rating steps by which a rejected picture lies below the worst of its page."""
SAME = 0.25
"""Variance of "all the same": half a rating step is the difference just noticed."""
WEAK = RATING / 0.15
"""Variance of "none of these": it may mean no more than "show me others"."""
PINNED = 2.0
"""Variance of a pin: pictures are kept for many reasons."""
AGEING = 0.97
"""Weight of an answer, relative to one on the next judged page."""
FEWEST = 4
"""Judged pictures of a page that are needed to compare them."""


class Rating(NamedTuple):
    """An observation of one picture: its utility, plus the offset of its page if it has one."""

    individual: int
    value: float
    """In rating steps from the middle of the scale."""
    variance: float
    page: int | None
    """The page whose offset is in it; None for none."""


class Order(NamedTuple):
    """Pictures of one page that were picked, the best first, and the others."""

    picked: tuple[int, ...]
    others: tuple[int, ...]
    weight: float
    """Above 0 up to 1; less for older pages."""


class Answers(NamedTuple):
    """All answers of a person."""

    ratings: tuple[Rating, ...]
    orders: tuple[Order, ...]

    @property
    def individuals(self) -> list[int]:
        """The individuals that the answers are about, in order."""
        known = {rating.individual for rating in self.ratings}
        for order in self.orders:
            known.update(order.picked, order.others)
        return sorted(known)


def answers_of(births: Sequence[Birth], verdicts: Mapping[int, Verdict]) -> Answers:
    """Return all answers among the verdicts; scores are not a person's and are left out."""
    births, judgements = Births.of(births), Verdicts.of(verdicts).judged
    pages: dict[int, dict[int, Verdict]] = defaultdict(dict)
    for i, verdict in sorted(judgements.items()):
        pages[page_of(births, i, verdict)][i] = verdict
    ratings: list[Rating] = []
    orders: list[Order] = []
    for age, (page, judged) in enumerate(sorted(pages.items(), reverse=True)):
        weight = AGEING**age
        ratings += _ratings(page, judged, weight)
        if (order := _order(births, page, judged, weight)) is not None:
            orders.append(order)
    return Answers(tuple(ratings), tuple(orders))


def _ratings(page: int, judged: Mapping[int, Verdict], weight: float) -> list[Rating]:
    rated = [v.rating for v in judged.values() if v.rating and not v.rejected]
    lowest = min(rated, default=MIDDLE) - MIDDLE - REJECTED
    observed = []
    for i, verdict in judged.items():
        if verdict.rejected:
            observed.append(Rating(i, lowest, RATING / weight, page))
            observed.append(Rating(i, RATINGS[0] - MIDDLE, WEAK / weight, None))
            continue
        if verdict.rating:
            observed.append(Rating(i, verdict.rating - MIDDLE, RATING / weight, page))
        if verdict.same:
            observed.append(Rating(i, 0.0, SAME / weight, page))
        if verdict.none:
            observed.append(Rating(i, RATINGS[0] - MIDDLE, WEAK / weight, None))
        if verdict.pinned:
            observed.append(Rating(i, RATINGS[-1] - MIDDLE, PINNED / weight, None))
    return observed


def _order(births: Births, page: int, judged: Mapping[int, Verdict], weight: float) -> Order | None:
    """Return the picks of a page, among all of it that was not rejected."""
    places = sorted((v.place, i) for i, v in judged.items() if v.place and not v.rejected)
    if not places:
        return None
    picked = tuple(i for _, i in places)
    shown = {*np.flatnonzero(births.generations == page).tolist(), *judged}
    rejected = {i for i, v in judged.items() if v.rejected}
    others = tuple(sorted(shown - rejected - set(picked)))
    return Order(picked, others, weight) if others or len(picked) > 1 else None


def judged_pages(
    births: Sequence[Birth], verdicts: Mapping[int, Verdict], *, since: int = 0
) -> dict[int, dict[int, float]]:
    """Return by page the worth of its judged pictures relative to its mean, in rating steps.

    Pages on which fewer than `FEWEST` were judged, or all alike, are left out, and so are
    individuals before `since`. Pins do not count: pictures are kept for many reasons.
    """
    births = Births.of(births)
    worth: dict[int, dict[int, float]] = defaultdict(dict)
    for i, verdict in sorted(Verdicts.of(verdicts).judged.items()):
        if i < since or not (verdict.rating or verdict.place or verdict.rejected):
            continue
        page = page_of(births, i, verdict)
        value = float(verdict.rating or 0)
        if verdict.place and not verdict.rating:  # on a scale around its middle
            value = MIDDLE + preference(verdict.place, page_size(births, page))
        worth[page][i] = 0.0 if verdict.rejected else value
    kept = {}
    for page, values in sorted(worth.items()):
        mean = sum(values.values()) / len(values)
        if len(values) >= FEWEST and len(set(values.values())) > 1:
            kept[page] = {i: value - mean for i, value in values.items()}
    return kept
