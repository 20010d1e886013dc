"""Renderers of a population's model, in processes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

from evolve.errors import ModelError
from evolve.genome.edit import Base
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process import paint_one, starting
from evolve.rendering.process.worker import GENTLE, LAST
from evolve.rendering.process.workers import Workers
from evolve.rendering.stand_ins import BrokenRenderer
from evolve.session.archive import Picture
from populations.core.population import Population
from populations.exchange.importing import Encode
from populations.format.files import LOG
from populations.studio.models.own_model import require_there


def renderer_for(
    population: Population, *, behind_app: bool = False, workers: Workers | None = None
) -> Callable[[], OwnedRenderer]:
    """Return what starts the renderer of a population's model.

    Behind the app, keys that a person presses meanwhile are answered first. `workers` paint in
    place of each device that is named.
    """
    log, niceness = population.path / LOG, LAST if behind_app else GENTLE

    def started() -> OwnedRenderer:
        try:
            require_there(population)
            return starting.load_renderer(
                population.model, niceness=niceness, log=log, workers=workers
            )
        except ModelError as error:
            return BrokenRenderer(str(error))

    return started


@contextmanager
def encoder(model: str) -> Iterator[Encode]:
    """Give what brings pictures into the latents of `model`, which is loaded at the first one."""
    with ExitStack() as stack:

        @cache
        def renderer() -> OwnedRenderer:
            return stack.enter_context(starting.load_renderer(model))

        def encode(picture: Picture) -> Base:
            return paint_one.encode(renderer(), picture)

        yield encode
