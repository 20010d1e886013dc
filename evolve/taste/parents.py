"""Parents by taste: who is expected to be liked most, by all that was ever said.

Ratings alone forget: they tell how a picture stood on its page, once. A taste also knows what was
said of all pictures like it. It orders the same candidates, those of whom a person said something
good, and hides nobody: one that was pinned, or rated highest, is worth at least what its own
rating says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from evolve.judgements import RATINGS
from evolve.search import selection
from evolve.search.individual import Verdict
from evolve.search.plan import By
from evolve.taste.answers import RATING
from evolve.taste.embeddings import Embeddings, Look
from evolve.taste.taste import DIGITS, Taste

if TYPE_CHECKING:
    from evolve.search.search import Search

ENOUGH = 12
"""Judged pictures from which on a taste is asked, where a person does not say so."""

ALONE = 1 / (1 + RATING)
"""What a rating says by itself, of a picture that is unlike all others: the mean of N(0, 1) seen
with the variance of a rating."""


class ByTaste:
    """Ranks who may become a parent: by taste if that is wanted and enough is known."""

    def __init__(self, look: Look, *, founded: By = "ratings", by: By | None = None) -> None:
        """Rank by what `look` tells of pictures.

        Args:
            look: Returns the embedding of a picture.
            founded: What counts where the plan does not say.
            by: What counts, whatever the plan says, and however little is known.
        """
        self._embeddings = Embeddings(look)
        self._founded, self._by = founded, by

    def taste(self, search: Search) -> Taste:
        """Return what was learnt."""
        return Taste(
            self._embeddings, search.births, search.verdicts, since=search.plan.taste_since
        )

    def __call__(self, search: Search) -> dict[int, float]:
        """Return how fit each judged individual is to be a parent."""
        fit = selection.fitness(search.births, search.verdicts)
        if (self._by or search.plan.by or self._founded) == "ratings":
            return fit
        taste = self.taste(search)
        if taste.judged < (ENOUGH if self._by is None else 1):
            return fit
        seen, expected = taste.of(list(fit))
        liked = dict(zip(seen, expected.mean.tolist(), strict=True))
        said = search.verdicts.judged
        return {i: _worth(rated, liked.get(i), _is_high(said, i)) for i, rated in fit.items()}


def _worth(rated: float, liked: float | None, is_high: bool) -> float:
    """Return what a candidate is worth, by its own rating and by taste."""
    alone = round(ALONE * rated, DIGITS)
    if liked is None:
        return alone
    return max(liked, alone) if is_high else liked


def _is_high(said: Mapping[int, Verdict], individual: int) -> bool:
    verdict = said.get(individual)
    return verdict is not None and (verdict.pinned or verdict.rating == RATINGS[-1])
