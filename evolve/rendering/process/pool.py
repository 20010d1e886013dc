"""Several renderers behind one, each in a process and on a device of its own.

A job goes to whichever has the least to do. What dies, hangs or runs out of memory is the business
of one process alone; one that cannot go on leaves its jobs to the others.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import wait

from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.rendering.protocol import (
    Broken,
    Encoded,
    Failed,
    Finished,
    OwnedRenderer,
    Ready,
    RenderEvent,
    Restarted,
    Task,
)


class _Member:
    """A renderer, and what it was given."""

    def __init__(self, renderer: ProcessRenderer) -> None:
        self.renderer = renderer
        self.jobs: set[int] = set()
        self.room = 0
        """How many jobs it takes at once; none before it is ready."""
        self.passes = 0


class Pool(OwnedRenderer):
    """Paints on several renderers."""

    def __init__(self, renderers: Sequence[ProcessRenderer]) -> None:
        """Paint on `renderers`, which are closed with the pool."""
        self._members = [_Member(renderer) for renderer in renderers]
        self._waiting: dict[int, Task] = {}  # not given to anybody yet, in order
        self._jobs: dict[int, Task] = {}  # not finished

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs; returns at once."""
        new = {job.id: job for job in jobs if job.id not in self._jobs}
        self._jobs.update(new)
        self._waiting = {**new, **self._waiting}
        self._give_out()

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs that are not finished."""
        for i in ids:
            self._jobs.pop(i, None)
            self._waiting.pop(i, None)
        for member in self._members:
            member.renderer.cancel([i for i in ids if i in member.jobs])
            member.jobs.difference_update(ids)
        self._give_out()

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return what has happened, waiting up to `timeout` seconds for the first event."""
        if not self._members:
            time.sleep(timeout)  # nothing will happen any more
            return []
        wait([member.renderer.events for member in self._members], timeout)
        told: list[RenderEvent] = []
        for member in list(self._members):
            for event in member.renderer.poll(0.0):
                told += self._note(member, event)
        self._give_out()
        return told

    def close(self) -> None:
        """Stop all of them, whatever they are doing."""
        for member in self._members:
            member.renderer.close()
        self._members.clear()

    def _give_out(self) -> None:
        """Give each waiting job to the one with the least to do, as long as any has room."""
        given: dict[int, list[Task]] = {}
        while self._waiting:
            free = [m for m in self._members if len(m.jobs) < m.room]
            if not free:
                break
            member = min(free, key=lambda m: len(m.jobs))
            job = self._waiting.pop(next(iter(self._waiting)))
            member.jobs.add(job.id)
            given.setdefault(self._members.index(member), []).append(job)
        for place, jobs in given.items():
            self._members[place].renderer.submit(jobs)

    def _note(self, member: _Member, event: RenderEvent) -> list[RenderEvent]:
        if isinstance(event, Ready):
            first = not any(each.room for each in self._members)
            # What fills its forwards, and as much again to go on with at once.
            member.room = 2 * (event.info.record.get("rows") or 1)
            return [event] if first else []
        if isinstance(event, Broken):
            self._members.remove(member)
            member.renderer.close()
            back = {i: self._jobs[i] for i in sorted(member.jobs)}
            self._waiting = {**back, **self._waiting}
            if not self._members:
                return [event]
            return [Restarted(f"one of the renderers is given up, others go on: {event.error}")]
        if isinstance(event, Finished | Encoded | Failed):
            member.jobs.discard(event.id)
            self._jobs.pop(event.id, None)
        if isinstance(event, Finished):
            member.passes = event.passes
            return [replace(event, passes=sum(each.passes for each in self._members))]
        return [event]
