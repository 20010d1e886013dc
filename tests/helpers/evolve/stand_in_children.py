"""A renderer's child that is in fact here: it does what chance says, and may die at any moment."""

import multiprocessing
from collections.abc import Callable, Collection, Sequence
from random import Random

import numpy as np

from evolve.genome import Genome
from evolve.rendering.protocol import (
    Described,
    Drafted,
    Finished,
    Job,
    ModelInfo,
    Ready,
    RenderEvent,
    Stepped,
    Task,
)
from evolve.scoring.looks.sight import Sight

INFO = ModelInfo(name="any", latent=(1, 2, 2), pixels=(2, 2), record={"rows": 3})
BLACK = np.zeros((2, 2, 3), np.uint8)


class Child:
    """Paints jobs as a painter does, and is its own process: both ends of its pipe are here."""

    pid = 1

    def __init__(self, chance: Random, deadly: Collection[Genome], dies: Callable[[], bool]):
        """Die of what is `deadly`, and whenever it `dies`."""
        self.chance, self.deadly, self.dies = chance, deadly, dies
        self.theirs, self._pipe = multiprocessing.Pipe()
        self.exitcode: int | None = None
        self._loaded, self._passes = False, 0
        self._queue: list[Task] = []
        self._begun: dict[int, tuple[Job, int]] = {}
        self._drafts: dict[int, int] = {}

    def join(self, timeout: float) -> None:
        """Be dead already."""

    def kill(self, code: int = -9) -> None:
        self.exitcode = code
        self._pipe.close()

    def live(self) -> None:
        """Obey some commands, and paint a step of some jobs."""
        while self._loaded and self._pipe.poll(0) and self.chance.random() < 0.7:
            command = self._pipe.recv()
            if hasattr(command, "jobs"):
                self._take(command.jobs)
            else:
                self._leave(command.ids)
        if not self._loaded and self.chance.random() < 0.5:
            self._loaded = True
            self._tell(Ready(INFO))
        while self._queue and len(self._begun) < 4:
            self._begin(self._queue.pop(0))
        for job, step in list(self._begun.values()):
            if self.exitcode is None and self.chance.random() < 0.6:
                self._step(job, step + 1)

    def _take(self, jobs: Sequence[Task]) -> None:
        latest = {job.id: job for job in jobs}
        for i in latest.keys() & self._begun.keys():
            self._begun[i] = latest[i], self._begun[i][1]  # type: ignore[assignment]
        known = {job.id for job in self._queue} | self._begun.keys()
        self._queue = [latest.get(job.id, job) for job in self._queue]
        self._queue[:0] = [job for job in jobs if job.id not in known]

    def _leave(self, ids: Sequence[int]) -> None:
        self._queue = [job for job in self._queue if job.id not in ids]
        for i in ids:
            self._begun.pop(i, None)
            self._drafts.pop(i, None)

    def _begin(self, task: Task) -> None:
        if not isinstance(task, Job):
            return self._tell(Described(task.id, Sight(())))
        if task.id not in self._drafts:
            self._tell(Stepped(task.id, 0, task.genome.settings.steps))
        self._begun[task.id] = task, self._drafts.pop(task.id, 0)

    def _step(self, job: Job, step: int) -> None:
        if job.genome in self.deadly:
            return self.kill(9)
        if self.dies():
            return self.kill(self.chance.choice([-9, 3]))
        self._passes += 1
        self._begun[job.id] = job, step
        self._tell(Stepped(job.id, step, job.genome.settings.steps))
        if step == job.until:
            self._drafts[job.id] = step
            self._tell(Drafted(job.id, step, BLACK, self._passes))
        elif step == job.genome.settings.steps:
            record = {"genome": job.genome.digest}
            self._tell(Finished(job.id, BLACK, record, self._passes, job.genome.noise))
        else:
            return
        del self._begun[job.id]

    def _tell(self, event: RenderEvent) -> None:
        self._pipe.send(event)
