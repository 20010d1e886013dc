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
from evolve.search.individual import Individual, Verdict
from evolve.search.plan import By
from evolve.taste.answers import RATING
from evolve.taste.embeddings import Embeddings, Look
from evolve.taste.page import candidates_by_taste, page_by_taste
from evolve.taste.prior import Prior
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

    def __init__(
        self,
        look: Look,
        *,
        founded: By = "ratings",
        by: By | None = None,
        prior: Prior | None = None,
    ) -> None:
        """Rank by what `look` tells of pictures.

        Args:
            look: Returns the embedding of a picture.
            founded: What counts where the plan does not say.
            by: What counts, whatever the plan says, and however little is known.
            prior: What was liked elsewhere, to begin with.
        """
        self._embeddings = Embeddings(look)
        self._founded, self._by, self._prior = founded, by, prior

    def is_asked(self, search: Search) -> bool:
        """Return whether it is to count, once enough is known: pictures are looked at then."""
        return (self._by or search.plan.by or self._founded) != "ratings"

    def taste(self, search: Search) -> Taste:
        """Return what was learnt."""
        return Taste(
            self._embeddings,
            search.births,
            search.verdicts,
            since=search.plan.taste_since,
            prior=self._prior,
        )

    def __call__(self, search: Search) -> dict[int, float]:
        """Return how fit each judged individual is to be a parent."""
        fit = selection.fitness(search.births, search.verdicts)
        taste = self._asked(search)
        return fit if taste is None else _ranked(search, taste, fit)

    def page(self, search: Search, count: int) -> list[Individual] | None:
        """Return the children of the next page, not born yet, by taste; None to breed it otherwise.

        That is so as long as too little is known or taste is not to count, and where a person
        decided what places hold or how far children turn. Nothing is changed, so that it may be
        asked ahead of time.

        Args:
            search: What is bred in.
            count: Pictures on the page.
        """
        plan = search.plan
        if plan.step is not None or any(slot != "auto" for slot in plan.slots[:count]):
            return None
        taste = self._asked(search)
        if taste is None:
            return None
        fit = _ranked(search, taste, selection.fitness(search.births, search.verdicts))
        return page_by_taste(search, taste, fit, count) if fit else None

    def candidates(self, search: Search, taste: Taste, count: int) -> list[Individual]:
        """Return children to choose a page from once they are painted; nothing is changed.

        They are by what was learnt, however little, and whatever is to count.
        """
        fit = _ranked(search, taste, selection.fitness(search.births, search.verdicts))
        return candidates_by_taste(search, taste, fit, count)

    def _asked(self, search: Search) -> Taste | None:
        """Return what was learnt if it is to count and enough is known."""
        if not self.is_asked(search):
            return None
        taste = self.taste(search)
        at_once = self._by is not None or taste.prior is not None
        return taste if taste.judged >= (1 if at_once else ENOUGH) else None


def _ranked(search: Search, taste: Taste, fit: Mapping[int, float]) -> dict[int, float]:
    liked = taste.liked
    if others := [i for i in fit if i not in liked]:  # who was spared, and nothing is said of
        seen, expected = taste.of(others)
        liked.update(zip(seen, expected.mean.tolist(), strict=True))
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
