"""Painting on the real embedded model."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import crowds
import numpy as np
import pytest
import torch
from crowds import Desk, finished, jobs

from evolve.genome import Genome, Prompt
from evolve.genome.settings import SAMPLERS, Settings
from evolve.models.loading import LoadedModel
from evolve.models.words.phrasing import Phrasings
from evolve.rendering.ahead import Guess, PaintingAhead
from evolve.rendering.pipeline.painter import Painter
from evolve.rendering.protocol import (
    Encode,
    Failed,
    Finished,
    Job,
    Locate,
    Ready,
    RenderEvent,
    Stepped,
    Task,
)
from evolve.search import Search
from evolve.session.archive import Picture


@pytest.fixture(scope="module")
def mixed(model: LoadedModel) -> list[Genome]:
    """Six genomes that differ in everything a genome can differ in."""
    search = Search(seed=1, prompt=Prompt.parse("a woman"), shape=model.info.latent)
    prompts = [
        "a smiling woman",
        "a man with a beard | green background :2",
        "a face without a mouth",
    ]
    return [
        replace(
            individual.genome,
            prompt=Prompt.parse(prompts[k % 3], "glasses" if k % 2 else ""),
            settings=Settings(
                guidance_scale=[1.0, 2.5, 4.0][k % 3],
                steps=2 + k % 4,
                sampler=SAMPLERS[k % len(SAMPLERS)],
            ),
        )
        for k, individual in enumerate(search.ask(6))
    ]


def paint(model: LoadedModel, genomes: list[Genome]) -> tuple[list[Picture], list[RenderEvent]]:
    events = crowds.paint(model, genomes)
    return [event.picture for event in finished(events)], events


@pytest.fixture(scope="module")
def together(model: LoadedModel, mixed: list[Genome]) -> tuple[list[Picture], list[RenderEvent]]:
    return paint(model, mixed)


def test_a_genome_gives_the_same_bits_alone_as_in_a_crowd(
    model: LoadedModel, mixed: list[Genome], together: tuple[list[Picture], list[RenderEvent]]
) -> None:
    for genome, picture in zip(mixed, together[0], strict=True):
        np.testing.assert_array_equal(paint(model, [genome])[0][0], picture)


def test_the_last_preview_looks_like_the_picture(
    together: tuple[list[Picture], list[RenderEvent]],
) -> None:
    pictures, events = together
    last = {e.id: e.preview for e in events if isinstance(e, Stepped)}
    for i, picture in enumerate(pictures):
        small = picture.reshape(16, 8, 16, 8, 3).mean((1, 3))
        preview = last[i]
        assert preview is not None
        assert np.abs(small - preview.astype(float)).mean() < 40


def test_the_record_says_what_the_picture_depends_on(
    together: tuple[list[Picture], list[RenderEvent]],
) -> None:
    record = next(e for e in together[1] if isinstance(e, Finished)).record
    assert record["model"] == "portraits"
    assert len(record["fingerprint"]) == 64
    assert set(record) >= {"rows", "dtype", "device", "threads", "versions", "seconds"}


def test_a_cancelled_job_is_left_within_a_step(model: LoadedModel, mixed: list[Genome]) -> None:
    desk, long = Desk(model), replace(mixed[0], settings=Settings(steps=60))

    def attend() -> None:
        if any(isinstance(e, Stepped) and e.id == 0 and e.step == 2 for e in desk.events):
            desk.painter.cancelled.add(0)

    events = desk.work(Job(0, long), Job(1, mixed[1]), attend=attend)
    assert [e.id for e in events if isinstance(e, Finished)] == [1]
    assert max(e.step for e in events if isinstance(e, Stepped) and e.id == 0) <= 3


def test_a_job_stopped_and_wanted_again_at_once_is_painted_once(
    model: LoadedModel, mixed: list[Genome]
) -> None:
    desk, again = Desk(model), [True]

    def attend() -> None:
        if again and any(isinstance(e, Stepped) and e.step == 1 for e in desk.events):
            again.clear()
            desk.painter.cancelled.update([0, 1])
            desk.painter.take(jobs(mixed[:2]))

    events = desk.work(*jobs(mixed[:2]), attend=attend)
    assert sorted(e.id for e in events if isinstance(e, Finished)) == [0, 1]


def test_what_was_asked_for_last_is_begun_first(model: LoadedModel, mixed: list[Genome]) -> None:
    painter = Desk(model).painter
    painter.take([Job(0, mixed[0]), Job(1, mixed[1])])
    painter.take([Job(2, mixed[0]), Job(3, mixed[1]), Job(0, mixed[0])])
    assert [job.id for job in painter.queue] == [2, 3, 0, 1]


def test_a_genome_of_another_model_fails_alone(model: LoadedModel, mixed: list[Genome]) -> None:
    foreign = replace(mixed[0], noise=np.zeros((3, 16, 16), np.float16))
    events = crowds.work(model, Job(0, foreign), Job(1, mixed[1]))
    assert [e.id for e in events if isinstance(e, Failed)] == [0]
    assert [e.id for e in finished(events)] == [1]


@pytest.mark.parametrize("times", [1, 2])
def test_too_little_memory_to_look_at_a_picture_costs_no_more_than_that_picture(
    model: LoadedModel, mixed: list[Genome], monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    painter = (desk := Desk(model)).painter
    record, left = painter._look.record, iter(range(times))

    def short(picture: Picture, latent: torch.Tensor) -> dict[str, Any]:
        if next(left, None) is not None:
            raise torch.OutOfMemoryError
        return record(picture, latent)

    monkeypatch.setattr(painter._look, "record", short)
    quick = replace(mixed[0], settings=Settings(guidance_scale=1.0, steps=1))
    events = desk.work(*jobs([quick] * 2))
    failed = {event.id: event.error for event in events if isinstance(event, Failed)}
    assert len(failed) == times - 1
    assert all("not enough memory" in error for error in failed.values())
    assert sum(isinstance(event, Finished) for event in events) == 3 - times


def test_a_size_that_does_not_fit_is_told_with_what_would(
    model: LoadedModel, mixed: list[Genome]
) -> None:
    odd = replace(mixed[0], noise=np.zeros((8, 16, 17), np.float16))
    failed = crowds.work(model, Job(0, odd))[-1]
    assert isinstance(failed, Failed)
    assert failed.error == (
        "size 136x128 does not fit model 'portraits': "
        "width and height must be multiples of 32, up to 4096"
    )


def test_another_size_is_painted_too(model: LoadedModel, mixed: list[Genome]) -> None:
    noise = np.random.default_rng(0).standard_normal((8, 16, 24)).astype(np.float16)
    (picture,), _ = paint(model, [replace(mixed[1], noise=noise)])
    assert picture.shape == (128, 192, 3)


class HereAtOnce:
    """A renderer in this process that paints all that it has in one poll."""

    waitables = ()

    def __init__(self, model: LoadedModel) -> None:
        self.events: list[RenderEvent] = [Ready(replace(model.info, record={"rows": model.rows}))]
        self.painter = Painter(model, report=self.events.append)

    def submit(self, jobs: Sequence[Task]) -> None:
        self.painter.take(jobs)

    def cancel(self, ids: Sequence[int]) -> None:
        self.painter.cancelled.update(ids)

    def poll(self, timeout: float) -> list[RenderEvent]:
        self.painter.paint()
        events = [*self.events]
        self.events.clear()
        return events

    def close(self) -> None: ...


def test_a_picture_painted_ahead_is_that_of_painting_it_when_it_is_asked_for(
    model: LoadedModel,
    mixed: list[Genome],
    together: tuple[list[Picture], list[RenderEvent]],
) -> None:
    ahead = PaintingAhead(HereAtOnce(model))
    ahead.guess({genome.digest: Guess(genome, 0.9) for genome in mixed[:3]})
    assert [type(e) for _ in range(4) for e in ahead.poll(0.0)] == [Ready]
    ahead.guess({genome.digest: Guess(genome, 0.9) for genome in mixed[:3]})
    assert not [e for _ in range(4) for e in ahead.poll(0.0)]
    ahead.submit([Job(k, genome) for k, genome in enumerate(mixed[:3])])
    came = {e.id: e for e in ahead.poll(0.0) if isinstance(e, Finished)}
    asked = {e.id: e for e in together[1] if isinstance(e, Finished)}
    for k in range(3):
        assert np.array_equal(came[k].picture, asked[k].picture)
        assert np.array_equal(came[k].latent, asked[k].latent)  # type: ignore[arg-type]
        assert {**came[k].record, "seconds": 0} == {**asked[k].record, "seconds": 0}


class PanicException(BaseException):
    """As that of libraries in Rust."""


def test_what_panics_in_any_fibre_fails_alone(
    model: LoadedModel, mixed: list[Genome], monkeypatch: pytest.MonkeyPatch
) -> None:
    painter = (desk := Desk(model)).painter

    def panics(*args: object) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(painter.ready, "encode", panics)
    monkeypatch.setattr(painter._finder, "find", lambda *args: painter.hub.gather([panics]))
    latent = np.zeros(model.info.latent, np.float16)
    said = Phrasings(*[mixed[0].prompt] * 3)
    locate = Locate(id=2, genome=mixed[0], latent=latent, phrasings=said)
    events = desk.work(Encode(1, np.zeros((64, 64, 3), np.uint8)), locate, Job(3, mixed[0]))
    failed = {event.id: event.error for event in events if isinstance(event, Failed)}
    assert failed == dict.fromkeys((1, 2), "RuntimeError: a library gave up: index out of bounds")
    assert [event.id for event in finished(events)] == [3]


def test_the_record_names_the_rows_of_its_own_forwards(
    model: LoadedModel, mixed: list[Genome], monkeypatch: pytest.MonkeyPatch
) -> None:
    painter = (desk := Desk(model.with_rows(4))).painter
    decode = painter.ready.decoder.decode

    def short(*args: Any, **kwargs: Any) -> Any:
        painter.hub.rows = 2  # in a forward of those that are still under way
        return decode(*args, **kwargs)

    monkeypatch.setattr(painter.ready.decoder, "decode", short)
    (event,) = finished(desk.work(Job(0, mixed[0])))
    assert event.record["rows"] == 4
    assert "rows_before" not in event.record
