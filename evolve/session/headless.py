"""Breeding without a person: a score judges, generation by generation.

Each generation is asked for only when the one before is scored as a whole, so what is bred depends
on the seed and the scores alone, not on which picture was finished first: a run that was killed and
started again makes the very same individuals.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from evolve.rendering.painting import paint
from evolve.rendering.protocol import (
    Failed,
    Finished,
    Job,
    Renderer,
    Stepped,
    as_render,
)
from evolve.scoring.protocol import Scorer
from evolve.search import Search
from evolve.search.verdicts import Verdicts
from evolve.session.archive import Archive, Score


@dataclass(slots=True)
class Progress:
    """How far a run is."""

    images: int = 0
    """Individuals painted (or failed) in the population."""
    generations: int = 0
    passes: int = 0
    """Denoiser forwards of this run."""
    best: tuple[int, float] | None = None
    """Id and score of the best."""
    mean_score: float | None = None
    scores: dict[int, float] = field(default_factory=dict)
    total: float = 0.0
    """Sum of the scores."""

    def add(self, individual: int, score: float) -> None:
        """Take in the score of an individual that had none."""
        self.scores[individual] = score
        self.total += score
        self.mean_score = self.total / len(self.scores)
        if math.isfinite(score) and (self.best is None or score > self.best[1]):
            self.best = individual, score


class Run:
    """Breeds a population up to a number of images."""

    def __init__(
        self,
        archive: Archive,
        search: Search,
        renderer: Renderer,
        scorer: Scorer,
        *,
        page: int,
        stop: Callable[[], bool] = lambda: False,
        on_progress: Callable[[Progress], None] = lambda progress: None,
        on_generation: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare a run.

        Args:
            archive: Where everything is kept.
            search: Proposes individuals; must know those of the archive.
            renderer: Paints them.
            scorer: Judges them.
            page: Individuals per generation.
            stop: Asked often; when it says True the run ends soon, with everything saved.
            on_progress: Called after every picture and every generation.
            on_generation: Called when a generation is painted and scored.
        """
        self.archive, self.search, self.renderer, self.scorer = archive, search, renderer, scorer
        self.page, self._stop, self._on_progress = page, stop, on_progress
        self._on_generation = on_generation
        self.progress = Progress()
        self._rejected: set[int] = set()

    def to(self, images: int | None, deadline: float | None = None) -> bool:
        """Breed until the population has `images` individuals, or `time.monotonic()` is `deadline`.

        Returns:
            True if the budget was used up, False if `stop` ended the run.

        Raises:
            RenderError: The renderer cannot work.
        """
        self._recall()
        while True:
            if not self._paint(self.archive.unpainted(), deadline):
                return not self._stop()
            self._score()
            self._on_generation()
            total = len(self.archive.ids())
            if (images is not None and total >= images) or _passed(deadline):
                return True
            if self._stop():
                return False
            count = self.page if images is None else min(self.page, images - total)
            self.archive.append(self.search.bear(partial(Search.ask, count=count)))

    def _paint(self, ids: list[int], deadline: float | None) -> bool:
        """Paint `ids`; False if stopped before all were done."""
        waiting = set(ids)
        self._report(len(waiting))
        jobs = [Job(i, self.archive.genome(i)) for i in ids]
        for event in paint(self.renderer, jobs, stop=lambda: self._stop() or _passed(deadline)):
            if isinstance(event, Finished | Failed):
                self.archive.append([as_render(event)])
                if isinstance(event, Finished):
                    self.progress.passes = event.passes
                waiting.discard(event.id)
                self._report(len(waiting))
            elif isinstance(event, Stepped):
                self._on_progress(self.progress)
        return not waiting

    def _score(self) -> None:
        """Score what is painted and has no score yet, save the scores, and pass them on."""
        known, failed = self.progress.scores, self.archive.failed()
        new: dict[int, float] = {}
        for i in self.archive.ids():
            if i in known or i in failed:
                continue
            picture = self.archive.picture(i)
            if picture is not None:
                new[i] = float(self.scorer.score([picture], [self.archive.genome(i)])[0])
        if new:
            name = self.scorer.name
            self.archive.append([Score(individual=i, scorer=name, value=s) for i, s in new.items()])
        self._learn(new)

    def _recall(self) -> None:
        """Take in the scores that are in the archive."""
        verdicts = Verdicts.of(self.archive.verdicts(self.scorer.name))
        self._rejected = {i for i, v in verdicts.judged.items() if v.rejected}
        self.progress = Progress(passes=self.progress.passes)
        self.search.tell({}, forget=True)
        self._learn(verdicts.scores.to_dict())

    def _learn(self, scores: dict[int, float]) -> None:
        """Scores alone decide here: what a person rated is for breeding by eye."""
        for i, score in scores.items():
            self.progress.add(i, score)
        self.search.tell({i: s for i, s in scores.items() if i not in self._rejected})

    def _report(self, unpainted: int) -> None:
        births = self.search.births
        self.progress.images = len(self.archive.ids()) - unpainted
        self.progress.generations = int(births.generations[-1]) + 1 if len(births) else 0
        self._on_progress(self.progress)


def _passed(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() >= deadline
