"""Painting for a run without a person: drafts that are scored, pictures that are saved.

A draft is finished by the id of its job; if the renderer kept nothing of it, the picture is painted
from the beginning. All forwards, decodes and scores are counted as they happen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from evolve.errors import ArchiveError, BaseMissing, NotPaintedError
from evolve.genome import Genome
from evolve.genome.edit import Base
from evolve.recent import Recent
from evolve.rendering.painting import paint, task_ids
from evolve.rendering.process import paint_one
from evolve.rendering.protocol import (
    Drafted,
    Failed,
    Finished,
    Job,
    Renderer,
    RenderEvent,
    Stepped,
    as_render,
)
from evolve.scoring.fitness import Fitness
from evolve.search.individual import Made
from evolve.session.archive import Archive
from evolve.strategies.cost import Cost
from evolve.strategies.strategy import Bracket

LATENTS_MB = 64
"""Memory for the latents of pictures; others are found by painting the pictures again."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A candidate that is to be born."""

    candidate: Made
    job: int | None = None
    """The job that drafted it; None if there was none."""
    beside: int = 0
    """Forwards of the drafts that were given up, recorded with the first that was not."""


class BracketPainting:
    """Paints the candidates and the individuals of one population."""

    def __init__(
        self,
        archive: Archive,
        renderer: Renderer,
        fitness: Fitness,
        on_change: Callable[[], None],
        on_event: Callable[[RenderEvent], None],
    ) -> None:
        """Prepare to paint; `on_change` is called after every step and every picture.

        The fitness judges drafts as it does pictures, those of one cut among themselves.
        """
        self._archive, self._renderer, self._fitness = archive, renderer, fitness
        self._on_change, self._on_event = on_change, on_event
        self.cost = Cost()
        self.passes = 0
        self.waiting = 0
        """Individuals that are not painted yet."""
        self._jobs: dict[int, int] = {}
        self._latents = Recent[int, Base](int(LATENTS_MB * 1e6), lambda base: base.latent.nbytes)
        self.lost: dict[int, str] = {}
        """Why individuals can be no parents: not read, or not painted again."""

    def expect(self, jobs: Mapping[int, int | None]) -> None:
        """Finish the draft of a job when its individual is painted."""
        self._jobs = {individual: job for individual, job in jobs.items() if job is not None}

    def finish(self, ids: Sequence[int], stop: Callable[[], bool]) -> bool:
        """Paint individuals and save their pictures; return False if stopped before all were."""
        individuals = {self._jobs.pop(i, i): i for i in ids}
        self.waiting = len(individuals)
        self._on_change()
        jobs = [Job(job, self._archive.genome(i)) for job, i in individuals.items()]
        genomes = {job.id: job.genome for job in jobs}
        for event in paint(self._renderer, jobs, stop=stop):
            self._count(event, genomes)
            if isinstance(event, Finished | Failed):
                individual = individuals[event.id]
                self._archive.append([replace(as_render(event), individual=individual)])
                if isinstance(event, Finished):
                    self._remember(individual, event)
                self.waiting -= 1
            if isinstance(event, Stepped | Finished | Failed):
                self._on_change()
        return not self.waiting

    def chosen(self, bracket: Bracket, stop: Callable[[], bool]) -> list[Chosen] | None:
        """Paint drafts of a bracket and return the candidates that go on; None if stopped.

        Of equals the first go on.
        """
        left = [(next(task_ids), each) for each in bracket.candidates]
        given_up, drafted = 0, set[int]()
        for cut in bracket.cuts:
            looked = {job: each.genome for job, each in left if cut.looks_at(each.genome)}
            if len(looked) <= cut.keep(len(looked)):
                continue
            scores = self._drafted(looked, cut.step, stop)
            if scores is None:
                return None
            drafted.update(looked)
            ranked = sorted(looked, key=lambda job: (-scores[job], -job))
            dropped = ranked[cut.keep(len(looked)) :]
            given_up += sum(cut.step - looked[job].held_steps for job in dropped)
            self._renderer.cancel(sorted(dropped))
            left = [(job, each) for job, each in left if job not in dropped]
        return [
            Chosen(each, job if job in drafted else None, 0 if k else given_up)
            for k, (job, each) in enumerate(left)
        ]

    def _drafted(
        self, looked: Mapping[int, Genome], step: int, stop: Callable[[], bool]
    ) -> dict[int, float] | None:
        """Paint up to a step and return the score of each draft; None if stopped."""
        scores: dict[int, float] = {}
        measured: dict[str, dict[int, float]] = {name: {} for name in self._fitness.names}
        jobs = [Job(job, genome, until=step) for job, genome in looked.items()]
        for event in paint(self._renderer, jobs, stop=stop):
            self._count(event, looked)
            if isinstance(event, Drafted | Finished):
                self.cost = replace(self.cost, scores=self.cost.scores + 1)
                found = self._fitness.measure(event.picture, looked[event.id])
                for name, value in found.items():
                    measured[name][event.id] = value
            elif isinstance(event, Failed):
                scores[event.id] = -math.inf
            if isinstance(event, Stepped):
                self._on_change()
        for job, fit in self._fitness.of(measured).items():
            scores[job] = fit if math.isfinite(fit) else -math.inf  # so that it can be compared
        return scores if len(scores) == len(looked) else None

    def came_to(self, individual: int) -> Base:
        """Return the finished picture of an individual, with its latent; paint it again if needed.

        Raises:
            BaseMissing: It cannot be read, or not be painted again, which is tried once.
        """
        if individual in self.lost:
            raise BaseMissing(individual)
        try:
            seen = self._archive.picture(individual)
        except ArchiveError as error:
            self.lost[individual] = str(error)
            raise BaseMissing(individual) from error
        if individual not in self._latents:
            genome = self._archive.genome(individual)
            try:
                paint_one.base_of(
                    self._renderer,
                    genome,
                    on_event=lambda event: self._again(individual, genome, event),
                )
            except NotPaintedError as error:
                self.lost[individual] = f"it cannot be painted again ({error})"
                raise BaseMissing(individual) from error
        self._latents.move_to_end(individual)
        return paint_one.as_seen(self._latents[individual], seen)

    def _again(self, individual: int, genome: Genome, event: RenderEvent) -> None:
        self._count(event, {event.id: genome} if isinstance(event, Stepped) else {})
        if isinstance(event, Finished):
            self._remember(individual, event)

    def _remember(self, individual: int, event: Finished) -> None:
        if event.latent is not None:
            self._latents[individual] = Base(event.latent)

    def _count(self, event: RenderEvent, genomes: Mapping[int, Genome]) -> None:
        """Count the work of an event; steps that an edit skips cost nothing."""
        self._on_event(event)
        if isinstance(event, Stepped) and event.id in genomes:
            if event.step > genomes[event.id].held_steps:
                self.cost = replace(self.cost, forwards=self.cost.forwards + 1)
        elif isinstance(event, Drafted | Finished):
            self.cost = replace(self.cost, decodes=self.cost.decodes + 1)
            self.passes = event.passes
