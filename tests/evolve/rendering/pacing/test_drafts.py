"""Drafts on the real embedded model: painted so far, looked at, gone on with or given up."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from crowds import Desk, jobs

from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.models.loading import LoadedModel
from evolve.rendering.pacing.drafts import Drafts
from evolve.rendering.pacing.later import Later
from evolve.rendering.protocol import Drafted, Finished, Job, RenderEvent, Stepped
from evolve.search import Search


@pytest.fixture(scope="module")
def genomes(model: LoadedModel) -> list[Genome]:
    search = Search(
        seed=1,
        prompt=Prompt.parse("a smiling woman"),
        shape=model.info.latent,
        settings=Settings(guidance_scale=2.0, steps=4),
    )
    return [individual.genome for individual in search.ask(2)]


def shorter(genome: Genome, steps: int) -> Genome:
    return replace(genome, settings=replace(genome.settings, steps=steps))


@pytest.fixture(scope="module")
def whole(model: LoadedModel, genomes: list[Genome]) -> list[Finished]:
    events = Desk(model).work(*jobs(genomes))
    return sorted((e for e in events if isinstance(e, Finished)), key=lambda e: e.id)


def steps(events: list[RenderEvent], job: int) -> list[int]:
    return [e.step for e in events if isinstance(e, Stepped) and e.id == job]


def test_a_draft_that_is_gone_on_with_comes_to_the_same_bits_and_costs_only_the_rest(
    model: LoadedModel, genomes: list[Genome], whole: list[Finished]
) -> None:
    desk = Desk(model)
    first = desk.work(*[Job(k, genome, until=2) for k, genome in enumerate(genomes)])
    assert [steps(first, k) for k in (0, 1)] == [[0, 1, 2], [0, 1, 2]]
    assert sorted(e.id for e in first if isinstance(e, Drafted)) == [0, 1]
    assert not [e for e in first if isinstance(e, Finished)]
    second = desk.work(Job(0, genomes[0], until=3))
    assert steps(second, 0) == [3]
    third = desk.work(Job(0, genomes[0]), Job(1, genomes[1]))
    assert (steps(third, 0), steps(third, 1)) == ([4], [3, 4])
    for event in third:
        if isinstance(event, Finished):
            np.testing.assert_array_equal(event.picture, whole[event.id].picture)
            np.testing.assert_array_equal(event.latent, whole[event.id].latent)


def test_a_late_draft_looks_as_the_picture_does(
    model: LoadedModel, genomes: list[Genome], whole: list[Finished]
) -> None:
    (draft,) = (e for e in Desk(model).work(Job(0, genomes[0], until=3)) if isinstance(e, Drafted))
    apart = [np.abs(draft.picture.astype(float) - each.picture).mean() for each in whole]
    assert apart[0] < 0.5 * apart[1]


def test_a_draft_that_is_given_up_or_of_another_genome_begins_again(
    model: LoadedModel, genomes: list[Genome]
) -> None:
    desk = Desk(model)
    desk.work(Job(0, genomes[0], until=1), Job(1, genomes[1], until=1))
    desk.painter.cancelled.add(0)
    desk.work()
    other = replace(genomes[1], prompt=Prompt.parse("a man"))
    again = desk.work(Job(0, genomes[0], until=2), Job(1, other, until=2))
    assert (steps(again, 0), steps(again, 1)) == ([0, 1, 2], [0, 1, 2])
    desk.painter.cancelled.add(0)  # and asked for again before anything else is done
    assert steps(desk.work(Job(0, genomes[0], until=2)), 0) == [0, 1, 2]


def ends(events: list[RenderEvent]) -> list[RenderEvent]:
    return [event for event in events if not isinstance(event, Stepped)]


def test_a_draft_that_was_not_begun_is_the_picture_if_that_is_wanted_by_now(
    model: LoadedModel, genomes: list[Genome]
) -> None:
    desk = Desk(model)
    desk.painter.take([Job(0, shorter(genomes[0], 2), until=1)])
    desk.painter.cancelled.add(0)
    (end,) = ends(desk.work(Job(0, shorter(genomes[0], 2))))
    assert isinstance(end, Finished)


def test_a_draft_that_became_the_picture_is_so_when_it_begins_again_for_want_of_memory(
    model: LoadedModel, genomes: list[Genome], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, short, once = Desk(model), iter([True]), iter([True])
    decode = desk.painter.ready.decoder.decode

    def tight(*args: Any, **kwargs: Any) -> Any:
        if next(short, None):
            raise torch.OutOfMemoryError
        return decode(*args, **kwargs)

    def want() -> None:
        if desk.events and next(once, None):
            desk.painter.take([Job(0, genomes[0])])

    monkeypatch.setattr(desk.painter.ready.decoder, "decode", tight)
    monkeypatch.setattr(desk.painter.hub, "spare", lambda: True)
    desk.painter.take([Job(0, genomes[0], until=3)])
    desk.painter.paint(want)
    (end,) = ends(desk.events)
    assert isinstance(end, Finished)


def test_a_draft_that_is_cancelled_while_it_is_on_its_way_is_neither_reported_nor_kept(
    model: LoadedModel, genomes: list[Genome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Later, "is_there", False)
    desk = Desk(model)
    desk.painter.take([Job(0, genomes[0], until=1)])

    def cancel() -> None:
        if desk.painter._drawn:
            desk.painter.cancelled.add(0)

    desk.painter.paint(cancel)
    assert not ends(desk.events)
    assert not desk.painter._drafts._kept
    assert not desk.painter._drawn


def test_a_picture_that_was_a_draft_for_a_while_is_the_picture(
    model: LoadedModel, genomes: list[Genome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Later, "is_there", False)
    desk = Desk(model)

    def waver() -> None:
        if desk.painter._drawn:  # the draft is on its way
            desk.painter.take([Job(0, genomes[0])])
        elif desk.painter.hub.passes == 1:
            desk.painter.take([Job(0, genomes[0], until=3)])

    (end,) = ends(desk.work(Job(0, genomes[0]), attend=waver))
    assert isinstance(end, Finished)


def test_nothing_is_remembered_of_what_has_ended_or_was_cancelled(
    model: LoadedModel, genomes: list[Genome]
) -> None:
    desk = Desk(model)
    short = [Job(k, shorter(genomes[0], 2), until=(None, 1, 5)[k]) for k in range(3)]
    desk.work(*short, Job(3, genomes[1], until=1))
    desk.painter.cancelled.update([1, 3, 9])
    desk.painter.take([Job(7, genomes[1])])
    desk.painter.cancelled.add(7)
    desk.work()
    painter, order, drafts = desk.painter, desk.painter._order, desk.painter._drafts
    assert not painter.cancelled | painter._started.keys() | painter._drawn.keys()
    assert not order._batches | order._under_way | order._beginning
    assert not drafts._until
    assert not drafts._kept


def test_a_draft_past_the_last_step_is_the_picture(
    model: LoadedModel, genomes: list[Genome]
) -> None:
    events = Desk(model).work(Job(0, shorter(genomes[0], 1), until=9))
    assert isinstance(events[-1], Finished)


def test_the_oldest_of_too_many_drafts_are_given_up(
    genomes: list[Genome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evolve.rendering.pacing.drafts.MOST", 2)
    given_up: list[int] = []

    class Fibre:
        def __init__(self, job: int) -> None:
            self.job = job

        def give_up(self) -> None:
            given_up.append(self.job)

    drafts = Drafts()
    for job in range(4):
        drafts.keep(Job(job, genomes[0]), Fibre(job), 8, 1)  # type: ignore[arg-type]
    assert given_up == [0, 1]
    assert drafts.taken(Job(1, genomes[0])) is None
    _, rows = drafts.taken(Job(3, genomes[0])) or (None, None)
    assert rows == 8


def test_the_record_says_so_if_memory_was_short_while_it_was_a_draft(
    model: LoadedModel, genomes: list[Genome]
) -> None:
    desk = Desk(model.with_rows(8))

    def shorten() -> None:
        desk.painter.hub.rows = 4

    genome = shorter(genomes[0], 2)
    desk.work(Job(0, genome, until=1), attend=shorten)
    finished = desk.work(Job(0, genome))[-1]
    assert isinstance(finished, Finished)
    assert (finished.record["rows_before"], finished.record["rows"]) == (4, 8)
