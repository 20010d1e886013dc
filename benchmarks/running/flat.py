"""A renderer that paints flat colours at once, a scorer of them, and a population for them."""

from pathlib import Path

from fakes import FakeRenderer, RedScorer
from small_population import CONFIG as SMALL

from evolve.rendering.protocol import RenderEvent
from populations.core.population import Population

SHAPE = (4, 2, 2)
CONFIG = {**SMALL, "page": 12, "size": [8, 8], "latent": list(SHAPE)}
"""Of populations for it."""


class Flat(FakeRenderer):
    """Paints a page at once."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Paint twelve."""
        return [event for _ in range(12) for event in super(Flat, self).poll(timeout)]


class Redness(RedScorer):
    """Likes red."""

    name = "clip"
    """That of the scores that are there."""


def found(home: Path, name: str) -> Path:
    """Make an empty population, and return its folder."""
    Population.create(home, name, CONFIG).close()
    return home / name
