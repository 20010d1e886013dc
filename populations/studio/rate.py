"""Rating individuals by their ids."""

from __future__ import annotations

from collections.abc import Mapping

from evolve.judgements import Kind
from evolve.session.archive import Judgement
from populations.core.population import Population
from populations.studio.opening import require


def rate(population: Population, ratings: Mapping[int, int], *, by: str) -> None:
    """Save ratings by individual, all or none; a rating takes a rejection back.

    1 to 5; 0 takes a rating back. `by` is the author that is recorded.

    Raises:
        GenomeError: An individual is not there.
        ArchiveError: A rating is none.
    """
    require(population, ratings)
    births, judged = population.births(), population.verdicts().judged
    rows: list[tuple[Kind, int, int]] = [("rate", i, value) for i, value in ratings.items()]
    rows += [("reject", i, 0) for i in ratings if ratings[i] and i in judged and judged[i].rejected]
    population.append(
        [
            Judgement(individual=i, kind=kind, value=value, page=births[i].generation, by=by)
            for kind, i, value in rows
        ]
    )
