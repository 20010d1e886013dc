"""The engine of fancier: breed images by eye, or by a score.

Example:
    >>> from evolve import Clip, CutScore, Prompt, Search, describe, load_renderer
    >>> card = describe("portraits")
    >>> search = Search(seed=1, prompt=Prompt.parse("a man with a beard"), shape=card.latent,
    ...                 settings=card.settings)
    >>> score = CutScore(Clip(card.folder / "clip"))
    >>> with load_renderer("portraits") as renderer:
    ...     for _ in range(8):
    ...         page = [individual.genome for individual in search.ask(12)]
    ...         scores = score.score(renderer.paint(page), page)
    ...         search.tell(dict(enumerate(scores, start=len(search.births) - 12)))
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "Clip": "evolve.scoring.clip",
    "CutScore": "evolve.scoring.cut_score",
    "FancierError": "evolve.errors",
    "Genome": "evolve.genome",
    "Individual": "evolve.search.individual",
    "Policy": "evolve.search",
    "Prompt": "evolve.genome",
    "Search": "evolve.search",
    "Session": "evolve.session.session",
    "Settings": "evolve.genome.settings",
    "Verdict": "evolve.search.individual",
    "describe": "evolve.models.catalog",
    "load_renderer": "evolve.rendering.process.starting",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: nothing heavy is loaded before."""
    if name not in _HOME:
        raise AttributeError(f"module 'evolve' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOME[name]), name)
