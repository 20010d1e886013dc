"""Breeding without a person, by a score: bracket by bracket, as a strategy asks.

A bracket is asked for only when the one before is scored as a whole, so what is bred depends on the
seed and the scores alone, not on which picture was finished first. Candidates that are given up as
drafts are never born; the others are saved before they are painted to the end. So a run that was
killed goes on to the same individuals: the drafts of a bracket that was not born are painted again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from evolve.errors import BaseMissing, RenderError
from evolve.rendering.protocol import Renderer, RenderEvent
from evolve.scoring.fitness import AGAIN, Fitness
from evolve.scoring.protocol import Scorer
from evolve.search import Search
from evolve.search.individual import Birth, Individual
from evolve.search.verdicts import Verdicts
from evolve.session.archive import Archive, Row
from evolve.session.headless.bracket_painting import BracketPainting, Chosen
from evolve.session.headless.progress import Progress
from evolve.session.headless.scorekeeper import Scorekeeper
from evolve.strategies.cost import FORWARDS, spent
from evolve.strategies.pages import Pages
from evolve.strategies.strategy import Bracket, Budget, Situation, Strategy, affordable


class Run:
    """Breeds a population up to a budget."""

    def __init__(
        self,
        archive: Archive,
        search: Search,
        renderer: Renderer,
        scorer: Scorer | Fitness,
        *,
        page: int,
        strategy: Strategy | None = None,
        stop: Callable[[], bool] = lambda: False,
        on_progress: Callable[[Progress], None] = lambda progress: None,
        on_generation: Callable[[], None] = lambda: None,
        on_event: Callable[[RenderEvent], None] = lambda event: None,
        on_notice: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Prepare a run of a search that knows the individuals of the archive.

        `page` individuals are best painted together. Without a strategy pages are bred as for a
        person. When `stop`, which is called often, returns True, the run ends soon, with everything
        saved. `on_progress` is called after every picture and every generation, `on_generation`
        when one is painted and scored; `on_notice` receives lines about departures from the
        request.
        """
        self.archive, self.search = archive, search
        fitness = scorer if isinstance(scorer, Fitness) else Fitness((scorer,))
        self._keeper = Scorekeeper(archive, fitness, on_notice)
        self.page, self.strategy, self._stop = page, strategy or Pages(), stop
        self._on_progress, self._on_generation = on_progress, on_generation
        self._on_notice = on_notice
        self.progress = Progress()
        self._rejected: set[int] = set()
        self._reported: set[int] = set()
        """Individuals that were reported as left out."""
        self._members = 0
        """Individuals of the branch, counted once a bracket, for counting takes time."""
        self._started = time.monotonic()
        self._painting = BracketPainting(archive, renderer, fitness, self._report, on_event)
        search.base_of = self._painting.came_to

    def to(
        self, images: int | None, deadline: float | None = None, *, forwards: int | None = None
    ) -> bool:
        """Breed until the population has `images` individuals or took `forwards`, or to a deadline.

        The deadline is a value of `time.monotonic()`. Forwards are of single pictures, as recorded
        (`evolve.strategies.cost`); the last bracket takes no more than is left.

        Returns:
            True if the budget was used up, False if `stop` ended the run.

        Raises:
            RenderError: The renderer cannot work.
        """
        self._recall()
        used_up = self._breed(images, deadline, forwards)
        if used_up:
            self._look_again()
        return used_up

    def _breed(self, images: int | None, deadline: float | None, forwards: int | None) -> bool:
        paint = self._painting

        def stop() -> bool:
            return self._stop() or _passed(deadline)

        while True:
            if not paint.finish(self.archive.unpainted(), stop):
                if self._stop():
                    return False
                self._score(stop)  # pictures that were painted in time count
                return True
            if not self._score(stop):
                return not self._stop()
            self._count()
            self._on_generation()
            budget = self._left(images, forwards)
            if budget.pictures == 0 or budget.forwards == 0 or _passed(deadline):
                return True
            if self._stop():
                return False
            bracket = affordable(self._asked(budget), budget)
            if bracket is None:
                return True
            rows: list[Row] = [*bracket.rows]
            if bracket.candidates:
                chosen = paint.chosen(bracket, stop)
                if chosen is None:
                    return not self._stop()
                rows = [*self._born(chosen)]
            rows = [self._priced(row) if isinstance(row, Individual) else row for row in rows]
            self.archive.append(rows)
            self._members = len(self.archive.ids())
            self._pay([row for row in rows if isinstance(row, Individual)])

    def _left(self, images: int | None, forwards: int | None) -> Budget:
        full, spent_so_far = self._full, self.progress.spent
        return Budget(
            pictures=None if images is None else max(0, images - self._members),
            forwards=None if forwards is None else max(0, forwards - spent_so_far),
            total=forwards if forwards is not None else images and images * full,
        )

    def _asked(self, budget: Budget) -> Bracket:
        """Return the next bracket, without parents that have to be seen and cannot.

        They are left out of this bracket alone, so that a resumed run asks for the same one.
        """
        left_out = set[int]()
        while True:
            try:
                bracket = self.strategy.ask(self._situation(budget))
            except BaseMissing as error:
                lost = error.individual
                if lost in left_out:  # not because of its score
                    raise RenderError(
                        f"nothing can start from #{lost}: {self._painting.lost[lost]}"
                    ) from error
                left_out.add(lost)
                self._leave_out(left_out, lost)
                continue
            if left_out:
                self._tell()
            return bracket

    def _leave_out(self, individuals: set[int], newest: int) -> None:
        if newest not in self._reported:
            self._reported.add(newest)
            why = self._painting.lost[newest]
            self._on_notice(f"#{newest} is left out as a parent: {why}")
        self._tell(without=individuals)

    def _situation(self, budget: Budget) -> Situation:
        return Situation(
            search=self.search,
            ids=self.archive.ids(),
            page=self.page,
            spent=self.progress.spent,
            budget=budget,
            embedding=self.archive.embedding,
        )

    @property
    def _full(self) -> int:
        return self.search.template.settings.steps

    def _born(self, chosen: list[Chosen]) -> list[Individual]:
        """Let candidates be born; the cost of drafts given up is recorded with the first."""
        first, generation = len(self.search.births), self.search.next_generation
        born = []
        for k, each in enumerate(chosen):
            made = each.candidate
            if each.beside:
                took = made.genome.painting_steps + each.beside
                made = made._replace(origin=made.origin.plus({FORWARDS: took}))
            born.append(made.born(first + k, generation))
        self._painting.expect({first + k: each.job for k, each in enumerate(chosen)})
        return self.search.accept(born)

    @property
    def _founding_steps(self) -> int:
        """Forwards of an individual without a record of them."""
        return self.search.founding.settings.steps

    def _priced(self, individual: Individual) -> Individual:
        """Record the forwards of an individual, unless they are those of the first founders."""
        steps, params = individual.genome.painting_steps, individual.origin.params
        if FORWARDS in params or steps == self._founding_steps:
            return individual
        return replace(individual, origin=individual.origin.plus({FORWARDS: steps}))

    def _pay(self, births: Iterable[Birth]) -> None:
        self.progress.spent += spent(births, self._founding_steps)

    def _score(self, stop: Callable[[], bool]) -> bool:
        """Score new pictures, save and pass on the scores; return False if stopped before all."""
        is_whole = self._keeper.measure(stop)
        self._relearn()
        return is_whole

    def _recall(self) -> None:
        self._rejected = self._keeper.recall()
        self.progress = Progress(
            combined=self._keeper.combined, passes=self.progress.passes, cost=self.progress.cost
        )
        self._relearn()
        members = self.archive.ids()
        self._members = len(members)
        self._pay(self.search.births[i] for i in members)

    def _relearn(self) -> None:
        """Take over the fitness of all: where scores are combined, any may have changed."""
        self.progress.learn(self._keeper.fit(self.search.births))
        self._show()
        self._tell()

    def _tell(self, *, without: Iterable[int] = ()) -> None:
        """Pass the fitness of all possible parents to the search.

        Ratings do not count here: they are for breeding by eye.
        """
        known = self.progress.scores.copy()
        for i in (*self._rejected, *without):
            known.discard(i)
        self.search.tell(Verdicts(scores=known), forget=True)

    def _look_again(self) -> None:
        """Choose the best of the leaders by two looks together."""
        before, best = self.progress.best, self._keeper.best(self.progress.scores)
        if best is not None:
            self.progress.best = best, self.progress.scores[best]
        self._show()
        if self.progress.best != before:
            seen = self.progress.best_scores
            self.progress.by_second_look = any(name.endswith(AGAIN) for name in seen)
            self._report()

    def _show(self) -> None:
        best = self.progress.best
        self.progress.best_scores = {} if best is None else self._keeper.of(best[0])

    def _report(self) -> None:
        self._count()
        self._on_progress(self.progress)

    def _count(self) -> None:
        births, painting = self.search.births, self._painting
        self.progress.images = self._members - painting.waiting
        self.progress.generations = int(births.generations[-1]) + 1 if len(births) else 0
        self.progress.passes = painting.passes
        seconds = round(time.monotonic() - self._started, 3)
        scores = painting.cost.scores + self._keeper.measured
        self.progress.cost = replace(painting.cost, scores=scores, seconds=seconds, full=self._full)


def _passed(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() >= deadline
