"""The answer to each picture of a page, as one number that is compared within the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from evolve.search.births import Births
from evolve.search.individual import Birth, Verdict
from evolve.search.selection import page_of, page_size, preference
from evolve.search.verdicts import Verdicts
from evolve.taste.answers import MIDDLE

FEWEST = 4
"""Judged pictures of a page that are needed to compare them."""


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
