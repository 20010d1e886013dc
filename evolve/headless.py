"""Breeding without a person: a score judges, generation by generation.

Each generation is asked for only when the one before is scored as a whole, so what is bred depends
on the seed and the scores alone, not on which picture was finished first: a run that was killed and
started again makes the very same individuals.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from evolve.archive import Archive, Score
from evolve.errors import RenderError
from evolve.individual import Verdict
from evolve.rendering.protocol import (
    Broken,
    Failed,
    Finished,
    Job,
    Renderer,
    RenderEvent,
    Stepped,
    as_render,
)
from evolve.scoring.protocol import Scorer
from evolve.search import Search


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
    ) -> None:
        """Prepare a run.

        Args:
            archive: Where everything is kept.
            search: Proposes individuals; must know those of the archive.
            renderer: Paints them.
            scorer: Judges them.
            page: Individuals per generation.
            stop: Asked often; when it says True the run ends soon, with everything saved.
            on_progress: Told after every picture and every generation.
        """
        self.archive, self.search, self.renderer, self.scorer = archive, search, renderer, scorer
        self.page, self._stop, self._on_progress = page, stop, on_progress
        self.progress = Progress()

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
                self._recall()
                return not self._stop()
            self._score()
            total = len(self.search.births)
            if (images is not None and total >= images) or _passed(deadline):
                return True
            if self._stop():
                return False
            count = self.page if images is None else min(self.page, images - total)
            self.archive.append(self.search.ask(count))

    def _paint(self, ids: list[int], deadline: float | None) -> bool:
        """Paint `ids`; False if stopped before all were done."""
        waiting = set(ids)
        self.renderer.submit([Job(i, self.archive.genome(i)) for i in ids])
        while waiting:
            if self._stop() or _passed(deadline):
                self.renderer.cancel(sorted(waiting))
                return False
            for event in self.renderer.poll(0.1):
                done = self._take(event)
                if done is not None:
                    waiting.discard(done)
                    self._report()
        return True

    def _take(self, event: RenderEvent) -> int | None:
        """Save what the renderer did; returns the id that is done."""
        if isinstance(event, Finished | Failed):
            self.archive.append([as_render(event)])
            if isinstance(event, Finished):
                self.progress.passes = event.passes
            return event.id
        if isinstance(event, Broken):
            raise RenderError(event.error)
        if isinstance(event, Stepped):
            self._on_progress(self.progress)
        return None

    def _score(self) -> None:
        """Score what is painted and has no score yet, save the scores, and tell the search."""
        known = self.archive.verdicts(self.scorer.name)
        failed = self.archive.failed()
        new: list[Score] = []
        for birth in self.search.births:
            verdict = known.get(birth.id)
            if birth.id in failed or (verdict is not None and verdict.score is not None):
                continue
            picture = self.archive.picture(birth.id)
            if picture is None:
                continue
            value = float(self.scorer.score([picture], [self.archive.genome(birth.id)])[0])
            new.append(Score(individual=birth.id, scorer=self.scorer.name, value=value))
        if new:
            self.archive.append(new)
        rejected = {i for i, v in self._recall().items() if v.rejected}
        # Scores alone decide here: what a person rated is for breeding by eye.
        scores = {i: s for i, s in self.progress.scores.items() if i not in rejected}
        self.search.tell(scores, forget=True)

    def _recall(self) -> Mapping[int, Verdict]:
        """Bring the progress up to what is in the archive; returns the verdicts there."""
        verdicts = self.archive.verdicts(self.scorer.name)
        self.progress.scores = {i: v.score for i, v in verdicts.items() if v.score is not None}
        self._report()
        return verdicts

    def _report(self) -> None:
        progress, births = self.progress, self.search.births
        progress.images = len(births) - len(self.archive.unpainted())
        progress.generations = births[-1].generation + 1 if births else 0
        if progress.scores:
            best = max(progress.scores, key=lambda i: (progress.scores[i], -i))
            progress.best = best, progress.scores[best]
            progress.mean_score = sum(progress.scores.values()) / len(progress.scores)
        self._on_progress(progress)


def _passed(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() >= deadline
