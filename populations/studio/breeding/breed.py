"""Breeding: children of a page, of chosen parents, of one picture painted over; or newcomers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from evolve.errors import GenomeError
from evolve.genome import Prompt
from evolve.genome.edit import Base
from evolve.genome.masks import Box
from evolve.search import Search
from evolve.search.edits import Repainted
from evolve.search.individual import Individual
from evolve.search.plan import MOST_PAGE, MOST_TIMES, By, Plan
from evolve.search.sized import conceiving
from evolve.search.sized.brood import Brood
from evolve.session.drafting import as_drafts
from populations.core.population import Population
from populations.core.view import View
from populations.studio.breeding.edit import in_shares
from populations.studio.opening import require, search_on
from populations.studio.taste import require_taste


@dataclass(frozen=True, slots=True, kw_only=True)
class BreedRequest:
    """Which individuals are wanted."""

    count: int | None = None
    """How many; None for one page."""
    parents: tuple[int, ...] = ()
    """The parents; empty for those that are judged best."""
    strength: float | None = None
    """The step in degrees, 0 (a copy) to 90; None for what was learnt."""
    size: float | None = None
    """How far they are to be from their parents in the picture, 0.02 to 1
    (`evolve.search.sized.sizes`); None to go by the plan, or else by the step."""
    by: By | None = None
    """What parents are chosen by; None to go by the plan, or else by how the population was
    founded."""
    among: int | None = None
    """How many candidates are painted to choose the page from, by taste; None for no choice: who
    breeds without looking paints later."""
    region: Box | None = None
    """Where alone they differ from the one parent: left, top, right, bottom in shares of the
    picture or, where one is above 1, in pixels."""
    depth: float | None = None
    """How far back to noise the picture of the one parent is painted over, above 0 up to 1."""
    words: str = ""
    """What the one parent that is painted over is to show there; nothing for its own words."""
    fresh: bool = False
    """No children: pictures of fresh noise."""
    drafts: bool = False
    """Drafts: twice a page unless `count` says how many. The app paints them half way, and those to
    the end that are liked."""

    @property
    def paints_over(self) -> bool:
        """Whether one picture is painted over, for which it is painted again first."""
        return not self.fresh and (self.region is not None or self.depth is not None)

    def size_under(self, plan: Plan) -> float | None:
        """Return the size that counts: the requested or the planned one; None for none."""
        if self.fresh or self.paints_over or self.drafts or self.strength is not None:
            return None
        return plan.size if self.size is None else self.size


def breed(
    archive: View[Population],
    request: BreedRequest,
    base_of: Callable[[int], Base],
    deliver: Callable[[Search, Brood], list[Individual]],
    propose: Callable[[Search, Callable[[Search], list[Individual]]], list[Individual]],
) -> list[Individual]:
    """Make the individuals of a request, and save them in the branch.

    Args:
        archive: The branch that is bred.
        request: What is wanted.
        base_of: Paints an individual again for what it came to; called for `region` and `depth`,
            and where a parent was edited.
        deliver: Finds out how far children of a size have to go, paints and saves them; called
            where a size counts.
        propose: Paints candidates and chooses the page among them; called if that is requested.

    Raises:
        GenomeError: A parent is not there, or a number is invalid.
    """
    _require_one_measure(request)
    population = archive.population
    search = _searching(archive, base_of, request)
    if request.by == "taste":
        require_taste(search, population)
    page = archive.plan().page or population.page
    count = request.count or (min(MOST_PAGE, 2 * page) if request.drafts else page)
    if request.among is not None and not count <= request.among <= MOST_TIMES * count:
        raise GenomeError(
            f"a page of {count} is chosen from {count} to {MOST_TIMES * count} candidates, "
            f"not {request.among}"
        )
    rows: Sequence[Individual | Plan]
    size = request.size_under(archive.plan())
    if size is not None and search.pool(request.parents):
        return deliver(
            search, conceiving.page(search, count, request.parents, size, by_places=True)
        )
    if request.fresh:
        rows = search.bear(partial(Search.newcomers, count=count))
    elif not request.paints_over:
        ask = partial(Search.ask, count=count, parents=request.parents, strength=request.strength)
        if request.among is not None:
            return propose(search, ask)
        rows = search.bear(as_drafts(ask) if request.drafts else ask)
    else:
        rows = _repainted(search, request, population, base_of, count)
    archive.append(rows)
    return [row for row in rows if isinstance(row, Individual)]


def _repainted(
    search: Search,
    request: BreedRequest,
    population: Population,
    base_of: Callable[[int], Base],
    count: int,
) -> Sequence[Individual | Plan]:
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


def _searching(
    archive: View[Population], base_of: Callable[[int], Base], request: BreedRequest
) -> Search:
    population = archive.population
    search = search_on(
        population.config, population, base_of=base_of, by=request.by, among=request.among
    )
    search.tell(archive.verdicts())
    return search


def _require_one_measure(request: BreedRequest) -> None:
    if request.words and not request.paints_over:
        raise GenomeError(
            "only what is repainted can have words of its own: give a region or a depth"
        )
    if request.among is not None and request.by != "taste":
        raise GenomeError("a page is chosen among candidates by taste: breed by taste for it")
    if request.among is not None and (request.strength is not None or request.size is not None):
        raise GenomeError("a page that is chosen by taste goes by no size and no step of its own")
    if request.drafts and (request.fresh or request.paints_over or request.among is not None):
        raise GenomeError(
            "drafts are children of whole pictures: leave out what else they are to be"
        )
    if request.drafts and request.size is not None:
        raise GenomeError("a size is found out by painting: drafts have none")
    if request.by and (request.parents or request.fresh):
        raise GenomeError("no parents are chosen here: leave out what to choose them by")
    if request.size is None:
        return
    if request.strength is not None:
        raise GenomeError("a size and a step exclude each other: leave out one of them")
    if request.paints_over:
        raise GenomeError("a size is of the whole picture: leave it out where a place is repainted")
