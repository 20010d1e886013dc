"""The engine of fancier: breed images by eye, or by a score.

Example:
    >>> from evolve import Clip, CutScore, Prompt, Search, describe, load_renderer
    >>> card = describe("portraits")
    >>> search = Search(seed=1, prompt=Prompt.typed("a man with a beard"), shape=card.latent,
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
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # at run time each is imported when it is first used
    from evolve.errors import FancierError
    from evolve.genome import Genome, Prompt, Settings
    from evolve.models.catalog import ModelCard, describe
    from evolve.rendering.process.starting import load_renderer
    from evolve.scoring.clip import Clip
    from evolve.scoring.cut_score import CutScore
    from evolve.search import Individual, Plan, Policy, Search, Verdict
    from evolve.session.session import Session

__all__ = [
    "Clip",
    "CutScore",
    "FancierError",
    "Genome",
    "Individual",
    "ModelCard",
    "Plan",
    "Policy",
    "Prompt",
    "Search",
    "Session",
    "Settings",
    "Verdict",
    "describe",
    "load_renderer",
]

_MODULES = {
    "Clip": "scoring.clip",
    "CutScore": "scoring.cut_score",
    "FancierError": "errors",
    "Genome": "genome",
    "Individual": "search",
    "ModelCard": "models.catalog",
    "Plan": "search",
    "Policy": "search",
    "Prompt": "genome",
    "Search": "search",
    "Session": "session.session",
    "Settings": "genome",
    "Verdict": "search",
    "describe": "models.catalog",
    "load_renderer": "rendering.process.starting",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: nothing heavy is loaded before."""
    if name not in _MODULES:
        raise AttributeError(f"module 'evolve' has no attribute {name!r}")
    return getattr(importlib.import_module(f"evolve.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
