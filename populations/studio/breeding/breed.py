"""Breeding: children of a page, of chosen parents, of one picture painted over; or newcomers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evolve.errors import GenomeError
from evolve.genome import Prompt
from evolve.genome.edit import Base
from evolve.genome.masks import Box
from evolve.search import Search
from evolve.search.edits import Repainted
from evolve.search.individual import Individual
from evolve.search.plan import By, Plan
from populations.core.population import Population
from populations.studio.breeding.edit import in_shares
from populations.studio.opening import require


@dataclass(frozen=True, slots=True, kw_only=True)
class BreedRequest:
    """Which individuals are wanted; what is not explained is as for `Studio.breed`."""

    count: int | None = None
    parents: tuple[int, ...] = ()
    strength: float | None = None
    size: float | None = None
    """0.02 to 1 (`evolve.search.sized.sizes`); None to go by the plan, or else by the step."""
    by: By | None = None
    among: int | None = None
    region: Box | None = None
    depth: float | None = None
    words: str = ""
    """What the one parent that is painted over is to show there; nothing for its own words."""
    fresh: bool = False
    """No children: pictures of fresh noise."""
    drafts: bool = False

    @property
    def paints_over(self) -> bool:
        """Whether one picture is painted over, for which it is painted again first."""
        return not self.fresh and (self.region is not None or self.depth is not None)

    def size_under(self, plan: Plan) -> float | None:
        """Return the size that counts: the requested or the planned one; None for none."""
        if self.fresh or self.paints_over or self.drafts or self.strength is not None:
            return None
        return plan.size if self.size is None else self.size


def repainted(
    search: Search,
    request: BreedRequest,
    population: Population,
    base_of: Callable[[int], Base],
    count: int,
) -> Sequence[Individual | Plan]:
    """Return children of the one parent that is painted over, and the plan if it changes.

    Raises:
        GenomeError: There is no such individual, or not one alone, or a number is invalid.
    """
    if len(request.parents) != 1:
        raise GenomeError("region and depth repaint one picture: name it as the only parent")
    require(population, request.parents)
    (parent,) = request.parents
    box = None if request.region is None else in_shares(request.region, population)
    repainted = Repainted(
        base=base_of(parent),
        box=box,
        angle=request.strength,
        depth=1.0 if request.depth is None else request.depth,
        prompt=Prompt.parse(request.words) if request.words else None,
    )
    return search.alter(parent, repainted, count)


def require_one_measure(request: BreedRequest) -> None:
    """Refuse a request whose parts exclude each other.

    Raises:
        GenomeError: They do.
    """
    if request.words and not request.paints_over:
        raise GenomeError(
            "only what is repainted can have words of its own: give a region or a depth"
        )
    if request.among is not None and request.by != "taste":
        raise GenomeError("a page is chosen among candidates by taste: breed by taste for it")
    if request.among is not None and (request.strength is not None or request.size is not None):
        raise GenomeError("a page that is chosen by taste has no size and no step: leave them out")
    if request.drafts and (request.fresh or request.paints_over or request.among is not None):
        raise GenomeError(
            "drafts are of children of whole pictures, not of a place, candidates or fresh noise: "
            "leave one of the two out"
        )
    if request.drafts and request.size is not None:
        raise GenomeError(
            "a size is measured on finished pictures, which drafts are not: leave one out"
        )
    if request.by and (request.parents or request.fresh):
        raise GenomeError("no parents are chosen here: leave out what to choose them by")
    if request.size is None:
        return
    if request.strength is not None:
        raise GenomeError("a size and a step exclude each other: leave out one of them")
    if request.paints_over:
        raise GenomeError("a size is of a whole picture: leave it out, or the region and the depth")
