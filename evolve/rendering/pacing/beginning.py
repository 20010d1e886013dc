"""Which job is begun next, so that forwards are full and the last picture comes early.

In order, as long as there is much to do: the first pictures are finished early. When what is left
of those that were asked for together fills two forwards at most, the longest is begun first, for
else it would go on alone at the end, in forwards that are nearly empty (list scheduling by the
longest processing time, Graham 1969). Then all of them are begun, though not all fit into one
forward: which of them go into the next one is chosen each time (`batching/choosing.py`). What was
asked for earlier keeps nothing of the latest from being begun.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence

from evolve.rendering.batching.choosing import Turn
from evolve.rendering.protocol import Job, Task

LAST = 2
"""Forwards that what is left fills when the longest is begun first."""

FORESEEN = 64
"""Jobs among which the next is chosen."""

ALL_STEPS = 1 << 30
"""More than any job has: what is no picture is begun first."""


class Order:
    """Which of a queue of jobs is begun next; only what was asked for together changes places."""

    def __init__(self, drafted: Callable[[Job], int] = lambda job: 0) -> None:
        """Begin with nothing asked for; `drafted` returns the steps of a job that are done."""
        self._drafted = drafted
        self._batches: dict[int, int] = {}
        self._taken = 0
        self._rows_of: dict[bool, int] = {}
        self._beginning: dict[int, Job] = {}
        self._under_way: dict[int, int] = {}

    def note(self, jobs: Sequence[Task]) -> None:
        """Take in that jobs are asked for together."""
        self._taken += 1
        self._batches.update((job.id, self._taken) for job in jobs)

    def forget(self, jobs: Iterable[int]) -> None:
        """Take in that jobs that were not begun are cancelled."""
        for job in jobs:
            self._batches.pop(job, None)

    def begin(self, job: Job) -> None:
        """Take in that a job is begun, which has not asked the denoiser yet."""
        self._beginning[job.id] = job

    def parked(self, job: Job, rows: int, *, done: int, until: int) -> Turn:
        """Take in that a job waits for the denoiser, for so many rows; return what is known of it.

        Its steps up to `done`, with those that it holds, are done; after `until` it ends, or a
        draft of it.
        """
        if self._beginning.pop(job.id, None) is not None:
            self._rows_of[job.genome.settings.is_guided] = rows
        begun = done > job.genome.held_steps
        return Turn(max(1, until - done), self._under_way.get(job.id, 0), begun=begun)

    def end(self, job: Task) -> None:
        """Take in that a job has ended."""
        self._beginning.pop(job.id, None)
        self._under_way.pop(job.id, None)

    def next(
        self, queue: Sequence[Task], waiting_since: Callable[[int], int], rows: int
    ) -> int | None:
        """Return the place in a queue of the job that is begun now, which leaves it.

        `waiting_since` is that of a `Station`; a forward has `rows`.
        """
        if not queue:
            return None
        batch = self._batches.get(queue[0].id, 0)
        together = itertools.takewhile(lambda job: self._batches.get(job.id, 0) == batch, queue)
        ahead = list(itertools.islice(together, FORESEEN))
        first = batch if rows > 1 else 0  # one by one, nothing waits that is begun
        since = {number: other for number, other in self._under_way.items() if other >= first}
        beginning = (job for number, job in self._beginning.items() if number in since)
        busy = waiting_since(first) + sum(self._size(job)[0] for job in beginning)
        alone = all(other == batch for other in since.values())
        place = next_of([self._size(job) for job in ahead], busy, rows, alone=alone)
        if place is not None:
            self._batches.pop(ahead[place].id, None)
            self._under_way[ahead[place].id] = batch
        return place

    def _size(self, job: Task) -> tuple[int, int]:
        """Return the rows that a step of a job takes, as far as is known, and its steps left."""
        if not isinstance(job, Job):
            return 1, ALL_STEPS
        settings = job.genome.settings
        done = max(job.genome.held_steps, self._drafted(job))
        left = max(1, (job.until or settings.steps) - done)
        return self._rows_of.get(settings.is_guided, settings.rows), left


def next_of(
    waiting: Sequence[tuple[int, int]], busy: int, rows: int, *, alone: bool = True
) -> int | None:
    """Return the place of the job that is begun next; None if there is no room for any.

    Args:
        waiting: Of each job that waits, in order, the rows that a step takes, and its steps left.
        busy: Rows that those under way take, but for what was asked for earlier.
        rows: Of a forward.
        alone: Whether all of these were asked for together with those that wait.
    """
    last = busy + sum(taken for taken, _ in waiting) <= LAST * rows
    if last and alone and rows > 1:
        return max(range(len(waiting)), key=lambda k: (waiting[k][1], -k), default=None)
    fitting = [k for k, (taken, _) in enumerate(waiting) if not busy or busy + taken <= rows]
    if not fitting:
        return None
    if not last:
        return fitting[0]
    return max(fitting, key=lambda k: (waiting[k][1], -k))
