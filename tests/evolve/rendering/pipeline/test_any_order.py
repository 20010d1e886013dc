"""Whatever is asked for, cancelled and asked for otherwise at whatever step: each gets its bits."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest
from asking import Asking
from crowds import latents, paint, population, repainted, work
from families import model_of
from hypothesis import given, settings
from hypothesis import strategies as st

from evolve.genome import Genome
from evolve.models.loading import LoadedModel
from evolve.rendering.manner import Manner
from evolve.rendering.pacing.later import Later
from evolve.rendering.pipeline.painter import Painter
from evolve.rendering.protocol import (
    Drafted,
    Encode,
    Encoded,
    Ended,
    Failed,
    Finished,
    Job,
    RenderEvent,
    Stepped,
    Task,
)

PICTURE = np.full((16, 16, 3), 99, np.uint8)

Answer = Callable[[Task], RenderEvent]


@pytest.fixture(scope="module")
def model(one_thread: None) -> LoadedModel:
    return model_of("Stable Diffusion", rows=4).in_manner(Manner(decode_rows=2))


@pytest.fixture(scope="module")
def genomes(model: LoadedModel) -> list[Genome]:
    """Some of all kinds, edits among them, and one that cannot be painted."""
    some = population(model)
    edits, _ = repainted(model, latents(paint(model, some)))
    return [*some, *edits, replace(some[0], noise=np.zeros((3, 8, 8), np.float16))]


@pytest.fixture(scope="module")
def alone(model: LoadedModel) -> Answer:
    """Return what a task comes to that is done alone."""

    @cache
    def done(genome: Genome | None, until: int | None) -> RenderEvent:
        task = Encode(0, PICTURE) if genome is None else Job(0, genome, until=until)
        (end,) = (event for event in work(model, task) if isinstance(event, Ended))
        return end

    def answer(task: Task) -> RenderEvent:
        return done(task.genome, task.until) if isinstance(task, Job) else done(None, None)

    return answer


class Evening(Asking):
    """A painter, what is asked of it between its forwards, and what it answers."""

    def __init__(
        self, model: LoadedModel, genomes: Sequence[Genome], alone: Answer, chance: Random
    ) -> None:
        super().__init__(chance)
        self.genomes, self.alone = genomes, alone
        self.painter = Painter(model, report=self._hear)
        self.moves, self.passes = chance.randint(4, 20), 0

    def go_on(self) -> None:
        """Have something asked for or cancelled; or nothing."""
        while self.moves and self.chance.random() < 0.5:
            self.moves -= 1
            match self.chance.choice(["ask", "ask", "cancel", "again", "cancel, and again"]):
                case "ask":
                    self.ask([self._new() for _ in range(self.chance.randint(1, 4))])
                case "again":
                    self.ask_again()
                case what:
                    self.cancel_some()
                    if "again" in what:
                        self.ask_again()

    def submit(self, tasks: Sequence[Task]) -> None:
        self.painter.take(tasks)

    def withdraw(self, ids: Sequence[int]) -> None:
        self.painter.cancelled.update(ids)

    def _new(self) -> Task:
        self.last_id += 1
        if self.chance.random() < 0.1:
            return Encode(self.last_id, PICTURE)
        return self.otherwise(Job(self.last_id, self.chance.choice(self.genomes)))

    def otherwise(self, task: Task) -> Task:
        if not isinstance(task, Job):
            return task
        painting = range(task.genome.held_steps + 1, task.genome.settings.steps)
        is_draft = painting and self.chance.random() < 0.4
        return replace(task, until=self.chance.choice(painting) if is_draft else None)

    def _hear(self, event: RenderEvent) -> None:
        assert isinstance(event, Stepped | Ended)
        assert event.id in self.asked
        if isinstance(event, Stepped):
            return
        task = self.asked.pop(event.id)
        if isinstance(task, Job) and isinstance(event, Finished):
            task = replace(task, until=None)  # the draft was passed when it was asked for
        right = self.alone(task)
        match event, right:
            case Finished(), Finished():
                assert event.latent is not None
                assert right.latent is not None
                assert np.array_equal(event.latent, right.latent)
                assert np.array_equal(event.picture, right.picture)
                assert {**event.record, "seconds": 0} == {**right.record, "seconds": 0}
            case Drafted(), Drafted():
                self.drafts[event.id] = task
                assert event.step == right.step
                assert np.array_equal(event.picture, right.picture)
            case Encoded(), Encoded():
                assert event.base == right.base
            case Failed(), Failed():
                assert event.error == right.error
            case _:
                raise AssertionError(f"{event} in place of {right}")
        if isinstance(event, Finished | Drafted):
            assert event.passes >= self.passes
            self.passes = event.passes


@settings(max_examples=settings.default.max_examples // 6)
@given(st.integers(0, 1 << 32))
def test_each_comes_to_what_it_comes_to_alone_and_leaves_nothing(
    model: LoadedModel, genomes: list[Genome], alone: Answer, seed: int
) -> None:
    chance = Random(seed)
    evening = Evening(model, genomes, alone, chance)
    with pytest.MonkeyPatch.context() as patch:
        if chance.random() < 0.5:  # as on a GPU, whose answers take their time
            patch.setattr(Later, "is_there", property(lambda self: chance.random() < 0.3))
        while evening.moves:
            evening.go_on()
            evening.painter.paint(evening.go_on)
            assert not evening.asked
        assert evening.painter._drafts._kept.keys() == evening.drafts.keys()
        evening.cancel([*evening.drafts])
        evening.painter.paint()
    painter, order, hub = evening.painter, evening.painter._order, evening.painter.hub
    assert not painter.cancelled | painter._started.keys() | painter._drawn.keys()
    assert not order._batches | order._under_way | order._beginning
    assert not painter._drafts._kept | painter._drafts._until
    assert not painter.ready.decoder._done
    assert not hub._keys
    assert not hub._groups
