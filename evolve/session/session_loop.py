"""The thread of a session: it meets requests in order, and saves before it answers.

Individuals are saved before they are painted, pictures before they are shown, judgements before
they are acknowledged. What cannot be saved, for example on a full disk, waits (unsaved.py), and so
do all later requests.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import traceback
from collections.abc import Callable, Sequence

from evolve.errors import (
    ArchiveError,
    BaseMissing,
    FancierError,
    PicturesMissing,
    SavingError,
)
from evolve.own_files import changed_since
from evolve.rendering.protocol import Failed, Finished, Renderer, as_render
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Archive, Row
from evolve.session.looking_ahead import LookingAhead
from evolve.session.requests import (
    Await,
    Breed,
    Choose,
    Lay,
    Request,
    SaveChildren,
    Size,
    StopPainting,
    refused,
)
from evolve.session.session_answers import SessionAnswers
from evolve.session.session_painting import Listener
from evolve.session.unsaved import RETRY, Unsaved


class SessionLoop(SessionAnswers):
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
        """Prepare a session.

        The search must know the individuals of the archive. `ahead` is called now and then, and
        returns whether painting ahead is allowed; None is never. After a failed attempt to save,
        the next one is `retry` seconds later.
        """
        super().__init__(archive, search, Unsaved(retry))
        self._queue: queue.SimpleQueue[Request] = queue.SimpleQueue()
        self._ahead = None if ahead is None else LookingAhead(search, ahead)
        self._start_renderer = start_renderer
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, listener: Listener) -> None:
        """Load the model and paint what has no picture. `listener` receives every event."""
        self._listener = listener
        self._thread = threading.Thread(target=self._run, name="fancier-session", daemon=True)
        self._thread.start()

    def close(self, timeout: float = 2.0) -> None:
        """End the session. Earlier answers are still saved; painting stops at once."""
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
            self._renderer = renderer
            try:
                self._leave_drafts()
            except SavingError as problem:
                self._hold(problem)
                self._leave_drafts_next()
            self._submit(self.archive.unpainted())
            while not self._closing.is_set():
                for event in renderer.poll(0.02):
                    if self._closing.is_set():
                        break  # a picture can be painted again, a judgement cannot be made again
                    self._on_render(event)
                    self._serve()
                self._serve()
                self._look_ahead()
            self._serve()
        except FancierError as problem:
            error = str(problem)
        except Exception as problem:
            error = changed_since(problem) or f"internal error: {traceback.format_exc(limit=-3)}"
        finally:
            if renderer is not None:
                with contextlib.suppress(Exception):
                    renderer.close()
            if error or self._unsaved:
                error = self._unsaved.lost(self._save_answers(), ended_by=error)
            self._listener(events.Stopped(error))

    def _look_ahead(self) -> None:
        if self._ahead is None or self._unsaved or self._broken:
            return
        if (ready := self._ahead.look()) is not None:
            self._listener(ready)

    def _save_answers(self) -> list[Exception]:
        """Save a person's answers at the end, whatever ended the session.

        Returns:
            The errors of those that cannot be saved; the others are.
        """
        with contextlib.suppress(queue.Empty):
            while True:
                self._unsaved.requests.append(self._queue.get_nowait())
        waiting, reasons = list(self._unsaved.requests), []
        self._unsaved.requests.clear()
        for request in waiting:
            try:
                if rows := self._rows(request):
                    self.archive.append(rows)
                    continue
            except Exception as reason:
                reasons.append(reason)
            self._unsaved.requests.append(request)
        return reasons

    def _serve(self) -> None:
        """Meet all requests; refuse those that cannot be met."""
        if not self._unsaved:  # births and waiting requests come before new ones
            self._size()  # first, for the search has its newborns already
            self._unsaved.requests.extend(self._in_turn.released())
            self._unsaved.requests.extend(self._awaited())
        with contextlib.suppress(queue.Empty):
            while True:
                request = self._queue.get_nowait()
                if isinstance(request, StopPainting) and self._unsaved:
                    self._stop()  # at once, and again in its turn, after further births
                self._unsaved.requests.append(request)
        if self._unsaved.may_try or self._closing.is_set():
            try:
                self._catch_up()
            except SavingError as problem:
                self._hold(problem)

    def _catch_up(self) -> None:
        """Meet the waiting requests in order, then save the waiting pictures."""
        waiting, done = self._unsaved.requests, self._unsaved.pictures
        while waiting:
            if self._in_turn.holds(waiting[0]):
                waiting.popleft()
                continue
            try:
                request = waiting[0] = self._conceived(waiting[0])
            except FancierError as problem:  # an ArchiveError too: nothing is saved yet
                self._listener(refused(waiting[0], str(problem)))
                waiting.popleft()
                continue
            try:
                self._answer(request)
                if self._ahead is not None:
                    self._ahead.take(request)
            except ArchiveError:
                raise  # not saved: it must not be lost
            except FancierError as problem:
                self._listener(refused(request, str(problem)))
            waiting.popleft()
        while done:
            self._keep(done[0])
            done.popleft()
        if self._unsaved:
            self._listener(events.CaughtUp())
            self._submit(self._unsaved.end())

    def _conceived(self, request: Request) -> Request:
        """Return the children that a request is for: if saving fails, the same ones wait."""
        if isinstance(request, Size) and not self.search.pool(request.parents) and request.instead:
            request = Breed(request.instead, number=request.number)
        if isinstance(request, Size | Lay):
            self._require_renderer()
        if isinstance(request, Size):
            request = self._sized.conceived(self.archive, request)
        if isinstance(request, Lay):
            return self._sized.awaited(request)
        if not isinstance(request, Breed):
            return request
        try:
            rows: list[Row] = [*self.search.bear(request.ask)]
        except (BaseMissing, PicturesMissing) as missing:
            later = Breed(self.search.as_of_now(request.ask), number=request.number)
            if isinstance(missing, PicturesMissing):
                return Choose(later, missing.genomes)
            return Await(missing.individual, later)
        if self._sized.is_decided_since:  # a later plan is saved already
            rows = [row for row in rows if not isinstance(row, Plan)]
            if (plan := self._sized.postponed(self.archive)) != self.archive.plan():
                rows.append(plan)
        for event in self._painted_before([row for row in rows if isinstance(row, Individual)]):
            if isinstance(event, Finished):
                self._remember(event)
            rows.append(as_render(event))
        return SaveChildren(rows, number=request.number)

    def _painted_before(self, born: Sequence[Individual]) -> list[Finished | Failed]:
        """Return the ends of painting of newborns that were candidates or painted ahead."""
        ended = self._chosen.painted(born)
        left = self._chosen.left()
        if self._ahead is not None:
            self._ahead.keep(left)
            done = {event.id for event in ended}
            ended += self._ahead.painted([each for each in born if each.id not in done])
        return ended

    def _size(self) -> None:
        try:
            if (birth := self._sized.proceed(self._renderer)) is not None:
                self._unsaved.requests.append(birth)
        except FancierError as problem:  # for example of an operator: nothing is saved here
            self._give_up_sizing(str(problem))
