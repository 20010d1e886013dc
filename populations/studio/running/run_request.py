"""What a run is to do, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evolve.session.headless.progress import Progress

RESERVE_MB = 200
"""What stays free on the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """How long to breed, and by what."""

    images: int | None = None
    """Until the population has this many individuals; None for no such limit."""
    minutes: float | None = None
    """For this long; None for no such limit."""
    fitness: str = "clip"
    """What judges pictures, as it is typed (`evolve.scoring.fitness_text`): `words`, `clip:TEXT`,
    `words+clip`, `words,clip`, `taste`, `like:FILE`, `MODULE:NAME`, …"""
    clip: str | None = None
    """The CLIP: a folder or a name on the hub; None for the one that comes with the model."""
    keep: Literal["all", "best", "none"] = "all"
    """Which pictures to keep; see `populations.core.retention`."""
    reserve: int = RESERVE_MB
    """Megabytes; the run ends when no more than this is free on the disk."""
    forwards: int | None = None
    """Until the population took this many forwards of single pictures (`evolve.strategies.cost`);
    None for no such limit."""
    strategy: str | None = None
    """How the budget is spent, one of `evolve.strategies.names`; None goes on as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run ended."""

    progress: Progress
    used_up: bool
    """Whether the budget is used up; else the run was stopped, and the same request goes on."""
    seconds: float
    strategy: str
    """The one that bred it."""
