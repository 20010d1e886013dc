"""Painting what a population holds; each picture is saved before it is handed over."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field

import PIL.Image

from evolve.errors import RenderError
from evolve.rendering import painting
from evolve.rendering.protocol import Failed, Finished, Job, Renderer, RenderEvent, as_render
from evolve.scoring.wanted import Wanted
from evolve.search.individual import Individual
from evolve.session.archive import Picture
from populations.core.population import Population


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaintedPicture:
    """How painting an individual ended."""

    individual: int
    picture: Picture | None = field(repr=False)
    """RGB, (height, width, 3) uint8; None if it could not be painted."""
    error: str = ""
    """Why it could not be painted."""
    passes: int = 0
    """Forwards of the denoiser that the renderer has run for all its jobs up to now."""
    wanted: float | None = None
    """Of an edit: how surely what was asked for is there; higher is surer."""

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


def paint(
    population: Population,
    start: Callable[[], Renderer],
    ids: Iterable[int],
    on_event: Callable[[RenderEvent], None],
) -> Generator[PaintedPicture]:
    """Paint `ids`, save each picture or failure, and yield it.

    Args:
        population: Where they are, and the pictures go.
        start: Returns the renderer; called if there is anything to paint.
        ids: Individuals of the population.
        on_event: Receives whatever the renderer reports.
    """
    births = population.births()
    jobs = [Job(i, population.genome(i), Wanted.of(births[i].origin.params)) for i in ids]
    if not jobs:
        return
    with closing(painting.paint(start(), jobs)) as events:
        for event in events:
            on_event(event)
            if isinstance(event, Finished | Failed):
                population.append([as_render(event)])
                yield _ended(event)


def _ended(event: Finished | Failed) -> PaintedPicture:
    if isinstance(event, Failed):
        return PaintedPicture(individual=event.id, picture=None, error=event.error)
    return PaintedPicture(
        individual=event.id,
        picture=event.picture,
        passes=event.passes,
        wanted=event.record.get("wanted"),
    )
