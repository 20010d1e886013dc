"""Painting jobs to the end: the loop for callers of a renderer."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from itertools import count
from typing import Protocol, Self

from evolve.errors import RenderError
from evolve.genome import Genome
from evolve.rendering.protocol import (
    Broken,
    Ended,
    Failed,
    Finished,
    Job,
    Renderer,
    RenderEvent,
    Task,
)
from evolve.session.archive import Picture

PATIENCE_S = 0.1
"""Seconds from one call of `stop` to the next."""

task_ids = count(-1, -1)
"""Ids for tasks that paint no individual of a population, each given once (`protocol.Task`)."""


def paint(
    renderer: Renderer, jobs: Sequence[Task], *, stop: Callable[[], bool] = lambda: False
) -> Generator[RenderEvent]:
    """Yield events until each of `jobs` has ended.

    Jobs that have not ended when the caller breaks off, or when `stop` returns True, are cancelled.
    No event until then is lost.

    The renderer has nothing else to do meanwhile. `stop` is called often.

    Raises:
        RenderError: The renderer cannot work.
    """
    waiting = {job.id for job in jobs}
    renderer.submit(jobs)
    try:
        while waiting and not stop():
            for event in renderer.poll(PATIENCE_S):
                if isinstance(event, Broken):
                    raise RenderError(event.error)
                if isinstance(event, Ended):
                    waiting.discard(event.id)
                yield event
    finally:
        if waiting:
            renderer.cancel(sorted(waiting))


def painted(
    renderer: Renderer, genomes: Sequence[Genome], done: Callable[[], None] = lambda: None
) -> list[Finished]:
    """Paint `genomes` and return what they came to, in order; `done` is called after each.

    Raises:
        RenderError: One of them could not be painted.
    """
    jobs = [Job(next(task_ids), genome) for genome in genomes]
    ends: dict[int, Finished] = {}
    for event in paint(renderer, jobs):
        if isinstance(event, Failed):
            raise RenderError(event.error)
        if isinstance(event, Finished):
            ends[event.id] = event
            done()
    return [ends[job.id] for job in jobs]


class OwnedRenderer(Renderer, Protocol):
    """A renderer for a `with` statement, which can be waited for."""

    def paint(
        self, genomes: Sequence[Genome], done: Callable[[], None] = lambda: None
    ) -> list[Picture]:
        """Paint as `painted` does, and return the pictures."""
        return [end.picture for end in painted(self, genomes, done)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
