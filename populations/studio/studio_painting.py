"""A population that is open, with the renderer of its model: what is painted is saved."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

import PIL.Image

from evolve.errors import ArchiveError, RenderError
from evolve.genome.edit import Base
from evolve.models.catalog import ModelCard
from evolve.rendering import painting
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process import paint_one
from evolve.rendering.process.workers import Workers
from evolve.rendering.protocol import (
    Failed,
    Finished,
    Job,
    ModelInfo,
    Ready,
    RenderEvent,
    as_render,
)
from evolve.scoring.wanted import Wanted
from evolve.search.individual import Individual
from evolve.session.archive import Picture
from populations.core.population import Population
from populations.home.names import MAIN
from populations.studio.models.changed_model import changed_line
from populations.studio.models.own_model import card_of_population
from populations.studio.models.renderers import renderer_for
from populations.studio.opening import require


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaintedPicture:
    """How painting an individual ended."""

    individual: int
    picture: Picture | None = field(default=None, repr=False)
    """RGB, (height, width, 3) uint8; None if it could not be painted."""
    error: str = ""
    """Why it could not be painted."""
    passes: int = 0
    """Forwards of the denoiser that the renderer has run for all its jobs up to now."""
    wanted: float | None = None
    """Of an edit: how surely what was asked for is there; higher is surer."""

    @classmethod
    def of(cls, event: Finished | Failed) -> Self:
        """Return what a renderer reports of an individual."""
        if isinstance(event, Failed):
            return cls(individual=event.id, error=event.error)
        return cls(
            individual=event.id,
            picture=event.picture,
            passes=event.passes,
            wanted=event.record.get("wanted"),
        )

    @property
    def image(self) -> PIL.Image.Image:
        """The picture for Pillow, and for a notebook to show.

        Raises:
            RenderError: It could not be painted.
        """
        if self.picture is None:
            raise RenderError(f"individual {self.individual} could not be painted: {self.error}")
        return PIL.Image.fromarray(self.picture)


def id_of(individual: Individual | int) -> int:
    """Return the id of an individual, or the id itself."""
    return individual.id if isinstance(individual, Individual) else int(individual)


def ids_of(individuals: Iterable[Individual | int]) -> list[int]:
    """Return ids, each once and in order, of individuals or ids."""
    return list(dict.fromkeys(map(id_of, individuals)))


class StudioPainter:
    """Paints one branch of a population; used from one thread.

    The model is loaded when something is painted for the first time.
    """

    def __init__(
        self,
        population: Population,
        *,
        branch: str = MAIN,
        card: ModelCard | None = None,
        start_renderer: Callable[[], OwnedRenderer] | None = None,
        workers: Workers | None = None,
    ) -> None:
        """Take over a population that is open; it is closed with the studio.

        `card` is its model, if that is known already. `start_renderer` starts what paints, by
        default a process on the best device; `workers` are several, here or on a cluster.

        Raises:
            ArchiveError: There is no such branch; the population is closed.
        """
        self.population = population
        try:
            self.archive = population.branch(branch)
        except ArchiveError:
            population.close()
            raise
        self._start_renderer = start_renderer or renderer_for(population, workers=workers)
        self._latents: dict[int, Base] = {}
        """What individuals came to that something starts from."""
        self._painting: Generator[PaintedPicture] | None = None
        self._info: ModelInfo | None = None
        """Of the renderer, once it has reported that it is ready."""
        if card is not None:
            self.card = card

    @cached_property
    def card(self) -> ModelCard:
        """The model.

        Raises:
            ModelError: It is not on this machine.
        """
        return card_of_population(self.population)

    @property
    def model_change(self) -> str:
        """One line if the model is not the one that painted the latest picture; else empty.

        Raises:
            ModelError: It is not on this machine.
        """
        return changed_line(self.population, self.card)

    @cached_property
    def renderer(self) -> OwnedRenderer:
        """What paints, started now if it was not before.

        Raises:
            ModelError: The model is not on this machine.
        """
        _ = self.card  # one that is not here is refused before anything is started
        return self._start_renderer()

    def paint(
        self,
        individuals: Iterable[Individual | int] | None = None,
        *,
        on_event: Callable[[RenderEvent], None] = lambda event: None,
    ) -> Generator[PaintedPicture]:
        """Paint, and hand over each picture when it is saved.

        To break off the loop, or to begin another, stops the painting: what is not finished
        stays unpainted.

        Args:
            individuals: What to paint, also if painted or failed before; None for all that have
                no picture.
            on_event: Receives whatever the renderer reports, also each step with its preview.

        Raises:
            GenomeError: One of them is not there.
            ModelError: The model is not on this machine.
            RenderError: The renderer cannot work.
        """
        ids = self.population.unpainted() if individuals is None else ids_of(individuals)
        require(self.population, ids)
        self._stop()
        self._painting = self._paint(ids, on_event)
        return self._painting

    def _paint(
        self, ids: Sequence[int], on_event: Callable[[RenderEvent], None]
    ) -> Generator[PaintedPicture]:
        births, genome = self.population.births(), self.population.genome
        jobs = [Job(i, genome(i), Wanted.of(births[i].origin.params)) for i in ids]
        if not jobs:
            return
        with self._rendering(), closing(painting.paint(self.renderer, jobs)) as events:
            for event in events:
                self._hear(event)
                on_event(event)
                if isinstance(event, Finished | Failed):
                    self.population.append([as_render(event)])
                    yield PaintedPicture.of(event)

    def base_of(self, individual: Individual | int) -> Base:
        """Return what an individual came to, latent and picture; it is painted again for it."""
        i = id_of(individual)
        require(self.population, [i])
        self._stop()
        if i not in self._latents:
            with self._rendering():
                base = paint_one.base_of(
                    self.renderer, self.population.genome(i), on_event=self._hear
                )
            self._latents[i] = base
        return paint_one.as_seen(self._latents[i], self.population.picture(i))

    def _hear(self, event: RenderEvent) -> None:
        if isinstance(event, Ready):
            self._info = event.info

    def _stop(self) -> None:
        if self._painting is not None:
            self._painting.close()
            self._painting = None

    @contextlib.contextmanager
    def _rendering(self) -> Iterator[None]:
        """Do without a renderer that cannot work; whatever is painted next starts another."""
        try:
            yield
        except RenderError:
            self._close_renderer()
            raise

    def _close_renderer(self) -> None:
        self._info = None
        renderer: OwnedRenderer | None = self.__dict__.pop("renderer", None)
        if renderer is not None:
            with contextlib.suppress(Exception):  # all that counts is saved
                renderer.close()

    def close(self) -> None:
        """Stop painting and let others write; a second call does nothing."""
        try:
            self._stop()
        finally:
            self._close_renderer()
            self.population.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
