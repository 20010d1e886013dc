"""Pages that are chosen among candidates, which are painted first.

Nothing is saved before the page is chosen: asked for again after a kill, it is the same. Candidates
that are not shown are no individuals; their pictures are kept with those that were painted ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from evolve.errors import PicturesMissing, RenderError
from evolve.genome import Genome
from evolve.recent import Recent
from evolve.rendering.painting import paint, task_ids
from evolve.rendering.protocol import (
    Described,
    Failed,
    Finished,
    Job,
    Renderer,
    RenderEvent,
    Stepped,
)
from evolve.scoring.looks.embedding import Embedding, looks
from evolve.search import Ask, Search
from evolve.search.individual import Individual
from evolve.search.plan import Plan
from evolve.session.events import DraftsPainted
from evolve.session.requests import Breed, Choose

KEPT = 1024
"""Genomes whose embeddings are kept at hand: they are needed after each answer."""


class ChosenPages:
    """The page that is being chosen, if there is one."""

    def __init__(self) -> None:
        self._request: Breed | None = None
        self._flying: dict[int, str] = {}
        """Digests of the genomes that are being painted, by task."""
        self._shares: dict[int, float] = {}
        """The painted share of each that has begun, by task."""
        self._painted_now = 0
        """Candidates painted since the page was asked for."""
        self._ended: dict[str, Finished | Failed] = {}
        self._wanted: frozenset[str] = frozenset()
        """Digests of all candidates."""
        self._looks = Recent[str, tuple[Embedding, ...]](KEPT)
        self.ahead: Callable[[str], Finished | None] = lambda digest: None
        """Returns what was painted ahead, by the digest of the genome."""

    def looks_of(self, genome: Genome) -> Sequence[Embedding] | None:
        """Return the embeddings of a candidate's picture; None if it is not painted.

        Empty if its painting failed.
        """
        digest = genome.digest
        if (known := self._looks.get(digest)) is not None:
            return known
        ended = self._ended.get(digest) or self.ahead(digest)
        if ended is None:
            return None
        self._looks[digest] = looks(ended.record) if isinstance(ended, Finished) else ()
        return self._looks[digest]

    @property
    def is_busy(self) -> bool:
        """Whether a page is being chosen."""
        return self._request is not None

    @property
    def progress(self) -> DraftsPainted:
        """The progress of the candidates; its work and rest have none that were painted ahead."""
        painted, parts = sum(d in self._ended for d in self._wanted), sum(self._shares.values())
        work, rest = self._painted_now + parts, len(self._flying) - parts
        return DraftsPainted(painted, len(self._wanted), choosing=True, work=work, rest=rest)

    def begin(self, request: Choose) -> list[Job]:
        """Return the candidates that are left to paint."""
        self._request = request.request
        wanted = {genome.digest: genome for genome in request.genomes}
        self._wanted = frozenset(wanted)
        self._painted_now = 0
        jobs = [
            Job(next(task_ids), genome)
            for digest, genome in wanted.items()
            if digest not in self._ended
        ]
        self._flying.update((job.id, job.genome.digest) for job in jobs)
        return jobs

    def step(self, event: Stepped) -> bool:
        """Note the progress of a task; return whether all tasks together are a picture further.

        Pictures of a batch end together: their steps show the progress between.
        """
        if event.id not in self._flying or not event.step:
            return False
        before = int(self.progress.work)
        self._shares[event.id] = event.step / event.steps
        return int(self.progress.work) > before

    def take(self, event: Finished | Described | Failed) -> bool:
        """Note the end of a task; return False for other tasks."""
        if (digest := self._flying.pop(event.id, None)) is None:
            return False
        assert not isinstance(event, Described)
        self._painted_now += self._shares.pop(event.id, 0.0) > 0
        self._ended[digest] = event
        return True

    def painted(self, born: Sequence[Individual]) -> list[Finished | Failed]:
        """Return the ends of painting of those newborns that were candidates; each once."""
        found = [(i.id, self._ended.pop(i.genome.digest, None)) for i in born]
        return [replace(ended, id=id) for id, ended in found if ended is not None]

    def left(self) -> list[tuple[str, Finished]]:
        """Return the pictures that no individual has, once nothing is being chosen; each once."""
        if self.is_busy or self._flying:
            return []
        ended, self._ended = self._ended, {}
        return [(digest, one) for digest, one in ended.items() if isinstance(one, Finished)]

    def released(self) -> Breed | None:
        """Return the page once its candidates are painted; only once."""
        if self._flying:
            return None
        ready, self._request = self._request, None
        return ready

    def give_up(self, renderer: Renderer) -> Breed | None:
        """Stop choosing; return the request for the page that was being chosen, if one was."""
        if (chosen := self._request) is not None:
            renderer.cancel(list(self._flying))
            self._request = None
            self._flying.clear()
            self._shares.clear()
        return chosen


def bear_among_painted(
    search: Search,
    ask: Ask,
    renderer: Renderer,
    pages: ChosenPages,
    *,
    on_event: Callable[[RenderEvent], None] = lambda event: None,
    on_painted: Callable[[int, int], None] = lambda painted, wanted: None,
) -> list[Individual | Plan]:
    """Return what is to be saved of a page, once its candidates are painted.

    The renderer has no other work; `on_painted` receives the numbers of painted candidates and of
    all.

    Raises:
        RenderError: The renderer cannot work, or was stopped.
    """
    search.looks_of = pages.looks_of
    while True:
        try:
            return search.bear(ask)
        except PicturesMissing as missing:
            jobs = pages.begin(Choose(Breed(ask), missing.genomes))
        for event in paint(renderer, jobs):
            on_event(event)
            if isinstance(event, Finished | Failed) and pages.take(event):
                on_painted(pages.progress.painted, pages.progress.wanted)
        if pages.released() is None:
            raise RenderError("painting was stopped before the page could be chosen")
