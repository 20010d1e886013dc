"""Steps are reported in order, and no picture waits for the previews of others."""

from dataclasses import replace
from typing import Any

import pytest
import torch
from crowds import Desk, jobs, population
from families import model_of

from evolve.rendering.pacing.later import Later
from evolve.rendering.pipeline import ready_model
from evolve.rendering.protocol import Drafted, Finished, Job, Stepped


@pytest.fixture
def pictures_on_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no picture be there until it is waited for."""

    class NotThere(Later):
        is_there = False

    monkeypatch.setattr(ready_model, "Later", NotThere)


def test_no_picture_waits_for_what_was_asked_of_the_device_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is sent back is there one forward later, as if the device were busy until then."""
    model = model_of("Stable Diffusion")
    waits = list[type]()

    class OneLater(Later):
        def __init__(self, tensor: torch.Tensor) -> None:
            super().__init__(tensor)
            self.asked = desk.painter.hub.passes

        @property
        def is_there(self) -> bool:
            return desk.painter.hub.passes > self.asked

        @property
        def tensor(self) -> torch.Tensor:
            if not self.is_there and desk.painter.hub.waiting:
                waits.append(type(self))
            return super().tensor

    for module in ("call", "preview", "ready_model"):
        monkeypatch.setattr(f"evolve.rendering.pipeline.{module}.Later", OneLater)
    desk = Desk(model.with_rows(4))
    for until in (None, 1, None):  # previews are learnt from the first pictures
        desk.work(*[Job(k, genome, until=until) for k, genome in enumerate(population(model))])
    assert waits == []
    by_job: dict[int, list[Any]] = {}
    for event in desk.events:
        by_job.setdefault(event.id, []).append(event)
    for happened in by_job.values():
        ends = [k for k, event in enumerate(happened) if not isinstance(event, Stepped)]
        assert [type(happened[k]) for k in ends] == [Finished, Drafted, Finished]
        for start, end in zip((-1, *ends), (*ends, len(happened)), strict=True):
            steps = [event.step for event in happened[start + 1 : end]]
            assert steps == sorted(steps)
        assert ends[-1] == len(happened) - 1  # no step comes after its end


@pytest.mark.parametrize("is_drawn", [False, True])
@pytest.mark.usefixtures("pictures_on_their_way")
def test_a_cancelled_draft_that_is_asked_for_as_a_picture_becomes_one(is_drawn: bool) -> None:
    model = model_of("Stable Diffusion")
    painter = (desk := Desk(model.with_rows(4))).painter
    first, *others = jobs(population(model))
    asked = False

    def attend() -> None:
        nonlocal asked
        under_way = 0 in painter._drawn if is_drawn else 0 in painter._started
        if under_way and not asked:
            asked = True
            painter.cancelled.add(0)
            painter.take([first])

    events = desk.work(replace(first, until=2), *others, attend=attend)
    assert asked
    ends = [type(event) for event in events if event.id == 0 and not isinstance(event, Stepped)]
    assert ends == [Finished]


@pytest.mark.usefixtures("pictures_on_their_way")
def test_a_draft_that_was_left_and_is_asked_for_as_a_picture_becomes_one() -> None:
    model = model_of("Stable Diffusion")
    painter = (desk := Desk(model.with_rows(4))).painter
    first, second, *_ = jobs(population(model))
    asked = False

    def attend() -> None:
        nonlocal asked
        if len(painter._coming._waiting) == 2 and not asked:  # it waits behind the draft
            asked = True
            painter.take([second])
        elif 0 in painter._drawn and not asked:
            painter.cancelled.add(1)

    events = desk.work(replace(first, until=1), replace(second, until=3), attend=attend)
    assert asked
    ends = [type(event) for event in events if event.id == 1 and not isinstance(event, Stepped)]
    assert ends == [Finished]
