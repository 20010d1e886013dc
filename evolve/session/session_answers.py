"""How a session meets each request: it saves, asks the renderer, and reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from evolve.errors import ArchiveError, FancierError, GenomeError, RenderError
from evolve.scoring.looks.distance import Distances
from evolve.search.individual import Verdict
from evolve.session import events, requests
from evolve.session.archive import Archive, Judgement, Row
from evolve.session.session_painting import SessionPainting


class SessionAnswers(SessionPainting):
    """Meets requests, each as a whole.

    An `ArchiveError` means that something was not saved, any other error that the request cannot be
    met.
    """

    def _rows(self, request: requests.Request) -> Sequence[Row]:
        """Return what is saved of a person's answer; empty for other requests."""
        match request:
            case requests.SaveJudgement(judgements):
                return judgements
            case requests.Decide(plan):
                return [self._sized.decided(self.archive, plan)]
            case requests.Write(note):
                return [note]
        return ()

    def _answer(self, request: requests.Request) -> None:
        if rows := self._rows(request):
            self.archive.append(rows)
        match request:
            case requests.Expect():
                pass  # of interest to painting ahead alone
            case requests.SaveJudgement(judgements):
                self._judge(judgements)
            case requests.Write(note):
                self._listener(events.Noted(note))
            case requests.SaveChildren():
                self._save_children(request)
            case requests.Choose():
                self._require_renderer()
                self._renderer.submit(self._chosen.begin(request))
                self._listener(self._chosen.progress)
            case requests.Lay():
                self._begin_sizing(request)
            case requests.Then(do):
                do()
            case requests.Await(individual, waiting):
                self._require_renderer()
                # Its picture alone is known: painted once more it has a latent.
                self._waiting.setdefault(individual, []).append(waiting)
                self._submit([individual], wholly=True)
            case requests.Seek():
                self._seek(request)
            case requests.Decide(plan):
                self._teach(self._sized.learning(replace(plan, brood=None)))
                self._listener(events.Planned(self._sized.plan))
            case requests.Switch(archive, branch):
                self._switch(archive, branch)
            case requests.StopPainting():
                self._stop()
                self._listener(events.PaintingStopped())
            case _:
                raise AssertionError(f"{request} is conceived before it is answered")

    def _learn(self) -> None:
        """Read all judgements and the plan of the branch that is bred."""
        self.search.tell(self.archive.verdicts(), forget=True)
        self.search.plan = replace(self.archive.plan(), brood=None)

    def _teach(self, learn: Callable[[], None]) -> None:
        """Let the search learn something, after the pages that wait."""
        if not self._in_turn.holds(requests.Then(learn, after_pages=True)):
            learn()

    def _require_renderer(self) -> None:
        if self._broken:
            raise RenderError(self._broken)

    def _judge(self, judgements: tuple[Judgement, ...]) -> None:
        known = self.archive.verdicts()
        judged = {j.individual: known.get(j.individual, Verdict()) for j in judgements}
        self._teach(partial(self.search.tell, judged))
        self._listener(events.Judged(judgements))
        self._finish(judged, known)

    def _save_children(self, request: requests.SaveChildren) -> None:
        """Save newborns with the pictures that are painted already, and paint the others."""
        self.archive.append(request.rows)
        if not request.born:  # the plan of a brood that was given up
            return
        painted = {render.individual for render in request.renders}
        if request.is_sized:
            self._listener(events.Born(request.born, request=request.number))
            for render in request.renders:
                self._show(render)
        else:
            together = [
                events.Painted(render.individual, render.picture)
                for render in request.renders
                if render.picture is not None
            ]
            self._listener(events.Born(request.born, together, request.number))
        self._submit([i.id for i in request.born if i.id not in painted])
        if self._drafts:
            self._leave_drafts_next()

    def _leave_drafts_next(self) -> None:
        """Drop drafts of earlier pages by a request, which waits if the disk is full."""
        self._unsaved.requests.append(requests.Then(self._leave_drafts))

    def _switch(self, archive: Archive, branch: str) -> None:
        self._next(requests.Then(partial(self._follow, archive, branch)))
        self._stop()  # before that it saves in the branch that is left

    def _follow(self, archive: Archive, branch: str) -> None:
        self._in_turn.unlearn()  # in the branch that is left
        self.archive = archive
        self._learn()
        self._listener(events.Switched(branch))
        self._submit(self.archive.unpainted())

    def _weigh(self, individual: int, number: int) -> None:
        self._require_renderer()
        with _reading():
            genome = self.archive.genome(individual)
            measure = Distances(self.search.births, self.archive.sight).measure
        known = self._weighing.begin(self._renderer, individual, genome, number, measure)
        if known is not None:
            self._listener(known)

    def _seek(self, request: requests.Seek) -> None:
        """Seek a place as soon as the latent of its picture is known."""
        self._require_renderer()
        self._stop_seeking()
        if (latent := self._latents.get(request.individual)) is None:
            self._waiting.setdefault(request.individual, []).append(request)
            self._submit([request.individual], wholly=True)
            return
        with _reading():
            genome = self.archive.genome(request.individual)
        self._seeking.begin(self._renderer, request, genome, latent)

    def _stop_seeking(self) -> None:
        """Stop seeking, whether it has begun or waits for its picture."""
        self._seeking.give_up(self._renderer)
        for waiting in self._waiting.values():
            waiting[:] = [each for each in waiting if not isinstance(each, requests.Seek)]

    def _begin_sizing(self, request: requests.Lay) -> None:
        self.archive.append([replace(self._sized.plan, brood=request.brood)])
        try:
            with _reading():
                self._sized.begin(self.archive, request)
        except FancierError:
            self._next(requests.SaveChildren([self._sized.plan], is_sized=True))
            raise


@contextmanager
def _reading() -> Iterator[None]:
    """Raise a GenomeError for an `ArchiveError`: nothing failed to be saved."""
    try:
        yield
    except ArchiveError as problem:
        raise GenomeError(str(problem)) from problem
