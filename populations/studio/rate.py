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
    """Who says so."""


def rate(population: Population, request: RateRequest) -> None:
    """Save the ratings, all or none.

    Raises:
        GenomeError: An individual is not there.
        ArchiveError: A rating is none.
    """
    births = population.births()
    require(population, (i for i, _ in request.ratings))
    population.append(
        [
            Judgement(
                individual=i, kind="rate", value=value, page=births[i].generation, by=request.by
            )
            for i, value in request.ratings
        ]
    )
