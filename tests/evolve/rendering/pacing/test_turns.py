"""Who waits where more is begun than fits: by the steps left, and the latest page first."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace

import pytest
from crowds import Desk, jobs, population, repainted, work
from diffusers import FlowMatchHeunDiscreteScheduler
from families import model_of

from evolve.genome import Genome
from evolve.models.loading import LoadedModel
from evolve.rendering.batching import station
from evolve.rendering.pipeline.painter import Painter
from evolve.rendering.protocol import Finished, Job, RenderEvent, Stepped


@pytest.fixture(scope="module")
def model() -> LoadedModel:
    return model_of("Stable Diffusion", rows=2)


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps that are left of what asks for the denoiser, alone, each time that it does."""
    found, choose = list[int](), station.chosen

    def chosen(waiting: Sequence[tuple[int, int]], rows: int, *others: set[int]) -> list[int]:
        found.extend(left for _, left in waiting)
        return choose(waiting, rows, *others)

    monkeypatch.setattr(station, "chosen", chosen)
    return found


def of_steps(genome: Genome, steps: int, guidance: float = 1.0) -> Genome:
    settings = replace(genome.settings, steps=steps, guidance_scale=guidance)
    return replace(genome, settings=settings)


def finished(events: Sequence[RenderEvent]) -> dict[int, int]:
    """Return after how many forwards each was finished."""
    return {event.id: event.passes for event in events if isinstance(event, Finished)}


def test_a_draft_that_goes_on_needs_the_steps_up_to_the_next_draft_or_the_end(
    model: LoadedModel, left: list[int]
) -> None:
    desk, genome = Desk(model), of_steps(population(model)[0], 9)
    for until in (2, 5, None):
        desk.work(Job(0, genome, until=until))
    assert left == [2, 1, 3, 2, 1, 4, 3, 2, 1]


def test_steps_in_which_an_edit_asks_for_nothing_are_not_left(
    model: LoadedModel, left: list[int]
) -> None:
    bases = [genome.noise for genome in population(model)]
    edited = of_steps(repainted(model, bases)[0][1], 5)  # of depth 0.6: the first two are idle
    desk = Desk(model)
    desk.work(Job(0, edited))
    assert left == [4, 3, 2, 1]  # asked once while it rests: it is not known yet what answers are
    left.clear()
    desk.work(Job(1, edited))
    assert left == [3, 2, 1]


def test_two_calls_of_the_denoiser_are_one_step_and_a_sampler_may_take_two_for_one(
    left: list[int],
) -> None:
    model = model_of("Qwen-Image", rows=2)
    work(model, Job(0, of_steps(population(model)[1], 3, guidance=3.0)))
    assert left == [3, 3, 2, 2, 1, 1]
    left.clear()
    model = model_of("Stable Diffusion 3", rows=2)
    model.pipeline.scheduler = FlowMatchHeunDiscreteScheduler()
    work(model, Job(0, of_steps(population(model)[0], 3)))
    assert left[1:] == [4, 3, 2, 1]


def painted(
    model: LoadedModel, attend: Callable[[Painter, int], None]
) -> tuple[list[RenderEvent], int]:
    """Paint eight guided pictures of eight steps; attend to the painter before each forward."""
    desk, at = Desk(model), -1
    painter, genome = desk.painter, of_steps(population(model)[0], 8, guidance=3.0)

    def once() -> None:
        nonlocal at
        if painter.hub.passes > at:
            at = painter.hub.passes
            attend(painter, at)

    return desk.work(*jobs([genome] * 8), attend=once), painter.hub.passes


def test_the_latest_page_waits_only_for_those_of_the_last_that_have_done_a_step(
    model: LoadedModel,
) -> None:
    genome = of_steps(population(model)[1], 8, guidance=3.0)

    def attend(painter: Painter, passes: int) -> None:
        if passes == 1:
            painter.take([Job(number, genome) for number in range(10, 14)])

    events, passes = painted(model.with_rows(8), attend)
    ended = finished(events)
    assert sorted(ended, key=lambda number: ended[number])[4:8] == [10, 11, 12, 13]
    assert max(ended[number] for number in range(10, 14)) <= 2 * 8 + 1  # one while it is decoded
    assert passes == 24  # every one is full


@pytest.mark.parametrize("rows", [None, 1])
def test_where_pictures_are_painted_one_by_one_the_latest_waits_for_the_one_under_way(
    model: LoadedModel, rows: int | None
) -> None:
    desk, genome = Desk(model.with_rows(rows)), of_steps(population(model)[0], 4)
    later = [Job(10, genome)]

    def attend() -> None:
        if desk.painter.hub.passes == 2 and later:
            desk.painter.take([later.pop()])

    events = desk.work(Job(0, genome), Job(1, genome), attend=attend)
    assert [event.id for event in events if isinstance(event, Finished)] == [0, 10, 1]
    begun = [e.id for e in events if isinstance(e, Stepped)]
    assert begun == sorted(begun, key=[0, 10, 1].index)


def test_what_is_cancelled_while_it_waits_costs_no_forward_and_leaves_its_room_at_once(
    model: LoadedModel,
) -> None:
    genome = of_steps(population(model)[1], 3)

    def attend(painter: Painter, passes: int) -> None:
        if passes == 2:
            painter.cancelled.update(range(8))
            painter.take([Job(10, genome)])

    events, passes = painted(model.with_rows(8), attend)
    assert finished(events) == {10: 5}
    assert passes == 5
    steps = [event for event in events if isinstance(event, Stepped) and event.id < 8]
    assert max(event.step for event in steps) == 2


def test_what_is_asked_for_again_before_its_end_was_noted_is_painted(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = SimpleNamespace(is_there=False)
    monkeypatch.setattr(Painter, "_needed", lambda self, job, outcome: far)  # of a slow device

    def attend(painter: Painter, passes: int) -> None:
        if passes == 2:
            painter.cancelled.update(range(8))
            painter.take([Job(10, of_steps(population(model)[1], 3))])
        elif passes == 3:
            painter.take([Job(0, of_steps(population(model)[1], 3))])

    assert finished(painted(model.with_rows(8), attend)[0]).keys() == {0, 10}
