"""A renderer that never paints the same twice: pictures and drafts are kept on disk by genome.

Strategies that draw the same founders so share them, as do later runs. What a strategy is charged
is what it asked for: steps are reported as if everything had been painted for it alone.
"""

import json
from collections import deque
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import numpy as np

from evolve.rendering.protocol import (
    Drafted,
    Failed,
    Finished,
    Job,
    Renderer,
    RenderEvent,
    Stepped,
    Task,
    Waitable,
)

Key = tuple[str, int]
"""Digest of a genome, and the step; 0 for the finished picture."""


class SharedPaintings:
    """Paints with another renderer what is not in a folder yet."""

    def __init__(self, renderer: Renderer, folder: Path) -> None:
        """Keep what `renderer` paints in `folder`."""
        self._renderer, self._folder = renderer, folder
        folder.mkdir(parents=True, exist_ok=True)
        self._ids = count()
        self._inner: dict[str, int] = {}
        """The job of a genome, so that a draft can be gone on with."""
        self._keys: dict[int, Key] = {}
        self._waiting: dict[Key, list[Job]] = {}
        self._done: dict[int, int] = {}
        """Steps that were reported of a job."""
        self._events: deque[RenderEvent] = deque()
        self.forwards = 0
        """Really painted."""

    @property
    def waitables(self) -> Sequence[Waitable]:
        """What the other renderer shows."""
        return self._renderer.waitables

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs."""
        ask = []
        for job in jobs:
            assert isinstance(job, Job)
            key = job.genome.digest, job.until or 0
            if self._file(key).exists():
                self._answer(job, key)
                continue
            waiting = self._waiting.setdefault(key, [])
            waiting.append(job)
            if len(waiting) == 1:
                inner = self._inner.setdefault(key[0], next(self._ids))
                self._keys[inner] = key
                ask.append(Job(inner, job.genome, until=job.until))
        if ask:
            self._renderer.submit(ask)

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs; drafts are kept for others."""
        for waiting in self._waiting.values():
            waiting[:] = [job for job in waiting if job.id not in ids]
        for i in ids:
            self._done.pop(i, None)

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return what has happened."""
        if not self._events:
            for event in self._renderer.poll(timeout):
                self._note(event)
        events = list(self._events)
        self._events.clear()
        return events

    def close(self) -> None:
        """Stop the other renderer."""
        self._renderer.close()

    def _note(self, event: RenderEvent) -> None:
        if isinstance(event, Stepped):
            self.forwards += event.step > 0
        elif isinstance(event, Drafted | Finished | Failed):
            key = self._keys[event.id]
            if isinstance(event, Failed):
                for job in self._waiting.pop(key, []):
                    self._events.append(Failed(job.id, event.error))
                return
            self._keep(key, event)
            for job in self._waiting.pop(key, []):
                self._answer(job, key)
        else:
            self._events.append(event)

    def _keep(self, key: Key, event: Drafted | Finished) -> None:
        latent = record = None
        if isinstance(event, Finished):
            latent, record = event.latent, dict(event.record)
        file = self._file(key)
        file.parent.mkdir(exist_ok=True)
        part = file.with_suffix(".part.npz")
        np.savez_compressed(
            part,
            picture=event.picture,
            latent=np.zeros(0, np.float16) if latent is None else latent,
            record=json.dumps(record),
        )
        part.rename(file)

    def _answer(self, job: Job, key: Key) -> None:
        stored = np.load(self._file(key))
        steps = job.genome.settings.steps
        done = job.until or steps
        for step in range(self._done.get(job.id, 0) + 1, done + 1):
            self._events.append(Stepped(job.id, step, steps))
        self._done[job.id] = done
        if job.until:
            self._events.append(Drafted(job.id, done, stored["picture"], 0))
            return
        del self._done[job.id]
        record = json.loads(str(stored["record"]))
        self._events.append(Finished(job.id, stored["picture"], record, 0, stored["latent"]))

    def _file(self, key: Key) -> Path:
        return self._folder / key[0][:2] / f"{key[0][:24]}-{key[1]}.npz"
