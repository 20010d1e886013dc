"""A renderer in a process of its own, whose death is an event and never the end of a session."""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from multiprocessing.connection import Connection

from evolve.own_files import changed_since
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process import early
from evolve.rendering.process.exit_codes import KILLED, is_from_outside, memory_kills
from evolve.rendering.process.spawning import spawned
from evolve.rendering.process.worker import Assignment, Cancel, Submit, serve
from evolve.rendering.protocol import (
    Broken,
    Drafted,
    Ended,
    Failed,
    Fetching,
    Finished,
    Measuring,
    Ready,
    RenderEvent,
    Restarted,
    Stepped,
    Task,
    Waitable,
)

TRIES = 3
"""How often the process may die painting a job alone, before the job is given up."""

PATIENCE = 600.0
"""Seconds without an event from a process that has jobs, before it counts as hung and is killed;
one step of a large model on a CPU takes minutes."""

RESTARTS = 5
"""Deaths in a row without a finished job between them, before the renderer is given up."""

STRIKES = 20
"""Kills from outside in a row, likewise, for which no job is blamed. More than that count as
deaths: some systems kill processes that take much memory."""


class ProcessRenderer(OwnedRenderer):
    """Paints in a child process and starts it again when it dies.

    When the process dies, the jobs that it had begun are painted again one by one. So a job that
    kills it (by a fault of a library, or for lack of memory) is found and reported as failed, and
    the others are painted. When it is killed from outside, they are painted together again.
    """

    def __init__(
        self,
        assignment: Assignment,
        *,
        target: Callable[[Connection, Assignment], None] = serve,
        patience: float = PATIENCE,
    ) -> None:
        """Start loading the model in the background; `poll` reports when it is ready.

        The child runs `target`, which it imports. If it has jobs, it is killed after as many
        seconds of `patience` without an event.
        """
        self._assignment = assignment
        self._target = target
        self._jobs: dict[int, Task] = {}  # not finished, the latest first
        self._begun: set[int] = set()  # of these, in the painter's hands
        self._drafts: set[int] = set()  # drafted, and neither gone on with nor cancelled
        self._suspects: list[int] = []  # begun when it died: painted alone, one after the other
        self._deaths: dict[int, int] = {}
        self._barren = self._strikes = 0
        self._passes = self._passes_before = 0  # of this process; of those that died
        self._loaded = self._hung = False
        self._patience, self._heard = patience, time.monotonic()
        self._ready = False
        self._over = False
        self._unstarted = ""
        self._start()

    @property
    def waitables(self) -> Sequence[Waitable]:
        """The pipe from the child."""
        return [] if self._over else [self._pipe]

    @property
    def pid(self) -> int | None:
        """Process id of the child; None after `close`."""
        return None if self._over or self._unstarted else self._process.pid

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs; returns at once."""
        if not self._jobs:
            self._heard = time.monotonic()  # without jobs there were no events
        new = {job.id: job for job in jobs}
        self._jobs = {**new, **self._jobs, **new}
        self._drafts.difference_update(new)
        tried = self._suspects[:1]
        self._send(Submit([job for job in jobs if not tried or job.id in tried]))

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs that have not ended, and drafts."""
        known = [i for i in ids if self._jobs.pop(i, None) or i in self._drafts]
        self._begun.difference_update(known)
        self._drafts.difference_update(known)
        self._send(Cancel(known))
        tried = self._suspects[:1]
        self._suspects = [i for i in self._suspects if i not in known]
        if tried != self._suspects[:1]:
            self._resume()

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return the events since the last call, waiting up to `timeout` seconds for the first."""
        events: list[RenderEvent] = []
        if self._over:
            time.sleep(timeout)  # so that a caller that goes on polling takes no time
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
            self._hung = True
            self._process.kill()  # the next poll finds it dead
        return events

    def close(self) -> None:
        """Kill the child: it has nothing to save."""
        self._over = True
        self._pipe.close()
        if not self._unstarted:
            self._process.kill()
            self._process.join(0.2)

    def _start(self) -> None:
        self._loaded = self._hung = False
        self._unstarted = ""
        self._memory_kills = memory_kills()
        taken = early.take(self._assignment) if self._target is serve else None
        try:
            self._process, self._pipe = taken or spawned(self._target, self._assignment)
        except (OSError, EOFError, ValueError) as error:
            self._unstarted = f"it could not be started: {error}"
            self._pipe, theirs = multiprocessing.Pipe()
            theirs.close()  # as of one that has died

    def _send(self, command: Submit | Cancel) -> None:
        # If it is dead, `poll` will notice, and the next one gets all jobs that have not ended.
        with contextlib.suppress(OSError):
            self._pipe.send(command)

    def _note(self, event: RenderEvent) -> list[RenderEvent]:
        if isinstance(event, Ready):
            self._loaded = True
            if self._ready:  # a restart; already reported as such
                return []
            self._ready = True
            return [event]
        if isinstance(event, Fetching | Measuring):
            return [event]
        if isinstance(event, Broken):
            self._over = True
            return [event]
        if isinstance(event, Stepped):
            if event.id not in self._jobs:
                return []  # cancelled in the meantime
            self._begun.add(event.id)
            return [event]
        assert isinstance(event, Ended)
        self._barren = self._strikes = 0
        job = self._jobs.get(event.id)
        if job is None or (isinstance(event, Drafted) and not event.answers(job)):
            return []  # cancelled in the meantime, and perhaps asked for otherwise
        del self._jobs[event.id]
        self._begun.discard(event.id)
        if isinstance(event, Drafted):
            self._drafts.add(event.id)
        if event.id in self._suspects:  # go on to the next, or back to painting all together
            self._suspects.remove(event.id)
            self._resume()
        if isinstance(event, Finished | Drafted):
            self._passes = event.passes
            return [replace(event, passes=self._passes_before + event.passes)]
        return [event]

    def _mourn(self) -> list[RenderEvent]:
        """Report that the child is dead, find suspects, and start another."""
        if not self._unstarted:
            self._process.join(1.0)
        self._passes, self._passes_before = 0, self._passes_before + self._passes
        unstarted = self._unstarted
        code = None if unstarted else self._process.exitcode
        outside = not (self._hung or unstarted) and is_from_outside(code, self._memory_kills)
        self._strikes += outside
        events: list[RenderEvent] = []
        if not outside or self._strikes > STRIKES:
            self._barren += len(self._begun) != 1  # that one is blamed instead
            if self._barren > RESTARTS:
                self._over = True
                how = unstarted or f"exit status {code}"
                died = f"the renderer died {self._barren} times in a row ({how})"
                doctor = "run 'fancier doctor' to see whether memory is short"
                return [Broken(f"{died}: {changed_since() or doctor}")]
            events = self._suspect(code)
        self._begun.clear()
        self._drafts.clear()
        self._start()
        self._resume()
        how = "was killed" if outside else f"died ({unstarted or f'exit status {code}'})"
        return [Restarted(f"the renderer {how} and was started again"), *events]

    def _suspect(self, code: int | None) -> list[RenderEvent]:
        """Blame the job that was begun when the process died, and fail it after some deaths."""
        events: list[RenderEvent] = []
        # If there were several, it is unknown which was to blame; during loading, none was.
        for i in sorted(self._begun) if len(self._begun) == 1 else []:
            self._deaths[i] = self._deaths.get(i, 0) + 1
            if self._deaths[i] >= TRIES:
                del self._jobs[i]
                self._barren = 0
                why = "out of memory?" if code == KILLED else f"exit status {code}"
                why = "it hung" if self._hung else why
                events.append(Failed(i, f"the renderer died painting it ({why})"))
        self._suspects = [i for i in self._jobs if i in self._begun or i in self._suspects]
        return events

    def _resume(self) -> None:
        if self._suspects:
            self._send(Submit([self._jobs[self._suspects[0]]]))
        elif self._jobs:
            self._send(Submit(list(self._jobs.values())))
