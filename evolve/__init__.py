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
    from evolve.errors import FancierError as FancierError
    from evolve.genome import Genome as Genome
    from evolve.genome import Prompt as Prompt
    from evolve.genome import Settings as Settings
    from evolve.models.catalog import ModelCard as ModelCard
    from evolve.models.catalog import describe as describe
    from evolve.rendering.process.starting import load_renderer as load_renderer
    from evolve.scoring.clip import Clip as Clip
    from evolve.scoring.cut_score import CutScore as CutScore
    from evolve.search import Individual as Individual
    from evolve.search import Plan as Plan
    from evolve.search import Policy as Policy
    from evolve.search import Search as Search
    from evolve.search import Verdict as Verdict
    from evolve.session.session import Session as Session

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

__all__ = [*_MODULES]


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: nothing heavy is loaded before."""
    if name not in _MODULES:
        raise AttributeError(f"module 'evolve' has no attribute {name!r}")
    return getattr(importlib.import_module(f"evolve.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, *(name for name in globals() if name.startswith("__"))]
