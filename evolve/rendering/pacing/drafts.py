"""Drafts: paintings that stopped after a step, kept so that they can be gone on with.

Each is the fibre of its pipeline call as it stands, so what it comes to later is, bit for bit, what
it would have come to without a stop.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Set
from dataclasses import replace
from typing import NamedTuple

from evolve.rendering.batching.paused import Paused
from evolve.rendering.protocol import Job, Task

MOST = 256
"""Drafts kept; one holds a few latents and the encoded words."""


class _Kept(NamedTuple):
    genome: str
    draft: Paused
    rows: int | None
    step: int


class Drafts:
    """The drafts of one painter, and which are wanted."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, _Kept] = OrderedDict()
        self._until: dict[int, int] = {}

    def until(self, job: int) -> int | None:
        """Return the step after which a job that is under way stops; None if it does not."""
        return self._until.get(job)

    def ask_again(self, job: Job) -> None:
        """Have a job that is under way stop where it is asked to now, if anywhere."""
        self._until.pop(job.id, None)
        if job.until is not None:
            self._until[job.id] = job.until

    def as_asked(self, job: Task) -> Task:
        """Return a job that has ended as it was asked for last."""
        if not isinstance(job, Job):
            return job
        return replace(job, until=self._until.pop(job.id, None))

    def taken(self, job: Job) -> tuple[Paused, int | None] | None:
        """Return where to go on with a job, and the rows it had; None if it has to begin."""
        self.ask_again(job)
        if (kept := self._kept.pop(job.id, None)) is None:
            return None
        if kept.genome != job.genome.digest:
            kept.draft.give_up()
            return None
        return kept.draft, kept.rows

    def step(self, job: Job) -> int:
        """Return the step after which a draft of a job is kept; 0 if there is none."""
        kept = self._kept.get(job.id)
        return kept.step if kept is not None and kept.genome == job.genome.digest else 0

    def keep(self, job: Job, draft: Paused, rows: int | None, step: int) -> None:
        """Keep a draft that stopped after a step; if there are too many the oldest is given up.

        `rows` are those of its last forward.
        """
        self._kept[job.id] = _Kept(job.genome.digest, draft, rows, step)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)[1].draft.give_up()

    def give_up(self, jobs: Set[int]) -> None:
        """Give up the drafts of jobs that are cancelled."""
        for job in self._kept.keys() & jobs:
            self._kept.pop(job).draft.give_up()
