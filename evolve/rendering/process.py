"""A renderer in a process of its own: its death is an event, never the end of a session."""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
import time
import types
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

from evolve.archive import Picture
from evolve.errors import RenderError
from evolve.genome import Genome
from evolve.rendering.protocol import (
    Broken,
    Encoded,
    Failed,
    Fetching,
    Finished,
    Job,
    Ready,
    RenderEvent,
    Restarted,
    Stepped,
    Task,
)
from evolve.rendering.worker import Assignment, Cancel, Submit, serve

TRIES = 3
"""How often the process may die painting a job alone, before the job is given up."""

PATIENCE = 600.0
"""Seconds without a sign of life in which there is something to paint, before the process counts as
hung and is killed; one step of a large model on a processor takes minutes."""

RESTARTS = 5
"""Deaths in a row without a finished picture between them, before the renderer is given up."""


def load_renderer(
    model: str, *, device: str | None = None, rows: int | None = None, log: Path | None = None
) -> ProcessRenderer:
    """Return a renderer of `model` in a process of its own; use it in a `with` statement.

    Args:
        model: Name of the model.
        device: The torch device to paint on; the best one if not given.
        rows: Rows of a forward, to paint as was painted before; 0 paints one by one.
        log: File for what libraries print.
    """
    return ProcessRenderer(Assignment(model=model, device=device, rows=rows, log=log))


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module: a child would import it, and run a script that has no guard again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


class ProcessRenderer:
    """Paints in a child process and starts it again when it dies.

    When the process dies, the jobs it had begun are painted again one by one, so that a job that
    kills it (a poison genome, or one too large for the memory) is found and reported as failed,
    and the others are painted.
    """

    def __init__(
        self,
        assignment: Assignment,
        *,
        target: Callable[[Connection, Assignment], None] = serve,
        patience: float = PATIENCE,
    ) -> None:
        """Start loading the model in the background; `poll` tells when it is ready.

        Args:
            assignment: What the child is to do.
            target: What the child runs; must be importable there.
            patience: Seconds without a sign of life before a child that paints is killed.
        """
        self._assignment = assignment
        self._target = target
        self._jobs: dict[int, Task] = {}  # not finished, in order
        self._begun: set[int] = set()  # of these, in the painter's hands
        self._suspects: list[int] = []  # begun at a death: painted alone, one after the other
        self._deaths: dict[int, int] = {}
        self._barren = 0
        self._patience, self._heard = patience, time.monotonic()
        self._ready = False
        self._over = False
        self._start()

    @property
    def pid(self) -> int | None:
        """Process id of the child; None after `close`."""
        return None if self._over else self._process.pid

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs; returns at once."""
        if not self._jobs:
            self._heard = time.monotonic()  # silent until now for want of work
        for job in jobs:
            self._jobs[job.id] = job
        if not self._suspects:
            self._send(Submit(list(jobs)))

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs that are not finished."""
        known = [i for i in ids if self._jobs.pop(i, None)]
        self._begun.difference_update(known)
        self._send(Cancel(known))
        tried, self._suspects = (
            self._suspects[:1],
            [i for i in self._suspects if i not in known],
        )
        if tried != self._suspects[:1]:
            self._resume()

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return what has happened, waiting up to `timeout` seconds for the first event."""
        events: list[RenderEvent] = []
        if self._over:
            time.sleep(timeout)  # nothing will happen any more; the caller need not be told at once
            return events
        deadline = time.monotonic() + timeout
        try:
            while not self._over and self._pipe.poll(max(0.0, deadline - time.monotonic())):
                events += self._note(self._pipe.recv())
                self._heard = time.monotonic()
                deadline = 0.0  # take what is there, wait no longer
        except (EOFError, OSError):
            events += self._mourn()
        busy = self._loaded and self._jobs
        if busy and time.monotonic() - self._heard > self._patience:
            self._process.kill()  # hung; the next poll finds it dead
        return events

    def paint(
        self, genomes: Sequence[Genome], done: Callable[[], None] = lambda: None
    ) -> list[Picture]:
        """Paint `genomes` and return their pictures in order; `done` is called after each.

        Raises:
            RenderError: One of them could not be painted.
        """
        pictures: dict[int, Picture] = {}
        self.submit([Job(i, genome) for i, genome in enumerate(genomes)])
        while len(pictures) < len(genomes):
            for event in self.poll(0.2):
                if isinstance(event, Broken | Failed):
                    raise RenderError(event.error)
                if isinstance(event, Finished):
                    pictures[event.id] = event.picture
                    done()
        return [pictures[i] for i in range(len(genomes))]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the child, whatever it is doing: it has nothing to put away."""
        self._over = True
        self._pipe.close()
        self._process.kill()
        self._process.join(0.2)

    def _start(self) -> None:
        # A fresh interpreter: a fork would copy the app's threads and locks in any state.
        context = multiprocessing.get_context("spawn")
        self._loaded = False
        self._pipe: Connection
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=self._target,
            args=(theirs, self._assignment),
            name="fancier-renderer",
            daemon=True,
        )
        with _without_main():
            self._process.start()
        theirs.close()  # so that its death closes the pipe

    def _send(self, command: Submit | Cancel) -> None:
        # If it is dead, `poll` will notice and bring all unfinished jobs to the next one.
        with contextlib.suppress(OSError):
            self._pipe.send(command)

    def _note(self, event: RenderEvent) -> list[RenderEvent]:
        if isinstance(event, Ready):
            self._loaded = True
            if self._ready:
                return []  # a restart; already told as such
            self._ready = True
            return [event]
        if isinstance(event, Fetching):
            return [event]
        if isinstance(event, Broken):
            self._over = True
            return [event]
        if isinstance(event, Stepped):
            if event.id not in self._jobs:
                return []  # cancelled in the meantime
            self._begun.add(event.id)
            return [event]
        assert isinstance(event, Finished | Encoded | Failed)
        self._barren = 0
        if self._jobs.pop(event.id, None) is None:
            return []  # cancelled in the meantime
        self._begun.discard(event.id)
        self._acquit(event.id)
        return [event]

    def _acquit(self, job: int) -> None:
        """Go on to the next suspect, or back to painting everything together."""
        if job in self._suspects:
            self._suspects.remove(job)
            self._resume()

    def _mourn(self) -> list[RenderEvent]:
        """The child is dead: report, find suspects, start another."""
        self._process.join(1.0)
        code = self._process.exitcode
        self._barren += 1
        if self._barren > RESTARTS:
            self._over = True
            return [
                Broken(
                    f"the renderer died {self._barren} times in a row (exit status {code}): "
                    "run 'fancier doctor' to see whether memory is short"
                )
            ]
        events: list[RenderEvent] = []
        # Of several nobody knows whose fault it was; while loading it is nobody's.
        for i in sorted(self._begun) if len(self._begun) == 1 else []:
            self._deaths[i] = self._deaths.get(i, 0) + 1
            if self._deaths[i] >= TRIES:
                del self._jobs[i]
                self._barren = 0
                why = "out of memory?" if code == -9 else f"exit status {code}"
                events.append(Failed(i, f"the renderer died painting it ({why})"))
        self._suspects = [i for i in self._jobs if i in self._begun or i in self._suspects]
        self._begun.clear()
        self._start()
        self._resume()
        return [Restarted(f"the renderer died (exit status {code}) and was started again"), *events]

    def _resume(self) -> None:
        if self._suspects:
            self._send(Submit([self._jobs[self._suspects[0]]]))
        elif self._jobs:
            self._send(Submit(list(self._jobs.values())))
