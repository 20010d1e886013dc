"""How well a taste predicts the next answers: each page from those before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.scoring.combining import ranks
from evolve.search.births import Births
from evolve.search.individual import Birth, Verdict
from evolve.search.selection import page_of
from evolve.search.verdicts import Verdicts
from evolve.taste.answers import FEWEST, judged_pages
from evolve.taste.embeddings import Embeddings
from evolve.taste.learning import Learning
from evolve.taste.taste import Taste

PAGES = 4
"""The last pages that are predicted."""


class Foresight(NamedTuple):
    """How well the last pages were predicted."""

    spearman: float | None
    """Rank correlation of predictions and answers, -1 to 1, the mean over pages; None without a
    page to measure it on."""
    pages: int
    """The number of those pages."""


def foresight(
    embeddings: Embeddings,
    births: Sequence[Birth],
    verdicts: Mapping[int, Verdict],
    *,
    since: int = 0,
    learning: Learning = Learning(),  # noqa: B008 (it cannot be changed)
) -> Foresight:
    """Return how well each of the last pages was predicted from all answers before it."""
    births, verdicts = Births.of(births), Verdicts.of(verdicts)
    pages = judged_pages(births, verdicts, since=since)
    found = []
    for page in list(pages)[-PAGES:]:
        before = {i: v for i, v in verdicts.judged.items() if page_of(births, i, v) < page}
        taste = Taste(embeddings, births, before, since=since, learning=learning)
        seen, expected = taste.of(list(pages[page]))
        if not taste.judged or len(seen) < FEWEST:
            continue
        rho = spearman(expected.mean, np.array([pages[page][i] for i in seen]))
        if rho is not None:
            found.append(rho)
    mean = round(sum(found) / len(found), 3) if found else None
    return Foresight(mean, len(found))


def spearman(one: NDArray[np.float64], other: NDArray[np.float64]) -> float | None:
    """Return the correlation of ranks, -1 to 1, of two (n,); None where all of one are equal.

    Spearman's rho: Pearson's correlation of the ranks, of which equal values share the mean.
    """
    a, b = ranks(one), ranks(other)
    if not a.std() or not b.std():
        return None
    return float(np.corrcoef(a, b)[0, 1])
