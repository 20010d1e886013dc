"""Small crowds of genomes that differ in everything, for the small pipelines of `families`."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base
from evolve.genome.masks import mask_of
from evolve.genome.noise import stream
from evolve.genome.settings import SAMPLERS, Settings
from evolve.models.loading import LoadedModel
from evolve.rendering.pipeline.painter import Painter
from evolve.rendering.protocol import Failed, Finished, Job, RenderEvent, Task
from evolve.search.operators import repaint

TEXTS = ("a cat", "a dog with a hat | snow :2", "the sea", "a cat")

Latent = NDArray[np.float16]


def population(model: LoadedModel) -> list[Genome]:
    """Return four genomes that differ in everything they can differ in."""
    return [
        Genome(
            np.random.default_rng(k).standard_normal(model.info.latent).astype(np.float16),
            Prompt.parse(text, "ugly" if k % 2 else ""),
            Settings([1.0, 3.0, 7.0, 2.0][k], [2, 4, 3, 5][k], SAMPLERS[k]),
        )
        for k, text in enumerate(TEXTS)
    ]


def repainted(
    model: LoadedModel, bases: Sequence[Latent]
) -> tuple[list[Genome], NDArray[np.bool_]]:
    """Return the population with the middle of each base painted over, and the mask of it."""
    mask = mask_of((0.25, 0.25, 0.75, 0.75), model.info.latent[1:])
    genomes = []
    for k, (genome, latent) in enumerate(zip(population(model), bases, strict=True)):
        depth = (1, 0.6)[k % 2]
        child = repaint(stream(1, k, "t"), genome, Base(latent), mask=mask, angle=90, depth=depth)
        genomes.append(replace(child, prompt=Prompt.parse("a bird")))
    return genomes, mask


class Desk:
    """A painter, and what it reported."""

    def __init__(self, model: LoadedModel, *, divides: bool = True) -> None:
        self.events: list[RenderEvent] = []
        self.painter = Painter(model, report=self.events.append, divides=divides)

    def work(self, *tasks: Task, attend: Callable[[], None] = lambda: None) -> list[RenderEvent]:
        """Do tasks; return what happened since."""
        before = len(self.events)
        self.painter.take(tasks)
        self.painter.paint(attend)
        return self.events[before:]


def jobs(genomes: Sequence[Genome]) -> list[Job]:
    """Return how genomes are asked for, by their places."""
    return [Job(i, genome) for i, genome in enumerate(genomes)]


def work(model: LoadedModel, *tasks: Task, divides: bool = True) -> list[RenderEvent]:
    """Do tasks and return what happened."""
    return Desk(model, divides=divides).work(*tasks)


def paint(model: LoadedModel, genomes: Sequence[Genome]) -> list[RenderEvent]:
    """Paint genomes and return what happened."""
    events = work(model, *jobs(genomes))
    assert not [e.error for e in events if isinstance(e, Failed)]
    return events


def finished(events: Sequence[RenderEvent]) -> list[Finished]:
    """Return how genomes were finished, in their order."""
    found = {event.id: event for event in events if isinstance(event, Finished)}
    return [found[i] for i in sorted(found)]


def one_by_one(model: LoadedModel) -> LoadedModel:
    """Return the model as one whose genomes are painted one after the other."""
    return replace(model, rows=None)


def latents(events: Sequence[RenderEvent]) -> list[Latent]:
    """Return the latents that genomes came to, in their order."""
    return [event.latent for event in finished(events)]  # type: ignore[misc]


def forwards(events: Sequence[RenderEvent]) -> int:
    """Return how many forwards of the denoiser it took."""
    return max(e.passes for e in events if isinstance(e, Finished))
