"""The painting of a session: what is submitted, how each painting ends, what waits for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ArchiveError, BaseMissing, FancierError, SavingError
from evolve.genome.edit import Base
from evolve.recent import Recent
from evolve.rendering.protocol import (
    Broken,
    Described,
    Drafted,
    Failed,
    Fetching,
    Finished,
    Job,
    Located,
    Measuring,
    Ready,
    Renderer,
    RenderEvent,
    Restarted,
    Stepped,
    as_render,
)
from evolve.scoring.wanted import Wanted
from evolve.search import Search
from evolve.search.individual import Verdict
from evolve.session import events
from evolve.session.archive import Archive, Render
from evolve.session.chosen_pages import ChosenPages
from evolve.session.drafting import DROPPED, half_way, is_draft, is_liked, left_behind
from evolve.session.in_turn import InTurn
from evolve.session.requests import Breed, Lay, Request, SaveChildren, Seek, refused
from evolve.session.seeking import Seeking
from evolve.session.sizing.sized_births import SizedBirths
from evolve.session.unsaved import Unsaved
from evolve.session.weighing import Weighing

LATENTS = 256
"""Latents kept; those of Stable Diffusion take 32 KB each."""

Verdicts = Mapping[int, Verdict]

Listener = Callable[[events.Event], None]


class SessionPainting:
    """The painting of one population: its pictures are saved, or held until they can be."""

    _renderer: Renderer
    """Is started on the session's thread, for it may take a while."""

    def __init__(self, archive: Archive, search: Search, unsaved: Unsaved) -> None:
        """Prepare to paint; the search is connected with the pictures of the population."""
        self.archive = archive
        self.search = search
        self._unsaved = unsaved
        self._listener: Listener = lambda event: None
        self._painting: set[int] = set()
        self._latents = Recent[int, NDArray[np.float16]](LATENTS)
        """Latents of the latest pictures, for children that start from them."""
        self._drafts: set[int] = set()
        """Individuals that are painted half way, or are to be."""
        self._to_finish: set[int] = set()
        """Individuals that are to be painted to the end."""
        self._waiting: dict[int, list[Breed | Lay | Seek]] = {}
        """Requests that wait for the latent of an individual."""
        self._chosen = ChosenPages()
        self._seeking = Seeking()
        self._weighing = Weighing()
        self._sized = SizedBirths(search)
        self._in_turn = InTurn(
            search, self._painting, self._chosen, self._sized, lambda: bool(self._broken)
        )
        self._broken = ""
        """Why nothing can be painted any more; empty while it can."""
        search.base_of = self._base_of
        search.looks_of = self._chosen.looks_of
        search.embedding_of = lambda individual: self.archive.embedding(individual)

    def _base_of(self, individual: int) -> Base:
        picture = self.archive.picture(individual)
        if picture is None or individual not in self._latents:
            raise BaseMissing(individual)
        return Base(self._latents[individual], picture)

    def _submit(
        self, ids: Sequence[int], *, wholly: bool = False, verdicts: Verdicts | None = None
    ) -> None:
        """Have individuals painted: drafts half way unless they are liked, or wanted `wholly`.

        An archive copies the verdicts on all individuals, so that they are given where at hand.
        """
        if self._broken:
            for i in ids:
                self._listener(events.PaintingFailed(i, self._broken))
            return
        if wholly:
            self._to_finish.update(ids)
        wanted = [i for i in ids if i not in self._painting]
        self._painting.update(wanted)
        jobs, births = [], self.archive.births()
        for i in wanted:
            try:
                genome, origin = self.archive.genome(i), births[i].origin
            except ArchiveError as problem:  # one damaged genome; the others are well
                self._painting.discard(i)
                self._listener(events.PaintingFailed(i, str(problem)))
                self._give_up(i, str(problem))
                continue
            until = None
            if is_draft(origin):
                if verdicts is None:
                    verdicts = self.archive.verdicts()
                until = None if self._is_to_finish(i, verdicts) else half_way(genome)
            if until is not None:
                self._renderer.cancel([i])  # else a draft that the renderer has would go on
                self._drafts.add(i)
            jobs.append(Job(i, genome, Wanted.of(origin.params), until))
        self._renderer.submit(jobs)

    def _on_render(self, event: RenderEvent) -> None:
        if isinstance(event, Finished | Described | Failed) and self._draft(event):
            return
        if isinstance(event, Stepped) and event.id < 0:  # a draft, which is not shown
            if self._chosen.step(event):
                self._listener(self._chosen.progress)
        elif isinstance(event, Finished | Located | Failed) and event.id < 0:
            weighed = self._weighing.answer(self._renderer, event)
            if (answer := weighed or self._seeking.answer(event)) is not None:
                self._listener(answer)
        elif isinstance(event, Finished | Failed):
            self._ended(event)
        elif isinstance(event, Drafted):
            self._drafted(event)
        elif isinstance(event, Stepped | Ready):
            if isinstance(event, Ready):
                self._sized.info = event.info
            self._listener(event)
        elif isinstance(event, Fetching):
            name, share = event.name.partition("@")[0], event.done / max(1, event.total)
            text = f"downloading {name}: {share:.0%} of {event.total / 1e6:.0f} MB"
            self._listener(events.Notice(text, preparing=True))
        elif isinstance(event, Measuring):
            name = event.name.partition("@")[0]
            text = f"measuring the best batch size for {name} (first run only)"
            self._listener(events.Notice(text, preparing=True))
        elif isinstance(event, Restarted):
            self._listener(events.Notice(event.reason))
        elif isinstance(event, Broken):
            # Not saved: the individuals can be painted as before, by another renderer.
            self._broken = event.error
            for i in sorted(self._painting):
                self._listener(events.PaintingFailed(i, event.error))
            self._painting.clear()
            self._listener(events.Notice(event.error))
            waiting = [request for each in self._waiting.values() for request in each]
            self._waiting.clear()
            begun = self._sized.leave(), self._chosen.give_up(self._renderer)
            sought = self._seeking.give_up(self._renderer)
            self._refuse([*waiting, *begun, sought], event.error)
            if (number := self._weighing.give_up(self._renderer)) is not None:
                self._listener(events.Refused(event.error, "words", number))

    def _drafted(self, event: Drafted) -> None:
        """Show a draft, and finish it if it is liked by now."""
        self._painting.discard(event.id)
        steps = self.archive.genome(event.id).settings.steps
        self._listener(events.Drafted(event.id, event.picture, event.step, steps))
        self._finish([event.id])

    def _ended(self, event: Finished | Failed) -> None:
        for known in (self._painting, self._drafts, self._to_finish):
            known.discard(event.id)
        is_again = event.id in self._waiting and self._has_picture(event.id)
        if isinstance(event, Failed):
            self._give_up(event.id, event.error)
        elif event.latent is None:  # or it would be painted again and again
            self._give_up(event.id, "the picture came without a latent: nothing can start from it")
        else:
            self._remember(event)
        if not is_again:  # it keeps the picture that it has
            self._keep_if_possible(event)

    def _has_picture(self, individual: int) -> bool:
        """Return whether an individual was painted; a damaged picture counts."""
        try:
            return self.archive.picture(individual) is not None
        except ArchiveError:
            return True

    def _is_to_finish(self, individual: int, verdicts: Verdicts) -> bool:
        return individual in self._to_finish or is_liked(verdicts.get(individual))

    def _finish(self, ids: Iterable[int], verdicts: Verdicts | None = None) -> None:
        """Finish those of the drafts that are liked or asked for."""
        if not (drafts := [i for i in ids if i in self._drafts]):
            return
        if verdicts is None:  # the archive's: the search may learn them later
            verdicts = self.archive.verdicts()
        to_finish = [i for i in drafts if self._is_to_finish(i, verdicts)]
        self._submit(to_finish, verdicts=verdicts)

    def _drop(self, ids: Sequence[int]) -> None:
        """Stop painting these, and save that they are not to be painted."""
        without = [i for i in ids if not self._has_picture(i)]
        self._leave(ids, without)
        for i in ids:
            self._give_up(i, f"#{i} was dropped: nothing can start from it")

    def _leave_drafts(self) -> None:
        """Drop the drafts of earlier pages that are not liked."""
        missing = [i for i in self.archive.unpainted() if i not in self._to_finish]
        newest = self.search.next_generation - 1
        if ids := left_behind(self.archive, newest, missing):
            self._leave(ids, ids)

    def _leave(self, ids: Sequence[int], without: Sequence[int]) -> None:
        """Stop painting individuals, and save that those without a picture were dropped."""
        self._renderer.cancel(ids)
        for known in (self._painting, self._drafts, self._to_finish, self._unsaved.paused):
            known.difference_update(ids)
        dropped = [Render(individual=i, picture=None, error=DROPPED) for i in without]
        if dropped:
            self.archive.append(dropped)
        for render in dropped:
            self._show(render)

    def _remember(self, event: Finished) -> None:
        if event.latent is not None:
            self._latents[event.id] = event.latent

    def _keep_if_possible(self, event: Finished | Failed) -> None:
        """Save the end of a painting, or hold it until it can be saved."""
        if not self._unsaved:
            try:
                self._keep(event)
            except SavingError as problem:
                self._hold(problem)
            else:
                return
        self._unsaved.pictures.append(event)
        if self._unsaved.is_too_much and self._painting:
            self._unsaved.paused |= self._painting
            self._renderer.cancel(sorted(self._painting))
            self._painting.clear()

    def _hold(self, problem: SavingError) -> None:
        """Note that something could not be saved, and report it once."""
        if self._unsaved.begin(problem):
            self._listener(events.SaveFailed(str(problem), problem.brief))

    def _keep(self, event: Finished | Failed) -> None:
        render = as_render(event)
        self.archive.append([render])
        self._show(render)

    def _awaited(self) -> list[Request]:
        """Return the requests that waited for individuals that are painted now; each once."""
        ready = [i for i in self._waiting if i in self._latents and i not in self._painting]
        return [request for i in ready for request in self._waiting.pop(i)]

    def _show(self, render: Render) -> None:
        """Report the end of a painting, which is saved."""
        if render.picture is None:
            self._listener(events.PaintingFailed(render.individual, render.error))
        else:
            score = render.record.get("wanted")
            self._listener(events.Painted(render.individual, render.picture, score))

    def _draft(self, event: Finished | Described | Failed) -> bool:
        """Note the end of a task for unborn children; return False for other tasks."""
        if self._chosen.take(event):
            self._listener(self._chosen.progress)
            return True
        try:
            if not self._sized.take(event):
                return False
        except FancierError as problem:
            self._give_up_sizing(str(problem))
        else:
            self._listener(self._sized.progress)
        return True

    def _stop(self) -> None:
        self._renderer.cancel(sorted(self._painting))
        self._painting.clear()
        self._unsaved.paused.clear()
        self._give_up_sizing("painting was stopped before all of them were bred")
        pages = [self._chosen.give_up(self._renderer), *self._in_turn.forget()]
        self._refuse(pages, "painting was stopped before the page was bred")
        if (number := self._weighing.give_up(self._renderer)) is not None:
            reason = "painting was stopped before the words were weighed"
            self._listener(events.Refused(reason, "words", number))
        sought = self._seeking.give_up(self._renderer)
        self._refuse([sought], "painting was stopped before the place was found")
        for parent in list(self._waiting):
            self._give_up(parent, "painting was stopped before anything was bred")

    def _give_up(self, parent: int, reason: str) -> None:
        for request in self._waiting.pop(parent, ()):
            if isinstance(request, Lay):
                self._sized.leave()
                self._next(SaveChildren([self._sized.plan], is_sized=True))
            self._listener(refused(request, reason))

    def _give_up_sizing(self, reason: str) -> None:
        if (rest := self._sized.give_up(self._renderer)) is None:
            return
        self._next(rest)
        self._refuse([rest], reason)

    def _refuse(self, given_up: Iterable[Request | None], reason: str) -> None:
        """Report of each request that was given up, if any, that it is not met."""
        for request in given_up:
            if request is not None:
                self._listener(refused(request, reason))

    def _next(self, request: Request) -> None:
        """Let a request be the next after the present one."""
        self._unsaved.requests.insert(1, request)
