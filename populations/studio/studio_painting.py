"""A population that is open, with the renderer of its model: what is painted is saved."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Self

from evolve.errors import ArchiveError, RenderError
from evolve.genome.edit import Base
from evolve.models.catalog import ModelCard
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process import paint_one
from evolve.rendering.process.workers import Workers
from evolve.rendering.protocol import ModelInfo, Ready, RenderEvent
from evolve.search.individual import Individual
from populations.core.population import Population
from populations.home.names import MAIN
from populations.studio.models.changed_model import changed_line
from populations.studio.models.own_model import card_of_population
from populations.studio.models.renderers import renderer_for
from populations.studio.opening import require
from populations.studio.paint import PaintedPicture, id_of, ids_of, paint


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
        """Take over a population that is open.

        Args:
            population: It is closed with the studio.
            branch: The branch to breed.
            card: Its model, if that is known already.
            start_renderer: Starts what paints; None for a process on the best device.
            workers: Several of those, here or on a cluster; None for one.

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
        def hear(event: RenderEvent) -> None:
            self._hear(event)
            on_event(event)

        with self._rendering():
            yield from paint(self.population, lambda: self.renderer, ids, hear)

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
