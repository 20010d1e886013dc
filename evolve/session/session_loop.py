"""The thread of a session: does what is asked for, in order, and saves before it answers.

Individuals are saved before they are painted, pictures before they are shown, judgements before
they are acknowledged. What cannot be saved, on a full disk say, waits (unsaved.py), and so does all
that was asked for after it.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from evolve.errors import (
    ArchiveError,
    BaseMissing,
    FancierError,
    GenomeError,
    RenderError,
    SavingError,
)
from evolve.rendering.protocol import Failed, Finished, Renderer, as_render
from evolve.scoring.looks.distance import Distances
from evolve.search import Search
from evolve.search.individual import Individual, Verdict
from evolve.search.search import PicturesMissing
from evolve.session import events
from evolve.session.archive import Archive, Row
from evolve.session.looking_ahead import LookingAhead
from evolve.session.requests import (
    Await,
    Breed,
    Choose,
    Decide,
    Drop,
    Expect,
    Lay,
    Paint,
    Request,
    SaveChildren,
    SaveJudgement,
    Seek,
    Size,
    StopPainting,
    StopSeeking,
    Switch,
    Then,
    Weigh,
    Write,
)
from evolve.session.session_painting import Listener, SessionPainting
from evolve.session.unsaved import RETRY, Unsaved


class SessionLoop(SessionPainting):
    """Search, renderer and archive of one population, on a thread of their own."""

    def __init__(
        self,
        archive: Archive,
        search: Search,
        start_renderer: Callable[[], Renderer],
        *,
        retry: float = RETRY,
        ahead: Callable[[], bool] | None = None,
    ) -> None:
        """Take an archive and the search that stands on it.

        Args:
            archive: Where everything is kept.
            search: Proposes individuals; must know those of the archive.
            start_renderer: Called on the session's thread, for it may take a while.
            retry: Seconds from an attempt to save that failed to the next.
            ahead: Whether what will probably be bred may be painted ahead at present, asked now
                and then; None for never.
        """
        super().__init__(archive, search, Unsaved(retry))
        self._ahead = None if ahead is None else LookingAhead(search, ahead)
        self._start_renderer = start_renderer
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, listener: Listener) -> None:
        """Begin: load the model and paint what has no picture. `listener` gets every event."""
        self._listener = listener
        self._thread = threading.Thread(target=self._run, name="fancier-session", daemon=True)
        self._thread.start()

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
            self._unsaved.requests.extend(self._sized.interrupted(self.archive))
            renderer = self._start_renderer()
            if self._ahead is not None:
                renderer = self._ahead.begin(renderer)
                self._chosen.ahead = self._ahead.peek
            self._leave_drafts(renderer)
            self._submit(renderer, self.archive.unpainted())
            while not self._closing.is_set():
                for event in renderer.poll(0.02):
                    if self._closing.is_set():
                        break  # a picture can be painted again, a judgement cannot be made again
                    self._on_render(renderer, event)
                    self._serve(renderer)
                self._serve(renderer)
                self._look_ahead()
            self._serve(renderer)
        except FancierError as problem:
            error = str(problem)
        except Exception:
            error = f"internal error: {traceback.format_exc(limit=-3)}"
        finally:
            if renderer is not None:
                with contextlib.suppress(Exception):
                    renderer.close()
            if error or self._unsaved:
                error = self._unsaved.lost(self._save_answers(), ended_by=error)
            self._listener(events.Stopped(error))

    def _look_ahead(self) -> None:
        """Paint ahead while a person looks at what is there."""
        if self._ahead is None or self._unsaved or self._broken:
            return
        if (ready := self._ahead.look()) is not None:
            self._listener(ready)

    def _save_answers(self) -> list[Exception]:
        """Save at the end, whatever ended it, those of a person's answers that can be saved.

        Returns:
            Why the others cannot; one of them does not keep the next from being saved.
        """
        with contextlib.suppress(queue.Empty):
            while True:
                self._unsaved.requests.append(self._requests.get_nowait())
        waiting, reasons = list(self._unsaved.requests), []
        self._unsaved.requests.clear()
        for request in waiting:
            try:
                if isinstance(request, SaveJudgement | Decide | Write):
                    self.archive.append(_rows(request))
                    continue
            except Exception as reason:
                reasons.append(reason)
            self._unsaved.requests.append(request)
        return reasons

    def _serve(self, renderer: Renderer) -> None:
        """Do all that was asked for; a request that cannot be done is refused, the rest goes on."""
        with contextlib.suppress(queue.Empty):
            while True:
                request = self._requests.get_nowait()
                if isinstance(request, StopPainting) and self._unsaved:
                    self._halt(renderer)  # waits for nobody
                else:
                    self._unsaved.requests.append(request)
        if not self._unsaved:
            self._size(renderer)
            self._unsaved.requests.extendleft(reversed(self._by_looks.released()))
            self._unsaved.requests.extendleft(reversed(self._chosen.released()))
        if self._unsaved.may_try or self._closing.is_set():
            try:
                self._catch_up(renderer)
            except SavingError as problem:
                self._hold(problem)

    def _catch_up(self, renderer: Renderer) -> None:
        """Do what waits, in order: a person's judgements come before pictures."""
        waiting, done = self._unsaved.requests, self._unsaved.pictures
        while waiting:
            if self._sized.holds(waiting[0], broken=bool(self._broken)):
                self._sized.postpone(waiting.popleft())
                continue
            if self._chosen.holds(waiting[0]) or self._by_looks.holds(waiting[0]):
                waiting.popleft()
                continue
            try:
                request = waiting[0] = self._conceived(waiting[0])
                self._answer(renderer, request)
                if self._ahead is not None:
                    self._ahead.take(request)
            except ArchiveError:
                raise  # not saved: the session must not go on as if it were
            except FancierError as problem:
                self._listener(events.Refused(str(problem)))
            waiting.popleft()
        while done:
            self._keep(done[0])
            done.popleft()
        if self._unsaved:
            self._listener(events.CaughtUp())
            self._submit(renderer, self._unsaved.end())

    def _conceived(self, request: Request) -> Request:
        """Return children in place of the wish for them: if saving fails, the same ones wait."""
        if isinstance(request, Size):
            if self.search.pool(request.parents):
                request = self._sized.conceived(self.archive, request)
            else:
                request = Breed(request.instead)
        if isinstance(request, Lay):
            return self._sized.awaited(request)
        if not isinstance(request, Breed):
            return request
        try:
            rows: list[Row] = [*self.search.bear(request.ask)]
        except BaseMissing as missing:
            return Await(missing.individual, request)
        except PicturesMissing as missing:
            return Choose(Breed(self.search.as_of_now(request.ask)), missing.genomes)
        for event in self._painted_before([row for row in rows if isinstance(row, Individual)]):
            if isinstance(event, Finished):
                self._remember(event)
            rows.append(as_render(event))
        return SaveChildren(rows)

    def _painted_before(self, born: Sequence[Individual]) -> list[Finished | Failed]:
        """Return how painting those newborns ended that were candidates, or painted ahead."""
        ended = self._chosen.painted(born)
        left = self._chosen.left()
        if self._ahead is not None:
            self._ahead.keep(left)
            done = {event.id for event in ended}
            ended += self._ahead.painted([each for each in born if each.id not in done])
        return ended

    def _save_children(self, renderer: Renderer, request: SaveChildren) -> None:
        """Save newborns with those pictures that are there, and have the others painted."""
        self.archive.append(request.rows)
        painted = {render.individual for render in request.renders}
        if request.is_sized:
            self._listener(events.Born(request.born))
            for render in request.renders:
                self._show(render)
        else:
            together = [
                events.Painted(render.individual, render.picture)
                for render in request.renders
                if render.picture is not None
            ]
            self._listener(events.Born(request.born, together))
        self._submit(renderer, [i.id for i in request.born if i.id not in painted])
        if request.born and self._drafts:
            self._leave_drafts(renderer)

    def _answer(self, renderer: Renderer, request: Request) -> None:
        if isinstance(request, Expect):
            pass  # nothing is done until it is asked for
        elif isinstance(request, SaveJudgement):
            self.archive.append(request.judgements)
            known = self.archive.verdicts()
            judged = {j.individual: known.get(j.individual, Verdict()) for j in request.judgements}
            self._sized.learn(partial(self.search.tell, judged))
            self._listener(events.Judged(request.judgements))
            self._finish(renderer, judged)
        elif isinstance(request, Write):
            self.archive.append([request.note])
            self._listener(events.Noted(request.note))
        elif isinstance(request, SaveChildren):
            self._save_children(renderer, request)
        elif isinstance(request, Choose):
            if self._broken:
                raise RenderError(self._broken)
            renderer.submit(self._chosen.begin(request))
            self._choosing()
        elif isinstance(request, Lay):
            self._begin_sizing(request)
        elif isinstance(request, Then):
            request.do()
        elif isinstance(request, Await):
            if self._broken:
                raise RenderError(self._broken)
            # Its picture alone is known: painting it once more tells what it came to.
            self._waiting.setdefault(request.individual, []).append(request.request)
            self._submit(renderer, [request.individual], wholly=True)
        elif isinstance(request, Seek):
            self._seek(renderer, request)
        elif isinstance(request, StopSeeking):
            self._stop_seeking(renderer)
        elif isinstance(request, Weigh):
            if self._broken:
                raise RenderError(self._broken)
            genome = self.archive.genome(request.individual)
            measure = Distances(self.search.births, self.archive.sight).measure
            started = self._weighing.begin(renderer, request.individual, genome, measure)
            if started is not None:
                self._listener(started)
        elif isinstance(request, Decide):
            self.archive.append([self._sized.decided(request.plan)])
            plan = replace(request.plan, brood=None)
            self._sized.learn(partial(setattr, self.search, "plan", plan))
            self._listener(events.Planned(request.plan))
        elif isinstance(request, Paint):
            self._submit(renderer, request.ids, wholly=True)
        elif isinstance(request, Drop):
            self._drop(renderer, request.ids)
        elif isinstance(request, Switch):
            self._stop(renderer)
            self.archive = request.archive
            self._learn()
            self._listener(events.Switched(request.branch))
            self._submit(renderer, self.archive.unpainted())
        else:
            self._halt(renderer)

    def _halt(self, renderer: Renderer) -> None:
        """Stop painting because a person asked for it."""
        self._stop(renderer)
        self._listener(events.PaintingStopped())

    def _seek(self, renderer: Renderer, request: Seek) -> None:
        """Seek a place, as soon as it is known what its picture came to."""
        if self._broken:
            raise RenderError(self._broken)
        self._stop_seeking(renderer)
        if (latent := self._latents.get(request.individual)) is None:
            self._waiting.setdefault(request.individual, []).append(request)
            self._submit(renderer, [request.individual], wholly=True)
        else:
            genome = self.archive.genome(request.individual)
            self._seeking.begin(renderer, request, genome, latent)

    def _stop_seeking(self, renderer: Renderer) -> None:
        """Seek nothing any more, whether it had begun or waited for its picture."""
        self._seeking.give_up(renderer)
        for waiting in self._waiting.values():
            waiting[:] = [each for each in waiting if not isinstance(each, Seek)]

    def _learn(self) -> None:
        """Read all judgements, and the plan, of the branch that is bred."""
        self.search.tell(self.archive.verdicts(), forget=True)
        self.search.plan = replace(self.archive.plan(), brood=None)

    # Children of a size

    def _begin_sizing(self, request: Lay) -> None:
        if self._broken:
            raise RenderError(self._broken)
        self.archive.append([replace(request.plan, brood=request.brood)])
        try:
            self._sized.begin(self.archive, request)
        except FancierError as problem:  # a damaged parent, say: nothing failed to be saved
            self._unsaved.requests.append(
                SaveChildren([replace(request.plan, brood=None)], is_sized=True)
            )
            raise GenomeError(str(problem)) from problem

    def _size(self, renderer: Renderer) -> None:
        """Go on with the brood, and after it with what had to wait for it."""
        if (birth := self._sized.proceed(renderer)) is not None:
            self._unsaved.requests.append(birth)
        self._unsaved.requests.extend(self._sized.released(broken=bool(self._broken)))


def _rows(answer: SaveJudgement | Decide | Write) -> Sequence[Row]:
    if isinstance(answer, SaveJudgement):
        return answer.judgements
    return [answer.plan] if isinstance(answer, Decide) else [answer.note]
