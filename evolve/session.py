"""A session: one population being bred. Search, renderer, scorer and archive meet here.

The order of things is what makes it safe: individuals are saved before they are painted, pictures
before they are shown, judgements before they are acknowledged. Work still to do is never stored; it
is what has no picture yet.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolve import events
from evolve.archive import Archive, Judgement
from evolve.edit import Base, Box
from evolve.errors import ArchiveError, FancierError, RenderError
from evolve.individual import Individual, Verdict
from evolve.plan import Plan
from evolve.rendering.protocol import (
    Broken,
    Failed,
    Fetching,
    Finished,
    Job,
    Measuring,
    Ready,
    Renderer,
    RenderEvent,
    Restarted,
    Stepped,
    as_render,
)
from evolve.search import Search

LATENTS = 256
"""Latents kept; those of Stable Diffusion take 32 KB each."""

Listener = Callable[[events.Event], None]


@dataclass(frozen=True, slots=True)
class _Breed:
    ask: Callable[[Search], list[Individual]]


@dataclass(frozen=True, slots=True)
class _Touch:
    parent: int
    count: int
    box: Box


@dataclass(frozen=True, slots=True)
class _Plan:
    plan: Plan


@dataclass(frozen=True, slots=True)
class _Paint:
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Cancel:
    pass


@dataclass(frozen=True, slots=True)
class _Switch:
    archive: Archive
    branch: str


@dataclass(frozen=True, slots=True)
class _Judge:
    judgements: tuple[Judgement, ...]


_Request = _Breed | _Touch | _Plan | _Paint | _Cancel | _Switch | _Judge


class Session:
    """Breeds one population in the background and tells a listener what happens.

    All methods may be called from any thread; they return at once. What they ask for is done on
    the session's own thread, in order, and answered by events.
    """

    def __init__(
        self, archive: Archive, search: Search, start_renderer: Callable[[], Renderer]
    ) -> None:
        """Take an archive and the search that stands on it.

        Args:
            archive: Where everything is kept.
            search: Proposes individuals; must know those of the archive.
            start_renderer: Called on the session's thread, for it may take a while.
        """
        self.archive = archive
        self.search = search
        self._start_renderer = start_renderer
        self._requests: queue.SimpleQueue[_Request] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._listener: Listener = lambda event: None
        self._painting: set[int] = set()
        self._latents: OrderedDict[int, NDArray[np.float16]] = OrderedDict()
        """What the latest pictures came to, for children that start from them."""
        self._touches: dict[int, list[_Touch]] = {}
        """What waits for the latent of an individual."""
        self._broken = ""
        self._thread: threading.Thread | None = None

    def start(self, listener: Listener) -> None:
        """Begin: load the model and paint what has no picture. `listener` gets every event."""
        self._listener = listener
        self._thread = threading.Thread(target=self._run, name="fancier-session", daemon=True)
        self._thread.start()

    def breed(
        self, count: int, *, parents: Sequence[int] = (), strength: float | None = None
    ) -> None:
        """Make and paint `count` children, of `parents` or of the fittest."""
        chosen = tuple(parents)
        self._requests.put(_Breed(lambda s: s.ask(count, parents=chosen, strength=strength)))

    def look(self, around: int, *, angle: float | None = None) -> None:
        """Make and paint a ring of steps around an individual, in eight directions."""
        self._requests.put(_Breed(lambda s: s.look(around, angle=angle)))

    def steer(self, individual: int, *, start: int, end: int, angles: Sequence[float]) -> None:
        """Make and paint steps of an individual in the direction from `start` to `end`."""
        turns = tuple(angles)
        self._requests.put(
            _Breed(lambda s: s.steer(individual, start=start, end=end, angles=turns))
        )

    def repaint(self, parent: int, count: int, *, box: Box) -> None:
        """Make and paint `count` children that differ from `parent` inside `box` only."""
        self._requests.put(_Touch(parent, count, box))

    def plan(self, plan: Plan) -> None:
        """Save what a person decided about the pages to come; it counts from the next one on."""
        self._requests.put(_Plan(plan))

    def judge(self, *judgements: Judgement) -> None:
        """Save what a person said."""
        self._requests.put(_Judge(judgements))

    def paint(self, ids: Sequence[int]) -> None:
        """Paint these, also where an earlier attempt failed."""
        self._requests.put(_Paint(tuple(ids)))

    def cancel(self) -> None:
        """Stop painting; what is unfinished stays saved as unpainted."""
        self._requests.put(_Cancel())

    def go_on_in(self, archive: Archive, branch: str) -> None:
        """Breed another branch of the population from now on; `archive` tells of it."""
        self._requests.put(_Switch(archive, branch))

    def close(self, timeout: float = 2.0) -> None:
        """End the session. Requests made before are still saved; painting stops where it is."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def _run(self) -> None:
        error = ""
        renderer: Renderer | None = None
        try:
            self._learn()
            renderer = self._start_renderer()
            self._submit(renderer, self.archive.unpainted())
            while not self._closing.is_set():
                for event in renderer.poll(0.02):
                    if self._closing.is_set():
                        break  # a picture can be painted again, what a person said cannot
                    self._on_render(renderer, event)
                    self._serve(renderer)
                self._serve(renderer)
            self._serve(renderer)
        except FancierError as problem:
            error = str(problem)
        except Exception:
            error = f"something broke that should not: {traceback.format_exc(limit=-3)}"
        finally:
            if renderer is not None:
                with contextlib.suppress(Exception):
                    renderer.close()
            self._listener(events.Stopped(error))

    def _serve(self, renderer: Renderer) -> None:
        """Do all that was asked for; a request that cannot be done is refused, the rest goes on."""
        with contextlib.suppress(queue.Empty):
            while True:
                request = self._requests.get_nowait()
                try:
                    self._answer(renderer, request)
                except ArchiveError:
                    raise  # not saved: the session must not go on as if it were
                except FancierError as problem:
                    self._listener(events.Refused(str(problem)))

    def _answer(self, renderer: Renderer, request: _Request) -> None:
        if isinstance(request, _Judge):
            self.archive.append(request.judgements)
            known = self.archive.verdicts()
            said = {j.individual for j in request.judgements}
            self.search.tell({i: known.get(i, Verdict()) for i in said})
            self._listener(events.Judged(request.judgements))
        elif isinstance(request, _Breed):
            self._bear(renderer, request.ask(self.search))
        elif isinstance(request, _Touch):
            if request.parent in self._latents:
                self._touch(renderer, request)
            elif self._broken:
                raise RenderError(self._broken)
            else:  # its picture alone is known: painting it once more tells what it came to
                self._touches.setdefault(request.parent, []).append(request)
                self._submit(renderer, [request.parent])
        elif isinstance(request, _Plan):
            self.archive.append([request.plan])
            self.search.plan = request.plan
            self._listener(events.Planned(request.plan))
        elif isinstance(request, _Paint):
            self._submit(renderer, request.ids)
        elif isinstance(request, _Switch):
            self._stop(renderer)
            self.archive = request.archive
            self._learn()
            self._listener(events.Switched(request.branch))
            self._submit(renderer, self.archive.unpainted())
        else:
            self._stop(renderer)

    def _learn(self) -> None:
        """Know all that was said, and what is decided, in the branch that is bred."""
        self.search.tell(self.archive.verdicts(), forget=True)
        self.search.plan = self.archive.plan()

    def _stop(self, renderer: Renderer) -> None:
        renderer.cancel(sorted(self._painting))
        self._painting.clear()
        for parent in list(self._touches):
            self._give_up(parent, "painting was stopped before anything was bred")

    def _bear(self, renderer: Renderer, born: list[Individual]) -> None:
        self.archive.append(born)
        self._listener(events.Born(born))
        self._submit(renderer, [individual.id for individual in born])

    def _touch(self, renderer: Renderer, request: _Touch) -> None:
        base = Base(self._latents[request.parent], self.archive.picture(request.parent))
        born = self.search.repaint(request.parent, base, request.count, box=request.box)
        self._bear(renderer, born)

    def _give_up(self, parent: int, reason: str) -> None:
        for _ in self._touches.pop(parent, ()):
            self._listener(events.Refused(reason))

    def _submit(self, renderer: Renderer, ids: Sequence[int]) -> None:
        if self._broken:
            for i in ids:
                self._listener(events.PaintingFailed(i, self._broken))
            return
        wanted = [i for i in ids if i not in self._painting]
        self._painting.update(wanted)
        jobs = []
        for i in wanted:
            try:
                jobs.append(Job(i, self.archive.genome(i)))
            except ArchiveError as problem:  # one damaged genome; the others are well
                self._painting.discard(i)
                self._listener(events.PaintingFailed(i, str(problem)))
        renderer.submit(jobs)

    def _on_render(self, renderer: Renderer, event: RenderEvent) -> None:
        if isinstance(event, Finished):
            self._painting.discard(event.id)
            if event.latent is not None:
                self._latents[event.id] = event.latent
                if len(self._latents) > LATENTS:
                    self._latents.popitem(last=False)
            waiting = self._touches.pop(event.id, [])
            if not waiting or self.archive.picture(event.id) is None:
                self.archive.append([as_render(event)])
                self._listener(events.Painted(event.id, event.picture))
            for request in waiting:
                self._requests.put(request)
        elif isinstance(event, Stepped):
            self._listener(events.Painting(event.id, event.step, event.steps, event.preview))
        elif isinstance(event, Failed):
            self._painting.discard(event.id)
            if event.id in self._touches:
                self._give_up(event.id, event.error)
            else:
                self.archive.append([as_render(event)])
                self._listener(events.PaintingFailed(event.id, event.error))
        elif isinstance(event, Fetching):
            name, share = event.name.partition("@")[0], event.done / max(1, event.total)
            told = f"downloading {name}: {share:.0%} of {event.total / 1e6:.0f} MB"
            self._listener(events.Notice(told))
        elif isinstance(event, Measuring):
            name = event.name.partition("@")[0]
            self._listener(events.Notice(f"trying out how to paint with {name} best, this once"))
        elif isinstance(event, Ready):
            self._listener(events.ModelReady(event.info))
        elif isinstance(event, Restarted):
            self._listener(events.Notice(event.reason))
        elif isinstance(event, Broken):
            # Not saved: the individuals are as paintable as before, it is the renderer that is not.
            self._broken = event.error
            for i in sorted(self._painting):
                self._listener(events.PaintingFailed(i, event.error))
            self._painting.clear()
            self._touches.clear()
            self._listener(events.Refused(event.error))
