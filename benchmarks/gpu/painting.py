"""Ways to paint sixteen mixed pictures, and one that has as many forwards and nothing mixed."""

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch

from benchmarks.mixed_batch import call, population
from evolve import Genome
from evolve.models.loading import LoadedModel
from evolve.rendering.pipeline.painter import Painter
from evolve.rendering.protocol import Failed, Finished, Job, RenderEvent
from evolve.rendering.tuning.measuring import now


@dataclass(slots=True)
class Painted:
    """What came of painting."""

    events: list[RenderEvent] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def finished(self) -> dict[int, Finished]:
        """The pictures, by job.

        Raises:
            RuntimeError: One failed.
        """
        failed = [event.error for event in self.events if isinstance(event, Failed)]
        if failed:
            raise RuntimeError(failed[0])
        return {event.id: event for event in self.events if isinstance(event, Finished)}


def genomes_of(model: LoadedModel) -> list[Genome]:
    """Return sixteen that differ in prompt, guidance, steps and sampler."""
    return population(model.info.latent)


class AtWork:
    """A painter that stays, as a renderer's does: what it learns of a model it learns once."""

    def __init__(self, model: LoadedModel) -> None:
        self._events = list[RenderEvent]()
        self.painter, self._device = Painter(model, report=self._events.append), model.device

    def paint(self, genomes: Sequence[Genome]) -> Painted:
        """Paint genomes together."""
        self._events.clear()
        self.painter.take([Job(i, genome) for i, genome in enumerate(genomes)])
        began = now(self._device)
        self.painter.paint()
        return Painted(self._events[:], now(self._device) - began)

    def end(self) -> bool:
        """Give up forwards that are replayed; whether there were any."""
        return self.painter.hub.spare()


def paint(model: LoadedModel, genomes: Sequence[Genome]) -> Painted:
    """Paint genomes together, by a painter that has painted nothing before."""
    painter = AtWork(model)
    try:
        return painter.paint(genomes)
    finally:
        painter.end()


def one_by_one(model: LoadedModel, genomes: Sequence[Genome]) -> float:
    """Return the seconds of one plain call of the pipeline each, all parts in one precision."""
    with _in_one_precision(model) as pipeline:
        began = now(model.device)
        call(pipeline, genomes)
        return now(model.device) - began


def uniform(model: LoadedModel, genomes: Sequence[Genome], rows: int) -> float:
    """Return the seconds that as many rows of the denoiser take in uniform batches of `rows`."""
    needed = sum(genome.settings.rows * genome.settings.steps for genome in genomes)
    pictures, steps = max(1, rows // 2), 9
    with _in_one_precision(model) as pipeline:
        began = now(model.device)
        pipeline(
            [genomes[k % len(genomes)].prompt.concepts[0].text for k in range(pictures)],
            guidance_scale=4.0,
            num_inference_steps=steps,
            height=model.info.pixels[0],
            width=model.info.pixels[1],
            output_type="np",
        )
        return (now(model.device) - began) * needed / (2 * pictures * steps)


@contextmanager
def _in_one_precision(model: LoadedModel) -> Iterator[Any]:
    """Have all parts of the pipeline in the denoiser's precision, as people load it."""
    parts = [p for p in model.pipeline.components.values() if isinstance(p, torch.nn.Module)]
    before = [next(part.parameters()).dtype for part in parts]
    for part in parts:
        part.to(model.dtype)
    try:
        yield model.pipeline
    finally:
        for part, dtype in zip(parts, before, strict=True):
            part.to(dtype)


def median(repetitions: int, measure: Callable[[], float]) -> float:
    """Return the median of several times, the first not counted."""
    measure()  # kernels are chosen
    return statistics.median(measure() for _ in range(repetitions))
