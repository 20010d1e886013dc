"""What paints for a measurement: the embedded model, or a small one in this process."""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from evolve import load_renderer
from evolve.rendering.protocol import (
    Finished,
    Job,
    ModelInfo,
    Ready,
    Renderer,
    RenderEvent,
    Task,
)


class Here:
    """Paints on a model in this process."""

    waitables = ()

    def __init__(self, family: str) -> None:
        """Load a small model of a family."""
        import warnings

        import torch
        from families import model_of

        from evolve.rendering.pipeline.painter import Painter

        warnings.simplefilter("ignore")  # of the libraries about their own parts
        torch.set_num_threads(1)
        self._happened: deque[RenderEvent] = deque()
        self._painter = Painter(model_of(family), report=self._happened.append)
        self._happened.append(Ready(self._painter.model.info))

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs."""
        self._painter.take(jobs)

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs."""
        self._painter.cancelled.update(ids)

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Paint all there is, and return what happened."""
        self._painter.paint()
        happened = list(self._happened)
        self._happened.clear()
        return happened

    def close(self) -> None:
        """Nothing is left running."""


class Once:
    """Paints every genome once, and shows the same picture whenever it is asked for again."""

    waitables = ()

    def __init__(self, renderer: Renderer) -> None:
        """Have pictures painted by another renderer."""
        self._renderer = renderer
        self._known: dict[str, Finished] = {}
        self._asked: dict[int, str] = {}
        self._happened: list[RenderEvent] = []

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs."""
        unknown: list[Task] = []
        for job in jobs:
            if isinstance(job, Job):
                digest = job.genome.digest
                if digest in self._known:
                    self._happened.append(replace(self._known[digest], id=job.id))
                    continue
                self._asked[job.id] = digest
            unknown.append(job)
        if unknown:
            self._renderer.submit(unknown)

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs."""
        self._renderer.cancel(ids)

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return what happened."""
        happened, self._happened = self._happened, []
        for event in self._renderer.poll(0.0 if happened else timeout):
            if isinstance(event, Finished) and event.id in self._asked:
                self._known[self._asked.pop(event.id)] = event
            happened.append(event)
        return happened

    def close(self) -> None:
        """Nothing is left running."""
        self._renderer.close()


@contextmanager
def renderer_of(family: str | None) -> Iterator[tuple[Renderer, ModelInfo]]:
    """Give what paints, once it is ready."""
    renderer = Once(load_renderer("portraits") if family is None else Here(family))
    try:
        while True:
            for event in renderer.poll(0.1):
                if isinstance(event, Ready):
                    yield renderer, event.info
                    return
    finally:
        renderer.close()
