"""The loop in which everybody paints."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import FakeRenderer

from evolve.errors import RenderError
from evolve.genome import Genome, Prompt
from evolve.rendering.painting import paint
from evolve.rendering.protocol import Broken, Failed, Finished, Job, Ready, RenderEvent, Stepped

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
