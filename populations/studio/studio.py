"""A population that is open, with all that breeds, paints and judges it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from evolve.errors import GenomeError
from evolve.genome.masks import Box
from evolve.rendering.protocol import RenderEvent, as_render
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.search.plan import MOST_PAGE, MOST_TIMES, By, Plan
from evolve.search.sized import conceiving
from evolve.search.sized.brood import Brood
from evolve.search.sized.sizes import size_of
from evolve.session.chosen_pages import ChosenPages, bear_among_painted
from evolve.session.drafting import as_drafts
from evolve.session.events import DraftsPainted
from evolve.session.headless.progress import Progress
from populations.studio.breeding.breed import BreedRequest, repainted, require_one_measure
from populations.studio.breeding.sized import deliver
from populations.studio.models.own_model import card_if_there
from populations.studio.opening import search_on
from populations.studio.rate import rate
from populations.studio.running.run import run
from populations.studio.running.run_request import RunRequest, RunResult
from populations.studio.studio_editing import StudioEditor
from populations.studio.studio_painting import ids_of
from populations.studio.taste import TasteReport, forget, require_taste, taste_of


class Studio(StudioEditor):
    """Breeds, paints and judges one branch of a population; used from one thread.

    Everything is saved before the method that made it returns, or its picture is handed over. The
    model is loaded when something is painted for the first time.
    """

    def breed(
        self,
        count: int | None = None,
        *,
        parents: Sequence[Individual | int] = (),
        strength: float | None = None,
        region: Box | None = None,
        depth: float | None = None,
        size: float | str | None = None,
        by: By | None = None,
        among: int | None = None,
        drafts: bool = False,
    ) -> list[Individual]:
        """Make children, and save them; `paint` paints them.

        Those of a size are painted already: drafts of them show how far each has to go.

        Args:
            count: How many; None for one page.
            parents: Ids of the parents; empty for those that are judged best.
            strength: The step in degrees, 0 (a copy) to 90; None for what was learnt.
            region: Of one parent: the only place where children differ from it, as left, top, right
                and bottom in shares of the picture or, where one is above 1, in pixels.
            depth: Of one parent: how far back to noise its picture is painted over, above 0 up
                to 1.
            size: How far they are to be from their parents in the picture: `subtle`, `visible`,
                `bold`, or a number up to 1, as far away as another founder.
            by: What parents are chosen by: `taste`, what was learnt from all answers, or `ratings`,
                that of each alone; None to go by the plan, or else by how it was founded.
            among: With `by="taste"`: how many candidates are painted, of which those become the
                page that should be liked most, with some to learn more from. They are painted.
                None for no choice: nothing is painted.
            drafts: Whether they are drafts, twice a page of them unless `count` says how many: the
                app paints those half way, and to the end what is liked; `paint` paints them whole.

        Raises:
            GenomeError: A parent is not there, or a number is invalid.
            RenderError: What region, depth and size need could not be painted.
        """
        return self.carry_out(
            BreedRequest(
                count=count,
                parents=tuple(ids_of(parents)),
                strength=strength,
                region=region,
                depth=depth,
                size=None if size is None else size_of(size),
                by=by,
                among=among,
                drafts=drafts,
            )
        )

    def newcomers(self, count: int | None = None) -> list[Individual]:
        """Make pictures of fresh noise in the words that are in force, and save them."""
        return self.carry_out(BreedRequest(count=count, fresh=True))

    def carry_out(
        self,
        request: BreedRequest,
        *,
        on_progress: Callable[[DraftsPainted], None] = lambda progress: None,
    ) -> list[Individual]:
        """Make the individuals of a request, and save them.

        `on_progress` receives how many drafts of children of a size are painted.
        """
        require_one_measure(request)
        search = search_on(
            self.population.config,
            self.population,
            base_of=self.base_of,
            by=request.by,
            among=request.among,
        )
        search.tell(self.archive.verdicts())
        if request.by == "taste":
            require_taste(search, self.population)
        page = self.population.page
        count = request.count or (min(MOST_PAGE, 2 * page) if request.drafts else page)
        if request.among is not None and not count <= request.among <= MOST_TIMES * count:
            raise GenomeError(
                f"a page of {count} is chosen from {count} to {MOST_TIMES * count} candidates, "
                f"not {request.among}"
            )
        rows: Sequence[Individual | Plan]
        size = request.size_under(self.archive.plan())
        if size is not None and search.pool(request.parents):
            brood = conceiving.page(search, count, request.parents, size, by_places=True)
            return self._deliver(search, brood, on_progress)
        if request.fresh:
            rows = search.bear(partial(Search.newcomers, count=count))
        elif request.paints_over:
            rows = repainted(search, request, self.population, self.base_of, count)
        else:
            ask = partial(
                Search.ask, count=count, parents=request.parents, strength=request.strength
            )
            if request.among is not None:
                return self._propose(search, ask, on_progress)
            rows = search.bear(as_drafts(ask) if request.drafts else ask)
        self.archive.append(rows)
        return [row for row in rows if isinstance(row, Individual)]

    def _propose(
        self,
        search: Search,
        ask: Callable[[Search], list[Individual]],
        on_progress: Callable[[DraftsPainted], None],
    ) -> list[Individual]:
        """Paint candidates, and save those of them that make the page, with their pictures."""
        self._stop()
        pages = ChosenPages()
        with self._rendering():
            born = bear_among_painted(
                search,
                ask,
                self.renderer,
                pages,
                on_event=self._hear,
                on_painted=lambda painted, wanted: on_progress(DraftsPainted(painted, wanted)),
            )
        children = [row for row in born if isinstance(row, Individual)]
        self.archive.append([*born, *map(as_render, pages.painted(children))])
        return children

    def _deliver(
        self, search: Search, brood: Brood, on_progress: Callable[[DraftsPainted], None]
    ) -> list[Individual]:
        self._stop()
        with self._rendering():
            return deliver(
                search,
                self.archive,
                brood,
                self.renderer,
                self._info,
                on_event=self._hear,
                on_progress=on_progress,
            )

    def taste(self) -> TasteReport:
        """Return what was learnt of what the person likes.

        Raises:
            ModelError: What reads pictures cannot be used.
        """
        return taste_of(self.archive, card_if_there(self.population.model))

    def forget_taste(self) -> None:
        """Start learning again from now on; earlier answers stay saved as ratings."""
        forget(self.archive)

    def rate(self, ratings: Mapping[int, int], *, by: str = "person") -> None:
        """Save ratings, all or none: 1 to 5 by id, 0 takes one back.

        Raises:
            ArchiveError: An individual is not there, or a rating is none.
        """
        rate(self.population, ratings, by=by)

    def run(
        self,
        request: RunRequest,
        *,
        stop: Callable[[], bool] = lambda: False,
        on_progress: Callable[[Progress], None] = lambda progress: None,
        on_event: Callable[[RenderEvent], None] = lambda event: None,
        on_notice: Callable[[str], None] = lambda text: None,
    ) -> RunResult:
        """Breed without a person, by a score, up to a budget; the same request goes on later.

        Args:
            request: How long to breed, and by what.
            stop: Asked often; when it returns True the run ends soon, with everything saved.
            on_progress: Receives how far the run is.
            on_event: Receives whatever the renderer reports.
            on_notice: Receives lines about what was done otherwise than asked for.

        Raises:
            ArchiveError: The disk is all but full.
            ModelError: The model is not on this machine, or there is no CLIP to judge with.
            RenderError: The renderer cannot work.
        """
        self._stop()
        with self._rendering():
            return run(
                self.archive,
                request,
                card=self.card,
                start=lambda: self.renderer,
                stop=stop,
                on_progress=on_progress,
                on_event=on_event,
                on_notice=on_notice,
            )
