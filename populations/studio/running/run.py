"""Breeding without a person, by a score, up to a budget."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evolve.errors import ArchiveError
from evolve.models.catalog import ModelCard
from evolve.rendering.protocol import Renderer, RenderEvent
from evolve.rendering.stand_ins import OnDemand
from evolve.scoring.fitness import AGAIN, Fitness
from evolve.session.headless.progress import Progress
from evolve.session.headless.run import Run
from evolve.strategies.cost import spent
from evolve.text import listed
from populations.core.population import Population
from populations.core.retention import bytes_of_picture, drop_pictures
from populations.core.view import View
from populations.studio.opening import search_on
from populations.studio.running.run_request import RunRequest, RunResult
from populations.studio.running.run_scorers import fitness_of
from populations.studio.running.run_strategies import remember, strategy_for

_NAMED = 3
"""Scorers that are named at most."""


def run(
    archive: View[Population],
    request: RunRequest,
    *,
    card: ModelCard,
    start: Callable[[], Renderer],
    fitness: Fitness | None = None,
    stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress], None] = lambda progress: None,
    on_event: Callable[[RenderEvent], None] = lambda event: None,
    on_notice: Callable[[str], None] = lambda text: None,
) -> RunResult:
    """Breed a branch up to the budget; the same request again goes on where this one ended.

    The fitness is by default what the request names. `stop` is asked often: when it returns True
    the run ends soon, with everything saved. `on_progress` receives how far it is, after every
    step, picture and generation, `on_notice` lines about what was done otherwise than asked for.

    Raises:
        ArchiveError: Only the reserve is left on the disk.
        ModelError: There is nothing to judge with, or it cannot be used.
        GenomeError: It has nothing to judge by: no words that it knows, or no answers.
        RenderError: The renderer cannot work.
    """
    started = time.monotonic()
    population = archive.population
    disk = Disk(population.path, request.reserve)
    renderer, has_more = OnDemand(start), _has_more(archive, request)
    if has_more:
        if disk.is_low:
            raise ArchiveError(disk.problem)  # before a model is loaded for nothing
        renderer.begin()  # loads the model while the CLIP is loaded here
    fitness = fitness or fitness_of(request, archive, card, not has_more)
    if has_more and (remark := _other_scores(archive, fitness)):
        on_notice(remark)

    strategy, _ = strategy_for(archive, request.strategy)
    remember(archive, strategy)

    def tidy() -> None:
        drop_pictures(population, request.keep, breeding.progress.scores)

    breeding = Run(
        archive,
        search_on(population.config, population, by="ratings"),
        renderer,
        fitness,
        page=population.page,
        strategy=strategy,
        stop=lambda: stop() or disk.is_low,
        on_progress=on_progress,
        on_event=on_event,
        on_notice=on_notice,
        on_generation=tidy,
    )
    deadline = started + request.minutes * 60 if request.minutes else None
    used_up = breeding.to(request.images, deadline, forwards=request.forwards)
    if not used_up and not stop():
        raise ArchiveError(disk.problem)
    seconds = time.monotonic() - started
    return RunResult(
        progress=breeding.progress,
        used_up=used_up,
        seconds=seconds,
        strategy=strategy.name,
    )


def _other_scores(archive: View[Population], fitness: Fitness) -> str:
    """Return a line if other scorers guided the population until now; else an empty one."""
    before, now = archive.population.scores(), fitness.names
    if not before or not {_kind(name) for name in before}.isdisjoint(map(_kind, now)):
        return ""
    by = listed(sorted({_kind(name) for name in before}), _NAMED)
    return (
        f"scored by {by} until now; goes on by {fitness.name}: "
        "'fancier run --fitness' chooses another"
    )


def _kind(scorer: str) -> str:
    """Return the name of a scorer without what tells its second looks and answers apart."""
    return scorer.removesuffix(AGAIN).partition("@")[0]


def _has_more(archive: View[Population], request: RunRequest) -> bool:
    """Return whether there is something to paint, before a model is loaded for it."""
    if archive.unpainted():
        return True
    ids, births = archive.ids(), archive.births()
    if request.images is not None and len(ids) >= request.images:
        return False
    if request.forwards is None:
        return True
    steps = search_on(archive.population.config, archive.population).founding.settings.steps
    return spent((births[i] for i in ids), steps) + steps <= request.forwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a run will take of the disk."""

    pictures: int
    """Those that are not born yet, and those that are born and not painted yet."""
    bytes: int
    """What they take, about."""
    free: int
    """Bytes that are free."""


def estimate(archive: View[Population], request: RunRequest) -> Estimate | None:
    """Return what a run of a branch will take of the disk; None if that cannot be known before."""
    if request.images is None or request.keep != "all":
        return None
    population = archive.population
    pictures = max(0, request.images - len(archive.ids())) + len(archive.unpainted())
    return Estimate(
        pictures=pictures,
        bytes=pictures * bytes_of_picture(population),
        free=Disk(population.path, request.reserve).free,
    )


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of a population, with a reserve that is not to be used up."""

    path: Path
    """Folder of the population."""
    reserve: int
    """Megabytes."""

    @property
    def free(self) -> int:
        """Bytes that are left."""
        return shutil.disk_usage(self.path).free

    @property
    def is_low(self) -> bool:
        """Whether only the reserve is left."""
        return self.free < self.reserve * 1_000_000

    @property
    def problem(self) -> str:
        """The message when it is low."""
        return (
            f"stopped with {self.free / 1e6:.0f} MB left on the disk of '{self.path.name}', to "
            f"leave {self.reserve} MB in reserve: everything up to now is saved; free some and "
            "start it again, or see --keep and --reserve of 'fancier run'"
        )
