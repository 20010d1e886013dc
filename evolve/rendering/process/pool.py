"""Several renderers behind one, each on a device of its own, in whatever process or machine.

A job goes to the renderer with the fewest jobs, and none has more than two forwards of jobs at
once. Death, hanging and lack of memory concern one renderer alone; the jobs of one that cannot go
on are left to the others. One that is lost (with its machine, or the network to it) is replaced.
Events of a lost renderer are ignored, so that no job ends twice.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from multiprocessing.connection import wait
from typing import Any

from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process.device_kind import difference, differs_in_choices_alone
from evolve.rendering.protocol import (
    Broken,
    Drafted,
    Ended,
    Failed,
    Finished,
    Lost,
    ModelInfo,
    Ready,
    Renderer,
    RenderEvent,
    Restarted,
    Stepped,
    Task,
    Waitable,
)

INTERVAL_S = 0.02
"""Seconds from one poll to the next of a renderer that cannot be waited for."""

LOSSES = 5
"""Losses of a renderer in a row, without a picture in between, before its place is given up; and
losses of a renderer with a job before the job is given up."""

PATIENCE_S = 900.0
"""Seconds without a ready renderer and without events, after which the pool is given up."""

Replace = Callable[[int, Mapping[str, Any] | None], Renderer]
"""Starts a renderer in a place of the pool, with the choices of another one if its record is given,
else with its own."""


class _Member:
    """A renderer with its jobs."""

    def __init__(self, place: int, renderer: Renderer) -> None:
        self.place = place
        self.renderer = renderer
        self.losses = 0
        self.jobs: set[int] = set()
        self.drafts: set[int] = set()
        """Drafted jobs that it can continue."""
        self.room = 0
        """How many jobs it gets at once; 0 before it is ready."""
        self.passes = 0
        self.follows = False
        """Whether it was started to paint as the first does."""


class Pool(OwnedRenderer):
    """Paints on several renderers."""

    def __init__(
        self, renderers: Sequence[Renderer], *, replace: Replace | None = None, mixed: bool = True
    ) -> None:
        """Paint on `renderers`, which are closed with the pool.

        Args:
            renderers: One for each place.
            replace: Starts another in the place of one that is lost; None to do without it.
            mixed: Whether they may differ in what decides the bits of a picture, so that a picture
                depends on where it was painted. If not, one that differs only in its choices is
                started again with those of the first, and any other difference ends the pool.
        """
        self._members = [_Member(place, renderer) for place, renderer in enumerate(renderers)]
        self._replace, self._mixed = replace, mixed
        self._info: ModelInfo | None = None  # of the first that was ready
        self._passes = 0  # of those that are lost
        self._lost: Counter[int] = Counter()  # jobs, by how often they were with one that was lost
        self._heard = time.monotonic()  # when there was last a renderer, or news of one
        self._waiting: dict[int, Task] = {}  # given to no renderer yet, in order
        self._jobs: dict[int, Task] = {}  # not ended

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs; returns at once."""
        new = {job.id: job for job in jobs if job.id not in self._jobs}
        self._jobs.update(new)
        self._waiting = {**new, **self._waiting}
        self._give_out()

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs that have not ended, and drafts."""
        for i in ids:
            self._jobs.pop(i, None)
            self._waiting.pop(i, None)
        for member in self._members:
            member.renderer.cancel([i for i in ids if i in member.jobs | member.drafts])
            member.jobs.difference_update(ids)
            member.drafts.difference_update(ids)
        self._give_out()

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return the events since the last call, waiting up to `timeout` seconds for the first."""
        if not self._members:
            time.sleep(timeout)  # so that a caller that goes on polling takes no time
            return []
        deadline = time.monotonic() + timeout
        while True:
            self._wait(max(0.0, deadline - time.monotonic()))
            events: list[RenderEvent] = []
            for member in list(self._members):
                for event in member.renderer.poll(0.0):
                    self._heard = time.monotonic()
                    events += self._note(member, event)
            events += self._give_up()
            self._give_out()
            if events or time.monotonic() >= deadline or not self._is_silent:
                return events

    @property
    def waitables(self) -> Sequence[Waitable]:
        """Those of all renderers; empty if one of them has none."""
        return [] if self._is_silent else self._some_waitables

    @property
    def _some_waitables(self) -> list[Waitable]:
        return [each for member in self._members for each in member.renderer.waitables]

    @property
    def _is_silent(self) -> bool:
        """Whether a renderer cannot be waited for."""
        return any(not member.renderer.waitables for member in self._members)

    def _wait(self, timeout: float) -> None:
        """Wait for an event, or until it is time to poll those that cannot be waited for."""
        if self._is_silent:
            timeout = min(timeout, INTERVAL_S)
        waitables = self._some_waitables
        if waitables:
            wait(waitables, timeout)
        else:
            time.sleep(timeout)

    def close(self) -> None:
        """Stop all of them."""
        for member in self._members:
            member.renderer.close()
        self._members.clear()

    def _give_out(self) -> None:
        """Give each waiting job to the renderer with the fewest, as long as any has room.

        A job with a draft goes to the renderer that has the draft.
        """
        given: dict[_Member, list[Task]] = {}
        while self._waiting:
            free = [m for m in self._members if len(m.jobs) < m.room]
            if not free:
                break
            job = self._waiting.pop(next(iter(self._waiting)))
            drafted = [m for m in self._members if job.id in m.drafts]
            member = min(drafted or free, key=lambda m: len(m.jobs))
            member.drafts.discard(job.id)
            member.jobs.add(job.id)
            given.setdefault(member, []).append(job)
        for member, jobs in given.items():
            member.renderer.submit(jobs)

    def _note(self, member: _Member, event: RenderEvent) -> list[RenderEvent]:
        if isinstance(event, Ready):
            return self._welcome(member, event)
        if isinstance(event, Lost) and self._replace and member.losses < LOSSES:
            return self._put_another(member, event, self._replace)
        if isinstance(event, Broken):
            return self._do_without(member, event)
        if isinstance(event, Stepped | Ended) and event.id not in member.jobs:
            return []  # cancelled meanwhile; the renderer may not know it yet
        if isinstance(event, Drafted) and not event.answers(self._jobs[event.id]):
            return []  # and asked for otherwise
        if isinstance(event, Ended):
            member.jobs.discard(event.id)
            del self._jobs[event.id]
            self._lost.pop(event.id, None)
        if isinstance(event, Drafted):
            member.drafts.add(event.id)
        if isinstance(event, Finished | Drafted):
            member.passes, member.losses = event.passes, 0
            return [replace(event, passes=self._passes + sum(m.passes for m in self._members))]
        return [event]

    def _welcome(self, member: _Member, event: Ready) -> list[RenderEvent]:
        """Give jobs to one that is ready, unless it would paint other pictures than the first."""
        first, self._info = self._info is None, self._info or event.info
        ours, its = self._info.record, event.info.record
        if not self._mixed and (how := difference(ours, its)):
            if self._replace and not member.follows and differs_in_choices_alone(ours, its):
                member.renderer.close()
                member.renderer, member.follows = self._replace(member.place, ours), True
                return []
            self.close()
            return [
                Broken(
                    f"the workers differ ({how}), so that a picture would depend on which of them "
                    "painted it: use one kind of device and one version, or allow mixed workers"
                )
            ]
        # What fills a forward, and as much for the next one.
        member.room = 2 * (its.get("rows") or 1)
        return [event] if first else []

    def _put_another(self, member: _Member, event: Lost, start: Replace) -> list[RenderEvent]:
        """Replace one that is lost; its jobs go to the first with room."""
        self._passes, member.passes = self._passes + member.passes, 0
        member.losses += 1
        member.room = 0
        member.renderer.close()
        failed: list[RenderEvent] = []
        for i in sorted(member.jobs):
            self._lost[i] += 1
            if self._lost[i] >= LOSSES:
                del self._jobs[i], self._lost[i]
                member.jobs.discard(i)
                failed.append(Failed(i, f"{LOSSES} workers were lost painting it: {event.error}"))
        self._take_back(member)
        member.follows = self._info is not None
        member.renderer = start(member.place, None if self._info is None else self._info.record)
        return [Restarted(f"a worker is lost, another is asked for: {event.error}"), *failed]

    def _do_without(self, member: _Member, event: Broken) -> list[RenderEvent]:
        """Leave the jobs of one that cannot go on to the others."""
        self._members.remove(member)
        self._passes += member.passes
        member.renderer.close()
        self._take_back(member)
        if not self._members:
            return [event]
        return [Restarted(f"one of the renderers has failed, the others go on: {event.error}")]

    def _take_back(self, member: _Member) -> None:
        back = {i: self._jobs[i] for i in sorted(member.jobs)}
        self._waiting = {**back, **self._waiting}
        member.jobs.clear()
        member.drafts.clear()

    def _give_up(self) -> list[RenderEvent]:
        """End the pool if there has been no renderer for long."""
        if any(member.room for member in self._members) or self._replace is None:
            self._heard = time.monotonic()
        if time.monotonic() - self._heard < PATIENCE_S:
            return []
        self.close()
        return [
            Broken(
                f"there has been no worker for {PATIENCE_S / 60:.0f} minutes: see whether they are "
                "started, and free; the same command goes on"
            )
        ]
