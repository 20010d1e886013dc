"""The painter: a loaded pipeline that turns jobs into pictures, several at a time.

It is in the process of the model (that of a renderer, or the own one in tests and benchmarks), and
knows nothing about processes.
"""

from __future__ import annotations

import functools
import textwrap
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import torch

from evolve.errors import FancierError
from evolve.models.catalog import describe
from evolve.models.loading import LoadedModel
from evolve.rendering.batching.choosing import Turn
from evolve.rendering.batching.fibres import Outcome
from evolve.rendering.batching.out_of_memory import is_memory_short, relieve
from evolve.rendering.batching.paused import Paused
from evolve.rendering.finding.finder import Finder
from evolve.rendering.manner import Manner
from evolve.rendering.pacing.beginning import Order
from evolve.rendering.pacing.drafts import Drafts
from evolve.rendering.pacing.later import Arriving, Coming, Later
from evolve.rendering.pipeline.call import CallResult, is_contrasted
from evolve.rendering.pipeline.editing import paste
from evolve.rendering.pipeline.preview import LinearPreview, TinyPreview
from evolve.rendering.pipeline.ready_model import ReadyModel
from evolve.rendering.protocol import (
    Describe,
    Described,
    Drafted,
    Encode,
    Encoded,
    Failed,
    Finished,
    Job,
    Locate,
    Located,
    RenderEvent,
    Stepped,
    Task,
)
from evolve.scoring.looks.embedders import WholeLook
from evolve.scoring.wanted_scores import WantedScores
from evolve.session.archive import Picture

LONGEST = 500
"""Characters of a library's error that are reported when a picture fails."""


class Cancelled(Exception):
    """Raised inside a fibre whose job is cancelled."""


class _Drawn(NamedTuple):
    """A draft on its way from the device."""

    step: int
    picture: Later
    rows: int | None


class Painter:
    """Paints jobs on one model."""

    def __init__(
        self, model: LoadedModel, *, report: Callable[[RenderEvent], None], divides: bool = True
    ) -> None:
        """Begin with nothing to paint.

        Args:
            model: What to paint on.
            report: Called with every event, as it happens.
            divides: Whether texts that are longer than the model reads are encoded in pieces; this
                was not done before records had the number of pieces.
        """
        self.model = model
        self.report = report
        self.queue: deque[Task] = deque()
        self.cancelled: set[int] = set()
        self.ready = ReadyModel(model, divides=divides)
        self.hub = self.ready.hub
        self._preview = (
            LinearPreview(model.info.latent[0], model.preview_factors)
            if model.tiny is None
            else TinyPreview(model.tiny)
        )
        card = functools.partial(describe, model.info.name)
        self._wanted = WantedScores(card)
        self._finder = Finder(
            self.ready,
            wanted=self._wanted,
            paint=lambda task, genome: self._call(Job(task, genome), reports=False),
        )
        self._look = WholeLook(card, model.clip, device=model.device)
        self._started: dict[int, tuple[float, int | None]] = {}
        self._coming = Coming()
        self._drafts = Drafts()
        self._drawn: dict[int, _Drawn] = {}
        self._order = Order(self._drafts.step)

    def take(self, jobs: Sequence[Task]) -> None:
        """Queue jobs before those that are queued already: a person waits for the latest.

        A cancelled job that is still under way goes on; one whose draft was cancelled begins again.
        """
        asked = {job.id for job in jobs}
        self._drafts.give_up(self.cancelled & asked)
        self.cancelled -= asked
        known = set(self._started) | {job.id for job in self.queue}
        new = [job for job in jobs if job.id not in known]
        for job in jobs:
            if isinstance(job, Job) and job.id in self._started:
                self._drafts.ask_again(job)
        latest = {job.id: job for job in jobs}  # a draft that waits may be wanted as a picture
        self.queue = deque([*new, *(latest.get(job.id, job) for job in self.queue)])
        self._order.note(new)

    def paint(self, attend: Callable[[], None] = lambda: None) -> None:
        """Paint until the queue is empty.

        `attend` is called after every round of forwards, and may take and cancel jobs.
        """
        with torch.no_grad():
            while True:
                for job, outcome in self.hub.run(functools.partial(self._admit, attend)):
                    self._coming.add(
                        self._needed(job, outcome), functools.partial(self._end, job, outcome)
                    )
                self._coming.show(wait=True)
                if not self.queue:  # some may be painted again
                    return

    def _admit(self, attend: Callable[[], None]) -> tuple[Task, Callable[[], Any] | Paused] | None:
        """Start a job if there is room.

        There is room for what fills one forward, so that the first pictures are finished early
        instead of all at the end, at the same throughput; near the end, for all (`Order`).
        """
        attend()
        self._coming.show()
        if not self._started and self.hub.restore():  # memory may suffice again
            self.ready.known.forget_texts()  # other rows may read other bits
        self._drafts.give_up(self.cancelled)
        if dropped := self.cancelled & {job.id for job in self.queue}:
            self.queue = deque(job for job in self.queue if job.id not in dropped)
            self._order.forget(dropped)
        self.cancelled &= self._started.keys()  # nothing is left of the others
        if self.cancelled and self.hub.withdraw(lambda job: job.id in self.cancelled, Cancelled):
            return None  # until they have left their room
        place = self._order.next(self.queue, self.hub.waiting_since, self.hub.rows or 1)
        if place is None:
            return None
        job = self.queue[place]
        del self.queue[place]
        self._started[job.id] = time.perf_counter(), self.hub.rows
        if isinstance(job, Encode):
            return job, functools.partial(self.ready.encode, job.picture)
        if isinstance(job, Locate):
            return job, functools.partial(self._locate, job)
        if isinstance(job, Describe):
            return job, functools.partial(self._look.sight, job.picture)
        if (kept := self._drafts.taken(job)) is not None:
            self._started[job.id] = time.perf_counter(), kept[1]
            return job, kept[0]
        self._order.begin(job)
        self.report(Stepped(job.id, 0, job.genome.settings.steps))
        return job, functools.partial(self._call, job)

    def _call(self, job: Job, *, reports: bool = True) -> CallResult:
        """Run the pipeline for one genome, inside its fibre; with events if it `reports`."""
        last = job.genome.settings.steps
        # While steps are held, the denoiser may be called once, for an answer of the right form.
        done = max(0, job.genome.held_steps - 1)

        def stepped(step: int, of: int, clean: torch.Tensor | None) -> None:
            nonlocal done, last
            done, last = step, of  # some samplers take two for one
            self._stepped(job, reports, step, clean)

        def parked(rows: int) -> Turn:
            draft = self._drafts.until(job.id) or last  # at present: another may follow
            until = draft if done < draft < last else last
            return self._order.parked(job, rows, done=done, until=until)

        return self.ready.paint(job.id, job.genome, before=stepped, parked=parked)

    def _stepped(self, job: Job, reports: bool, step: int, clean: torch.Tensor | None) -> None:
        """Report a step, and leave the pipeline there if the job is cancelled."""
        if job.id in self.cancelled:
            raise Cancelled
        if not reports:
            return
        steps = job.genome.settings.steps
        preview = None if clean is None else self._preview.paint(clean)

        def show() -> None:
            if job.id not in self.cancelled:
                array = None if preview is None else preview.array
                self.report(Stepped(job.id, min(step, steps), steps, array))

        self._coming.add(preview, show)
        if clean is not None and step == self._drafts.until(job.id):
            self._drawn[job.id] = _Drawn(step, self.ready.decoded(clean), self.hub.rows)
            self.hub.pause()

    def _needed(self, job: Task, outcome: Outcome) -> Arriving | None:
        """Return what the report of an end needs from the device."""
        if isinstance(outcome.result, Paused):
            return self._drawn[job.id].picture
        return outcome.result if isinstance(outcome.result, CallResult) else None

    def _locate(self, task: Locate) -> Located:
        """Return where a picture changes with its words."""
        reported = 0

        def looked(done: int, total: int) -> None:
            nonlocal reported
            if task.id in self.cancelled:
                raise Cancelled
            if done > reported:
                self.report(Stepped(task.id, reported := done, total))

        self.report(Stepped(task.id, 0, 1))
        return self._finder.find(task, looked)

    def _end(self, job: Task, outcome: Outcome) -> None:
        started, rows = self._started.pop(job.id)
        manner = self.ready.decoder.done(job.id)
        self._order.end(job)
        job = self._drafts.as_asked(job)
        if job.id in self.cancelled:
            self.cancelled.remove(job.id)
            if isinstance(outcome.result, Paused):
                del self._drawn[job.id]
                outcome.result.give_up()
        elif isinstance(outcome.result, Paused):
            assert isinstance(job, Job)
            drawn = self._drawn.pop(job.id)
            self._drafts.keep(job, outcome.result, drawn.rows, drawn.step)
            if job.until != drawn.step:  # asked for otherwise meanwhile, as a picture, say
                self.take([job])
                return
            # Not before: who sees it may want the picture, and it would be taken as under way.
            self.report(Drafted(job.id, drawn.step, drawn.picture.array, self.hub.passes))
        elif isinstance(outcome.error, Cancelled):  # asked for again after it had left
            self.take([job])
        elif outcome.error is not None:
            error = outcome.error.with_traceback(None)  # which holds on to what was in memory
            if is_memory_short(error) and self.hub.spare():
                relieve(self.model.device)
                self.take([job])  # with the memory of what was replayed
            else:
                self.report(Failed(job.id, _described(error)))
        elif isinstance(job, Encode):
            self.report(Encoded(job.id, outcome.result))
        elif isinstance(job, Locate):
            self.report(outcome.result)
        elif isinstance(job, Describe):
            self.report(Described(job.id, outcome.result))
        else:
            try:
                self._finish(job, outcome.result, manner, started, rows)
            except Exception as error:  # whatever reads pictures may fail; others are painted
                self.report(Failed(job.id, _described(error)))

    def _finish(
        self, job: Job, result: CallResult, manner: Manner, started: float, rows: int | None
    ) -> None:
        """Report a picture; `started` and `rows` are those of its begin."""
        latent, manner = result.latent, replace(manner, encode_rows=result.encode_rows)
        if not torch.isfinite(latent).all():
            why = "came out as not-a-number: lower the guidance; if all do, get the model again"
            self.report(Failed(job.id, f"the picture {why}"))
            return
        if not result.is_finite and self.ready.decoder.may_gain(job.id, manner):
            self.take([job])  # numbers were too large for half precision
            return
        picture, edit = result.picture, job.genome.edit
        self._preview.learn(latent, picture)
        picture = picture if edit is None else paste(picture, edit)
        record = self._recorded(job, result, manner, started, rows)
        if job.genome.settings.cut_guidance is not None:
            record["clip"] = self.ready.guides.fingerprint
        if job.wanted is not None:
            score = self._wanted.score(picture, job.genome, job.wanted)
            record["wanted"] = None if score is None else round(score, 5)
        record.update(self._looks(picture, latent))
        kept = latent.numpy().astype(np.float16)
        self.report(Finished(job.id, picture, record, self.hub.passes, kept))

    def _recorded(
        self, job: Job, result: CallResult, manner: Manner, started: float, rows: int | None
    ) -> dict[str, Any]:
        """Return what the record states about how a picture was painted."""
        record = {
            **self.model.info.record,
            "rows": result.rows,
            "sampler": result.sampler,
            "seconds": round(time.perf_counter() - started, 3),
        }
        if (long_texts := self.ready.known.long_texts) is not None:
            settings, pipeline = job.genome.settings, self.model.pipeline
            contrasted = is_contrasted(pipeline, self.model.denoiser, settings)
            parts = job.genome.prompt.parts(contrasted=contrasted)
            if (pieces := long_texts.count([text for part in parts for text, _ in part])) > 1:
                record["pieces"] = pieces
        record = manner.noted_in(record)
        if self.model.visitors:
            record["offloaded"] = list(self.model.visitors)
        if result.rows not in (None, rows):  # memory became short meanwhile
            record["rows_before"] = rows
        return record

    def _looks(self, picture: Picture, latent: torch.Tensor) -> dict[str, Any]:
        """Return what a picture looks like; if memory is short, free what painting keeps first."""
        try:
            return self._look.record(picture, latent)
        except (RuntimeError, MemoryError) as error:
            if not is_memory_short(error):
                raise
        self.hub.spare()
        relieve(self.model.device)
        return self._look.record(picture, latent)


def _described(error: BaseException) -> str:
    """Return an error as one line for a person."""
    if isinstance(error, FancierError):
        return str(error)
    if is_memory_short(error):
        return "not enough memory for it: close other programs, or paint smaller pictures"
    return f"{type(error).__name__}: {textwrap.shorten(str(error), LONGEST, placeholder=' …')}"
