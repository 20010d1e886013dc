"""Parents by taste: those that are expected to be liked most, by all answers.

A rating shows how a picture compared with its page, once. A taste also uses the answers to all
pictures like it. It orders the same candidates, those that a person liked in any way, and drops
none: one that was pinned, or rated highest, is worth at least as much as by its own rating.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.judgements import RATINGS
from evolve.search import selection
from evolve.search.individual import Individual, Verdict
from evolve.search.plan import By, Plan
from evolve.taste.answers import RATING
from evolve.taste.embeddings import Embeddings, Look
from evolve.taste.learning import Learning
from evolve.taste.pages.candidates import candidates_of, page_among
from evolve.taste.pages.page import MadeBefore, page_by_taste
from evolve.taste.taste import DIGITS, Taste

if TYPE_CHECKING:
    from evolve.search.search import Search

ENOUGH = 12
"""Judged pictures from which on a taste is used, unless a person asks for it."""

ALONE = 1 / (1 + RATING)
"""Factor on the rating of a picture that is unlike all others: the posterior mean of N(0, 1) after
one rating with its variance."""


class ByTaste:
    """Ranks possible parents: by taste if that is wanted and enough pictures are judged."""

    def __init__(
        self,
        look: Look,
        *,
        founded: By = "ratings",
        by: By | None = None,
        times: float = 1.0,
        among: int | None = None,
        apart: bool = False,
        learning: Learning = Learning(),  # noqa: B008 (it cannot be changed)
    ) -> None:
        """Rank by the embeddings of pictures, which `look` returns.

        Parents are chosen by what `founded` says, unless planned; `by` counts whatever is planned,
        and however few pictures are judged. `times` candidates are painted for each picture of a
        page, unless planned; `among` is their number whatever is planned, and then planned places
        and steps do not count. Children that are expected to be much alike are kept `apart` on a
        page without painted candidates; not so in populations of earlier versions.
        """
        self._embeddings = Embeddings(look)
        self._founded, self._by, self._learning = founded, by, learning
        self._times, self._among, self._apart = times, among, apart
        self._latest: tuple[_Learnt, Taste] | None = None
        self._made: MadeBefore = {}
        self._made_for: tuple[int, Plan] | None = None

    def is_asked(self, search: Search) -> bool:
        """Return whether taste counts, once enough pictures are judged."""
        return (self._by or search.plan.by or self._founded) != "ratings"

    def taste(self, search: Search) -> Taste:
        """Return the taste by all answers."""
        since, judgements = search.plan.taste_since, search.verdicts.judged
        known = _Learnt(since, judgements, search.births.generations)
        if self._latest is None or self._latest[1].unseen or not known.equals(self._latest[0]):
            taste = Taste(
                self._embeddings,
                search.births,
                search.verdicts,
                since=since,
                learning=self._learning,
            )
            self._latest = _Learnt(since, dict(judgements), known.generations.copy()), taste
        return self._latest[1]

    def __call__(self, search: Search) -> dict[int, float]:
        """Return the fitness of each judged individual as a parent."""
        fit = selection.fitness(search.births, search.verdicts)
        taste = self._asked(search)
        return fit if taste is None else _ranked(search, taste, fit)

    def page(self, search: Search, count: int) -> list[Individual] | None:
        """Return the children of the next page by taste, not born yet; None to breed it otherwise.

        That is so while too few pictures are judged, where taste does not count, and where a person
        planned places or a step. Nothing is changed, so it may be called ahead of time.
        """
        plan = search.plan
        decided = plan.step is not None or any(slot != "auto" for slot in plan.slots[:count])
        if decided and self._among is None:
            return None
        taste = self._asked(search)
        if taste is None:
            return None
        fit = _ranked(search, taste, selection.fitness(search.births, search.verdicts))
        if not any(i in taste.seen for i in fit):
            return None
        among = self.among(plan, count)
        if search.looks_of is None or among <= count:
            return page_by_taste(search, taste, fit, count, apart=self._apart)
        return page_among(
            search,
            taste,
            fit,
            count,
            among,
            search.looks_of,
            known=self._embeddings,
            made=self._made_before(search),
        )

    def among(self, plan: Plan, count: int) -> int:
        """Return the number of candidates of a page of `count`; `count` for no choice."""
        wanted = replace(plan, among=self._among) if self._among else plan
        return candidates_of(wanted, count, self._times)

    def _made_before(self, search: Search) -> MadeBefore:
        """Return the candidates that were made for this page, for other answers."""
        page = len(search.births), search.plan
        if page != self._made_for:
            self._made, self._made_for = {}, page
        return self._made

    def _asked(self, search: Search) -> Taste | None:
        """Return the taste if it counts and enough pictures are judged."""
        if not self.is_asked(search):
            return None
        taste = self.taste(search)
        at_once = self._by is not None or taste.prior is not None
        return taste if taste.judged >= (1 if at_once else ENOUGH) else None


class _Learnt(NamedTuple):
    """All that a taste follows from, once every judged picture is painted."""

    since: int
    judgements: dict[int, Verdict]
    generations: NDArray[np.int32]

    def equals(self, other: _Learnt) -> bool:
        """Return whether both give the same taste."""
        alike = self.since == other.since and self.judgements == other.judgements
        return alike and np.array_equal(self.generations, other.generations)


def _ranked(search: Search, taste: Taste, fit: Mapping[int, float]) -> dict[int, float]:
    liked = taste.liked
    if others := [i for i in fit if i not in liked]:  # not judged, but left on a page of rejections
        seen, expected = taste.of(others)
        liked.update(zip(seen, expected.mean.tolist(), strict=True))
    judgements = search.verdicts.judged
    return {i: _worth(rated, liked.get(i), judgements.get(i)) for i, rated in fit.items()}


def _worth(rated: float, liked: float | None, verdict: Verdict | None) -> float:
    """Return the worth of a candidate by its own rating and by taste."""
    alone = round(ALONE * rated, DIGITS)
    if liked is None:
        return alone
    is_high = verdict is not None and (verdict.pinned or verdict.rating == RATINGS[-1])
    return max(liked, alone) if is_high else liked
