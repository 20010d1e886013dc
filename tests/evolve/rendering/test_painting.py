"""The loop in which everybody paints."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeRenderer, flat_picture

from evolve.errors import RenderError
from evolve.genome import Genome, Prompt
from evolve.rendering.painting import paint
from evolve.rendering.process import paint_one
from evolve.rendering.protocol import (
    Broken,
    Failed,
    Finished,
    Job,
    Ready,
    RenderEvent,
    Stepped,
    Task,
)

GENOME = Genome(noise=np.zeros((4, 8, 8), np.float16), prompt=Prompt.parse("a"))
JOBS = [Job(i, GENOME) for i in range(3)]


def test_all_that_happens_is_passed_on_until_each_job_has_ended() -> None:
    events = list(paint(FakeRenderer(poison=[1]), JOBS))
    assert [type(event) for event in events] == [
        *(Ready, Stepped, Finished),
        Failed,
        *(Stepped, Finished),
    ]


def test_without_jobs_nothing_is_waited_for() -> None:
    assert list(paint(FakeRenderer(), [])) == []


def test_a_caller_that_breaks_off_cancels_the_rest() -> None:
    renderer = FakeRenderer()
    painting = paint(renderer, JOBS)
    assert isinstance(next(event for event in painting if isinstance(event, Finished)), Finished)
    painting.close()
    assert renderer.painted == [0]
    assert renderer.queue == []


def test_what_is_stopped_cancels_the_rest_and_loses_no_event() -> None:
    renderer = FakeRenderer()
    events = list(paint(renderer, JOBS, stop=lambda: len(renderer.painted) == 2))
    assert [event.id for event in events if isinstance(event, Finished)] == [0, 1]
    assert renderer.queue == []


def test_what_is_stopped_from_the_start_paints_nothing() -> None:
    renderer = FakeRenderer()
    assert list(paint(renderer, JOBS, stop=lambda: True)) == []
    assert renderer.painted == renderer.queue == []


def test_a_renderer_that_cannot_work_is_an_error_after_what_was_done_before() -> None:
    class Breaking(FakeRenderer):
        def poll(self, timeout: float) -> list[RenderEvent]:
            return [*super().poll(timeout), Broken("no memory")]

    done: list[RenderEvent] = []
    with pytest.raises(RenderError, match="no memory"):
        done.extend(paint(Breaking(), JOBS))
    assert [event.id for event in done if isinstance(event, Finished)] == [0]


class Unhurried(FakeRenderer):
    """Paints to the end what was cancelled, and takes a task of the same id for it."""

    def __init__(self) -> None:
        super().__init__()
        self.cancelled: set[int] = set()

    def submit(self, jobs: Sequence[Task]) -> None:
        self.cancelled -= {job.id for job in jobs}
        known = {job.id for job in self.queue}
        super().submit([job for job in jobs if job.id not in known])

    def cancel(self, ids: Sequence[int]) -> None:
        self.cancelled.update(ids)

    def poll(self, timeout: float) -> list[RenderEvent]:
        events = super().poll(timeout)
        return [event for event in events if getattr(event, "id", None) not in self.cancelled]


OTHER = replace(GENOME, noise=np.ones((4, 8, 8), np.float16))


def test_pictures_are_those_of_their_genomes_after_painting_was_interrupted() -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    renderer = Unhurried()
    with pytest.raises(KeyboardInterrupt):
        renderer.paint([GENOME] * 3, interrupt)
    for picture in renderer.paint([OTHER] * 3):
        np.testing.assert_array_equal(picture, flat_picture(OTHER))


def test_a_base_is_that_of_its_genome_after_the_painting_of_individuals_was_interrupted() -> None:
    renderer = Unhurried()
    painting = paint(renderer, JOBS[::-1])  # of which the first is painted at once
    next(painting)
    painting.close()
    base = paint_one.base_of(renderer, OTHER)
    np.testing.assert_array_equal(base.picture, flat_picture(OTHER))
