"""Rating individuals by their ids."""

from __future__ import annotations

from dataclasses import dataclass

from evolve.session.archive import Judgement
from populations.core.population import Population
from populations.studio.opening import require


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRequest:
    """Ratings, and where they come from."""

    ratings: tuple[tuple[int, int], ...]
    """Individual and rating: 1 to 5; 0 takes it back."""
    by: str = "script"
    """The author that is recorded."""


def rate(population: Population, request: RateRequest) -> None:
    """Save the ratings, all or none; a rating takes a rejection back.

    Raises:
        GenomeError: An individual is not there.
        ArchiveError: A rating is none.
    """
    births = population.births()
    require(population, (i for i, _ in request.ratings))
    judged = population.verdicts().judged
    ratings = [
        Judgement(individual=i, kind="rate", value=value, page=births[i].generation, by=request.by)
        for i, value in request.ratings
    ]
    taken_back = [
        Judgement(individual=i, kind="reject", value=0, page=births[i].generation, by=request.by)
        for i, value in dict(request.ratings).items()
        if value and i in judged and judged[i].rejected
    ]
    population.append([*ratings, *taken_back])
