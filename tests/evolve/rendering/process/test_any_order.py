"""Whatever is asked for and cancelled in whatever order, and whoever dies: each gets its answer."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from asking import Asking
from hypothesis import given, settings
from hypothesis import strategies as st
from stand_in_children import BLACK, Child

from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.rendering.ahead import Guess, PaintingAhead
from evolve.rendering.process import renderer_process
from evolve.rendering.process.pool import Pool
from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.rendering.process.worker import Assignment
from evolve.rendering.protocol import (
    Describe,
    Described,
    Drafted,
    Ended,
    Failed,
    Finished,
    Job,
    Ready,
    Renderer,
    RenderEvent,
    Restarted,
    Stepped,
    Task,
)

GENOMES = [
    Genome(np.full((1, 2, 2), k, np.float16), Prompt.parse("a"), Settings(steps=1 + k % 4))
    for k in range(10)
]
SHAPES = ("alone", "several", "far away", "ahead", "ahead of several", "ahead of far away")


class Far:
    """A renderer to which commands, and from which events, take their time."""

    waitables = ()

    def __init__(self, near: Renderer, chance: Random) -> None:
        self.near, self.chance = near, chance
        self.commands: list[tuple[str, Sequence[object]]] = []
        self.events: list[RenderEvent] = []

    def submit(self, jobs: Sequence[Task]) -> None:
        self.commands.append(("submit", jobs))

    def cancel(self, ids: Sequence[int]) -> None:
        self.commands.append(("cancel", ids))

    def poll(self, timeout: float) -> list[RenderEvent]:
        while self.commands and self.chance.random() < 0.5:
            what, whom = self.commands.pop(0)
            getattr(self.near, what)(whom)
        self.events += self.near.poll(0.0)
        count = self.chance.randint(0, len(self.events))
        come, self.events = self.events[:count], self.events[count:]
        return come

    def close(self) -> None:
        self.near.close()


class Evening(Asking):
    """A renderer of some shape, what was asked of it, and what it answered."""

    def __init__(self, seed: int, patch: pytest.MonkeyPatch) -> None:
        super().__init__(Random(seed))
        self.deaths = self.chance.choice([0, 0, 1, 3, 6])
        self.deadly = [GENOMES[3], GENOMES[7]] if self.chance.random() < 0.5 else []
        self.children: list[Child] = []
        patch.setattr(renderer_process, "spawned", self._spawned)
        shape = self.chance.choice(SHAPES)
        self.renderer = one = self._one(is_far="far" in shape)
        if "several" in shape or "far" in shape:
            self.renderer = Pool([one, self._one(is_far="far" in shape)])
        if "ahead" in shape:
            self.renderer = PaintingAhead(self.renderer)

    def _one(self, *, is_far: bool) -> Renderer:
        near = ProcessRenderer(Assignment(model="any"))
        return Far(near, self.chance) if is_far else near

    def _spawned(self, *_: object) -> tuple[Child, object]:
        child = Child(self.chance, self.deadly, self._dies)
        self.children.append(child)
        return child, child.theirs

    def _dies(self) -> bool:
        dies = self.deaths > 0 and self.chance.random() < 0.02
        self.deaths -= dies
        return dies

    def go_on(self) -> None:
        """Have something asked for, cancelled or guessed; or nothing."""
        match self.chance.choice(["ask", "ask", "cancel", "again", "guess", *6 * ["nothing"]]):
            case "ask":
                self.ask([self._new() for _ in range(self.chance.randint(1, 5))])
            case "cancel":
                self.cancel_some()
                if self.chance.random() < 0.5:
                    self.ask_again()
            case "again":
                self.ask_again()
            case "guess" if isinstance(self.renderer, PaintingAhead):
                self.renderer.sure, self.renderer.spare = 0.5, self.chance.randint(0, 3)
                some = self.chance.sample(GENOMES, 4)
                self.renderer.guess({g.digest: Guess(g, self.chance.random()) for g in some})
        self.look()

    def _new(self) -> Task:
        self.last_id += 1
        if self.chance.random() < 0.1:
            return Describe(self.last_id, BLACK)
        return self.otherwise(Job(self.last_id, self.chance.choice(GENOMES)))

    def otherwise(self, task: Task) -> Task:
        """Return a job as one for a picture or a draft."""
        if isinstance(task, Job) and self.chance.random() < 0.7:
            half = self.chance.randrange(1, 4)
            is_draft = self.chance.random() < 0.4 and half < task.genome.settings.steps
            return replace(task, until=half if is_draft else None)
        return task

    def submit(self, tasks: Sequence[Task]) -> None:
        self.renderer.submit(tasks)

    def withdraw(self, ids: Sequence[int]) -> None:
        self.renderer.cancel(ids)

    def look(self) -> None:
        """Let all live on, and check what is reported."""
        for child in self.children:
            if child.exitcode is None:
                child.live()
        for event in self.renderer.poll(0.0):
            if isinstance(event, Stepped):
                assert event.id in self.asked
            elif isinstance(event, Ended):
                self._check(self.asked.pop(event.id), event)
            else:
                assert isinstance(event, Ready | Restarted)

    def _check(self, task: Task, event: RenderEvent) -> None:
        if isinstance(event, Drafted):
            assert event.answers(task)
            self.drafts[task.id] = task
        elif isinstance(event, Described):
            assert isinstance(task, Describe)
        else:
            assert isinstance(task, Job)
            if isinstance(event, Finished):
                assert event.record["genome"] == task.genome.digest
            else:
                assert isinstance(event, Failed)
                assert task.genome in self.deadly


@settings(max_examples=2 * settings.default.max_examples)
@given(st.integers(0, 1 << 32))
def test_each_gets_its_own_answer_once(seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        evening = Evening(seed, patch)
        for _ in range(evening.chance.randint(4, 60)):
            evening.go_on()
        evening.deaths, patience = 0, 3000
        while evening.asked and patience:
            evening.look()
            patience -= 1
        assert not evening.asked
        evening.renderer.close()
        for child in evening.children:
            child.kill()
