"""Several renderers behind one, each on a device of its own, in whatever process or machine.

A job goes to whichever has the least to do. What dies, hangs or runs out of memory is the business
of one renderer alone; one that cannot go on leaves its jobs to the others.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing.connection import wait

from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.protocol import (
    Broken,
    Drafted,
    Ended,
    Finished,
    Ready,
    Renderer,
    RenderEvent,
    Restarted,
    Task,
    Waitable,
)

INTERVAL_S = 0.02
"""Seconds from one look to the next at a renderer that nothing can be waited for."""


class _Member:
    """A renderer, and what it was given."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        self.jobs: set[int] = set()
        self.drafts: set[int] = set()
        """Jobs that it can go on with."""
        self.room = 0
        """How many jobs it takes at once; none before it is ready."""
        self.passes = 0


class Pool(OwnedRenderer):
    """Paints on several renderers."""

    def __init__(self, renderers: Sequence[Renderer]) -> None:
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
            member.renderer.cancel([i for i in ids if i in member.jobs | member.drafts])
            member.jobs.difference_update(ids)
            member.drafts.difference_update(ids)
        self._give_out()

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return what has happened, waiting up to `timeout` seconds for the first event."""
        if not self._members:
            time.sleep(timeout)  # nothing will happen any more
            return []
        deadline = time.monotonic() + timeout
        while True:
            self._wait(max(0.0, deadline - time.monotonic()))
            events: list[RenderEvent] = []
            for member in list(self._members):
                for event in member.renderer.poll(0.0):
                    events += self._note(member, event)
            self._give_out()
            if events or time.monotonic() >= deadline or not self._is_silent:
                return events

    @property
    def waitables(self) -> Sequence[Waitable]:
        """What can be waited for of all of them; empty if that is not all there is to hear."""
        return [] if self._is_silent else self._some_waitables

    @property
    def _some_waitables(self) -> list[Waitable]:
        return [each for member in self._members for each in member.renderer.waitables]

    @property
    def _is_silent(self) -> bool:
        """Whether nothing shows that one of them has something to say."""
        return any(not member.renderer.waitables for member in self._members)

    def _wait(self, timeout: float) -> None:
        """Wait until something happens, or until it is time to look at those that are silent."""
        if self._is_silent:
            timeout = min(timeout, INTERVAL_S)
        waitables = self._some_waitables
        if waitables:
            wait(waitables, timeout)
        else:
            time.sleep(timeout)

    def close(self) -> None:
        """Stop all of them, whatever they are doing."""
        for member in self._members:
            member.renderer.close()
        self._members.clear()

    def _give_out(self) -> None:
        """Give each waiting job to the one with the least to do, as long as any has room.

        One that was drafted goes to who drafted it.
        """
        given: dict[int, list[Task]] = {}
        while self._waiting:
            free = [m for m in self._members if len(m.jobs) < m.room]
            if not free:
                break
            job = self._waiting.pop(next(iter(self._waiting)))
            drafted = [m for m in self._members if job.id in m.drafts]
            member = min(drafted or free, key=lambda m: len(m.jobs))
            member.drafts.discard(job.id)
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
            return [Restarted(f"one of the renderers has failed, the others go on: {event.error}")]
        if isinstance(event, Ended):
            member.jobs.discard(event.id)
            self._jobs.pop(event.id, None)
        if isinstance(event, Drafted):
            member.drafts.add(event.id)
        if isinstance(event, Finished | Drafted):
            member.passes = event.passes
            return [replace(event, passes=sum(each.passes for each in self._members))]
        return [event]
