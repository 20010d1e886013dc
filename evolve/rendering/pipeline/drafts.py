"""Drafts: paintings that stopped after a step, kept so that they can be gone on with.

Each is the fibre of its pipeline call as it stands, so what it comes to later is, bit for bit, what
it would have come to without a stop.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Set

from evolve.rendering.batching.fibres import Paused
from evolve.rendering.protocol import Job

MOST = 256
"""Drafts kept; one holds a few latents and the encoded words."""


class Drafts:
    """The drafts of one painter, and which are wanted."""

    def __init__(self, most: int = MOST) -> None:
        """Keep so many at most."""
        self._most = most
        self._kept: OrderedDict[int, tuple[str, Paused, int | None]] = OrderedDict()
        self._until: dict[int, int] = {}

    def is_wanted(self, job: int, step: int) -> bool:
        """Return whether a job stops after a step, which it has just done."""
        return self._until.get(job) == step

    def until(self, job: int) -> int | None:
        """Return the step after which a job that is under way stops; None if it does not."""
        return self._until.get(job)

    def taken(self, job: Job) -> tuple[Paused, int | None] | None:
        """Return where to go on with a job, and the rows it had; None if it has to begin."""
        self._until.pop(job.id, None)
        if job.until is not None:
            self._until[job.id] = job.until
        genome, draft, rows = self._kept.pop(job.id, ("", None, None))
        if draft is None:
            return None
        if genome != job.genome.digest:
            draft.give_up()
            return None
        return draft, rows

    def keep(self, job: Job, draft: Paused, rows: int | None) -> None:
        """Keep a draft; if there are too many the oldest is given up.

        Args:
            job: What is drafted.
            draft: Where to go on.
            rows: Of its last forward.
        """
        self._until.pop(job.id, None)
        self._kept[job.id] = job.genome.digest, draft, rows
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)[1][1].give_up()

    def give_up(self, jobs: Set[int]) -> None:
        """Give up the drafts of jobs that are cancelled."""
        for job in self._kept.keys() & jobs:
            self._kept.pop(job)[1].give_up()
