"""Jobs for renderers that run elsewhere, and what they tell while they are polled."""

import time
from collections.abc import Callable

import numpy as np

from evolve.genome import Genome, Prompt
from evolve.rendering.protocol import Broken, Failed, Finished, Job, Renderer, RenderEvent

GENOME = Genome(noise=np.zeros((1, 2, 2), np.float16), prompt=Prompt.parse("a"))

Enough = Callable[[list[RenderEvent]], bool]


def jobs(count: int) -> list[Job]:
    return [Job(i, GENOME) for i in range(count)]


def until(renderer: Renderer, enough: Enough) -> list[RenderEvent]:
    """Poll until enough is heard, and return it."""
    heard: list[RenderEvent] = []
    deadline = time.monotonic() + 60
    while not enough(heard):
        assert time.monotonic() < deadline, heard
        heard += renderer.poll(0.5)
    return heard


def told(kind: type[RenderEvent]) -> Enough:
    """Enough is one event of a kind."""
    return lambda heard: any(isinstance(e, kind) for e in heard)


def ended(count: int) -> Enough:
    """Enough is that so many jobs have ended, or that the renderer is broken."""
    return lambda heard: (
        sum(isinstance(e, Finished | Failed) for e in heard) >= count or told(Broken)(heard)
    )


def painted(heard: list[RenderEvent]) -> list[int]:
    return [e.id for e in heard if isinstance(e, Finished)]
