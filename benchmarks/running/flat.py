"""A renderer that paints flat colours at once, a scorer of them, and a population for them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.protocol import (
    Drafted,
    Finished,
    Job,
    ModelInfo,
    Ready,
    RenderEvent,
    Stepped,
    Task,
)
from evolve.scoring.looks.embedding import KEY, Embedding
from evolve.session.archive import Picture
from populations.core.population import Population

SHAPE = (4, 2, 2)
CONFIG = {
    "model": "portraits",
    "prompt": Prompt.parse("a smiling woman with red hair").to_json(),
    "seed": 1,
    "page": 12,
    "size": [16, 16],
    "latent": list(SHAPE),
    "settings": Settings().to_json(),
}
"""Of populations for it."""


class Flat(OwnedRenderer):
    """Paints at once: a colour, and an embedding, that follow from the noise."""

    waitables = ()

    def __init__(self) -> None:
        """Have nothing to do."""
        self._jobs: list[Job] = []
        self._done = 0
        info = ModelInfo(name="flat", latent=SHAPE, pixels=(16, 16), record={"rows": 12})
        self._said: list[RenderEvent] = [Ready(info)]
        self._camera = np.random.default_rng(0).standard_normal((32, int(np.prod(SHAPE))))

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs."""
        self._jobs += [job for job in jobs if isinstance(job, Job)]

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs."""
        dropped = set(ids)
        self._jobs = [job for job in self._jobs if job.id not in dropped]

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Paint twelve."""
        events, self._said = self._said, []
        batch, self._jobs = self._jobs[:12], self._jobs[12:]
        for job in batch:
            self._done += 1
            noise, steps = job.genome.noise, job.genome.settings.steps
            colour = np.tanh(noise.astype(float).mean((1, 2))[:3] * 4) * 127 + 128
            picture = np.broadcast_to(colour.astype(np.uint8), (16, 16, 3)).copy()
            if job.until is not None:
                events.append(Stepped(job.id, job.until, steps))
                events.append(Drafted(job.id, job.until, picture, self._done))
                continue
            events.append(Stepped(job.id, steps, steps))
            look = self._camera @ noise.astype(float).ravel()
            embedding = Embedding("flat", (look / np.linalg.norm(look)).astype(np.float16))
            record = {"model": "flat", KEY: embedding.to_json()}
            events.append(Finished(job.id, picture, record, self._done, noise))
        return events

    def close(self) -> None:
        """Stop nothing."""


class Redness:
    """Likes red."""

    def __init__(self, name: str = "clip") -> None:
        self.name = name
        """That of the scores that are there."""

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return the mean of the red channel."""
        return np.array([float(picture[..., 0].mean()) for picture in pictures])


def found(home: Path, name: str) -> Path:
    """Make an empty population, and return its folder."""
    Population.create(home, name, CONFIG).close()
    return home / name
