"""Breeding without a person, by a score, up to a budget."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from evolve.errors import ArchiveError, ModelError
from evolve.genome import Prompt
from evolve.genome.edit import Base
from evolve.models.catalog import ModelCard
from evolve.rendering.process import paint_one
from evolve.rendering.protocol import Renderer
from evolve.scoring.clip import Clip
from evolve.scoring.cut_score import CutScore
from evolve.scoring.protocol import Scorer
from evolve.scoring.words import Words
from evolve.search import Policy
from evolve.session.headless import Progress, Run
from populations.core.population import Population
from populations.core.retention import bytes_of_picture, drop_pictures
from populations.core.view import View
from populations.format.disk import Disk
from populations.studio.opening import search_on

RESERVE_MB = 200
"""What stays free on the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """How long to breed, and by what."""

    images: int | None = None
    """Until the population has so many individuals; None for no such limit."""
    minutes: float | None = None
    """For so long; None for no such limit."""
    judge: Literal["clip", "words"] = "clip"
    """What judges pictures: a CLIP, or the model's own reader of what is asked for."""
    text: str | None = None
    """What pictures are compared with; None for each one's own prompt."""
    clip: str | None = None
    """The CLIP: a folder or a name on the hub; None for the one that comes with the model."""
    keep: Literal["all", "best", "none"] = "all"
    """Which pictures to keep; see `populations.core.retention`."""
    reserve: int = RESERVE_MB
    """Megabytes; the run ends when no more than this is free on the disk."""
    strategy: Literal["evolve", "best-of-n"] = "evolve"
    """Breed from the best, or only draw at random."""

    @property
    def fitness(self) -> str:
        """The name of what pictures are judged by."""
        return self.judge if self.text is None else f"{self.judge}:{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run ended."""

    progress: Progress
    used_up: bool
    """Whether the budget is used up; else the run was stopped, and the same request goes on."""
    seconds: float


def run(
    archive: View[Population],
    request: RunRequest,
    *,
    card: ModelCard,
    start: Callable[[], Renderer],
    stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress], None] = lambda progress: None,
) -> RunResult:
    """Breed up to the budget; the same request again goes on where this one ended.

    Args:
        archive: The branch to breed.
        request: How long, and by what.
        card: The population's model.
        start: Returns the renderer.
        stop: Asked often; when it returns True the run ends soon, with everything saved.
        on_progress: Receives how far the run is, after every step, picture and generation.

    Raises:
        ArchiveError: Only the reserve is left on the disk.
        ModelError: There is no CLIP to judge with.
        RenderError: The renderer cannot work.
    """
    started = time.monotonic()
    population = archive.population
    disk = Disk(population.path, request.reserve)
    renderer = start()  # loads the model while the CLIP is loaded here
    scorer = scorer_of(request, Prompt.from_json(population.config["prompt"]), card)

    def base_of(individual: int) -> Base:
        painted = paint_one.base_of(renderer, population.genome(individual))
        return paint_one.as_seen(painted, population.picture(individual))

    breeding = Run(
        archive,
        search_on(population.config, population, _policy(request), base_of=base_of),
        renderer,
        scorer,
        page=population.page,
        stop=lambda: stop() or disk.is_low,
        on_progress=on_progress,
        on_generation=lambda: _tidy(population, request, scorer),
    )
    deadline = started + request.minutes * 60 if request.minutes else None
    used_up = breeding.to(request.images, deadline)
    if not used_up and not stop():
        raise ArchiveError(disk.problem)
    seconds = time.monotonic() - started
    return RunResult(progress=breeding.progress, used_up=used_up, seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run will take of the disk."""

    pictures: int
    """Individuals that are not born yet."""
    bytes: int
    """What they take, about."""
    free: int
    """Bytes that are free."""


def estimate(population: Population, request: RunRequest) -> Estimate | None:
    """Return what a run will take of the disk; None if that cannot be known before."""
    if request.images is None or request.keep != "all":
        return None
    pictures = max(0, request.images - len(population))
    return Estimate(
        pictures=pictures,
        bytes=pictures * bytes_of_picture(population),
        free=Disk(population.path, request.reserve).free,
    )


def _policy(request: RunRequest) -> Policy:
    if request.strategy == "best-of-n":
        return Policy(founders=10**9, antithetic=False)
    return Policy()


def _tidy(population: Population, request: RunRequest, scorer: Scorer) -> None:
    drop_pictures(population, request.keep, scorer.name)


def scorer_of(request: RunRequest, prompt: Prompt, card: ModelCard) -> Scorer:
    """Return what judges pictures in a run.

    Args:
        request: Says what.
        prompt: The population's.
        card: Its model, which may bring a CLIP and a reader.

    Raises:
        ModelError: The model does not bring what is to judge.
        GenomeError: The words ask for nothing that the model's reader knows.
    """
    if request.judge == "words":
        if request.clip:
            raise ModelError("a CLIP has no effect with the fitness words: leave out one of them")
        words = Words(card, text=request.text)
        if request.text is None:
            words.require(prompt)
        return words
    if request.clip:
        return CutScore(Clip(request.clip, text=request.text, label=f"clip[{request.clip}]"))
    if card.clip is None:
        raise ModelError(
            f"model '{card.name}' has no CLIP: name one to score with, "
            "a folder or a hub name like openai/clip-vit-base-patch32"
        )
    return CutScore(Clip(card.clip, text=request.text))
