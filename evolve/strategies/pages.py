"""Pages bred as for a person (`evolve.search`), but by a score."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from evolve.search import Search
from evolve.strategies.strategy import Bracket, Situation


@dataclass(frozen=True, slots=True)
class Pages:
    """Asks a search for its pages."""

    name: ClassVar[str] = "pages"

    def ask(self, at: Situation) -> Bracket:
        """Return the next page, already born; empty if the budget is too small."""
        count, budget = at.page, at.budget
        if budget.forwards is not None:
            count = min(count, budget.forwards // at.full)
        if budget.pictures is not None:
            count = min(count, budget.pictures)
        if not count:
            return Bracket()
        return Bracket(rows=at.search.bear(partial(Search.ask, count=count)))
