from collections.abc import Mapping

import numpy as np
import pytest
from fakes import SHAPE, FakeRenderer, MemoryArchive, Tight
from heard import Heard
from sittings import search_on

from evolve.genome import Genome, Prompt, Settings
from evolve.genome.edit import Base, Edit
from evolve.rendering.protocol import Job
from evolve.search.individual import Verdict
from evolve.session import events
from evolve.session.archive import Judgement, Render
from evolve.session.drafting import DRAFT, DROPPED, half_way, is_liked
from evolve.session.session import Session


class Sitting:
    """A session on an archive, with what is heard of it."""

    def __init__(self, archive: MemoryArchive, *, waits: bool = False) -> None:
        self.archive, self.renderer, self.heard = archive, FakeRenderer(waits=waits), Heard()
        search = search_on(archive, seed=2)
        self.session = Session(archive, search, lambda: self.renderer, retry=0.01)

    def __enter__(self) -> "Sitting":
        self.session.start(self.heard.queue.put)
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    @property
    def asked(self) -> list[tuple[int, int | None]]:
        """How far each job is to go."""
        jobs = self.renderer.submitted
        return [(job.id, job.until) for job in jobs if job.kind is Job]

    def draft(self, count: int = 6) -> None:
        self.session.draft(count)
        self.heard.until(events.Drafted, count)

    def rate(self, individual: int, value: int) -> None:
        page = self.archive.individuals[individual].generation
        rated = Judgement(individual=individual, kind="rate", value=value, page=page)
        self.session.judge(rated)


def test_drafts_are_the_same_individuals_as_a_page_painted_half_way_and_not_saved() -> None:
    plain, drafted = MemoryArchive(), MemoryArchive()
    with Sitting(plain) as person:
        person.session.breed(6)
        person.heard.until(events.Painted, 6)
    with Sitting(drafted) as person:
        person.draft()
        steps = plain.individuals[0].genome.settings.steps
        assert person.asked == [(i, steps // 2) for i in range(6)]
    assert [i.genome for i in drafted.individuals] == [i.genome for i in plain.individuals]
    assert all(i.origin.params[DRAFT] is True for i in drafted.individuals)
    assert not drafted.pictures
    assert not drafted.errors


def test_what_is_liked_is_finished_and_nothing_else() -> None:
    with Sitting(MemoryArchive()) as person:
        person.draft()
        for individual, value in ((1, 5), (2, 3), (4, 4)):
            person.rate(individual, value)
        assert [p.id for p in person.heard.until(events.Painted, 2)] == [1, 4]
        assert person.asked[6:] == [(1, None), (4, None)]
    assert set(person.archive.pictures) == {1, 4}


def test_verdicts_are_copied_once_for_a_page_of_drafts_and_for_a_key() -> None:
    copied = list[int]()

    class Copied(MemoryArchive):
        def verdicts(self) -> Mapping[int, Verdict]:
            copied.append(1)
            return super().verdicts()

    with Sitting(Copied(), waits=True) as person:
        person.session.draft(6)
        person.heard.until(events.Born)
        person.rate(1, 5)
        person.rate(2, 1)
        person.heard.until(events.Judged, 2)
    assert len(copied) <= 6  # to breed, for the six drafts, and for each key


def test_a_draft_that_is_liked_before_it_is_there_is_painted_to_the_end() -> None:
    with Sitting(MemoryArchive(), waits=True) as person:
        person.session.draft(2)
        person.heard.until(events.Born)
        person.rate(1, 5)
        person.renderer.waits = False
        assert person.heard.until(events.Painted)[0].id == 1


def test_a_draft_that_is_liked_while_a_page_waits_is_finished_at_once() -> None:
    person = Sitting(MemoryArchive())
    person.renderer._pending.clear()  # the model is not loaded, so children of a size wait
    with person:
        person.draft(2)
        person.session.breed(1, size=0.4)
        person.rate(1, 5)
        assert person.heard.until(events.Painted)[0].id == 1


def test_any_draft_is_finished_when_it_is_asked_for() -> None:
    with Sitting(MemoryArchive()) as person:
        person.draft(2)
        person.session.paint([0])
        assert person.heard.until(events.Painted)[0].id == 0


def test_drafts_that_nobody_liked_are_dropped_when_the_next_page_is_bred() -> None:
    archive = MemoryArchive()
    with Sitting(archive) as person:
        person.draft()
        person.rate(1, 5)
        person.heard.until(events.Painted)
        person.session.breed(3)
        person.heard.until(events.Painted, 3)
    assert archive.errors == dict.fromkeys((0, 2, 3, 4, 5), DROPPED)
    assert not archive.unpainted()


@pytest.mark.parametrize("when", ["a page is bred", "it is opened"])
def test_drafts_that_cannot_be_dropped_for_want_of_room_are_dropped_later(when: str) -> None:
    archive = Tight(kind=Render, times=2)
    with Sitting(MemoryArchive() if when == "it is opened" else archive) as person:
        person.draft(2)
        if when == "it is opened":
            page = person.session.search.twin(archive.genome).newcomers(2)
            archive = Tight([*person.archive.commits, page], kind=Render, times=2)
    with Sitting(archive) as person:
        if when == "a page is bred":
            person.session.breed(2)
        person.heard.until(events.SaveFailed)
        person.heard.until(events.CaughtUp)
        person.session.newcomers(1)  # it goes on
        person.heard.until(events.Born)
    assert archive.errors == dict.fromkeys((0, 1), DROPPED)


@pytest.mark.parametrize("commits", [1, 2, 3])
def test_after_a_kill_drafts_are_drafted_again_and_those_that_were_liked_are_painted(
    commits: int,
) -> None:
    whole = MemoryArchive()
    with Sitting(whole) as person:
        person.draft(3)
        person.rate(2, 4)
        person.heard.until(events.Painted)
    archive = MemoryArchive(whole.commits[:commits])
    with Sitting(archive) as person:
        person.heard.until(events.Drafted, 3 if commits == 1 else 2)
        if commits == 1:
            person.rate(2, 4)
        if commits < 3:
            person.heard.until(events.Painted)
    assert archive.pictures.keys() == whole.pictures.keys() == {2}


def test_a_picture_that_is_dropped_is_not_painted_and_not_judged_even_after_a_kill() -> None:
    archive = MemoryArchive()
    with Sitting(archive, waits=True) as person:
        person.session.breed(3)
        person.heard.until(events.Born)
        person.session.drop([1])
        assert person.heard.until(events.PaintingFailed) == [events.PaintingFailed(1, DROPPED)]
        assert person.renderer.cancelled == [1]
        person.renderer.waits = False
        assert [p.id for p in person.heard.until(events.Painted, 2)] == [0, 2]
    assert not archive.verdicts()
    with Sitting(MemoryArchive(archive.commits)) as again:
        again.session.paint([1])
        assert [p.id for p in again.heard.until(events.Painted)] == [1]
        assert again.asked == [(1, None)]


def test_a_picture_that_is_there_already_is_not_dropped() -> None:
    with Sitting(MemoryArchive()) as person:
        person.session.breed(2)
        person.heard.until(events.Painted, 2)
        person.session.drop([1])
        person.rate(0, 3)
        person.heard.until(events.Judged)
    assert not person.archive.errors


@pytest.mark.parametrize(
    ("depth", "until"), [(None, 4), (1.0, 4), (0.5, 6), (0.25, 7), (0.1, None)]
)
def test_half_of_what_is_painted_is_a_draft_of_a_picture_that_starts_from_another(
    depth: float | None, until: int | None
) -> None:
    noise = np.zeros(SHAPE, np.float16)
    edit = None if depth is None else Edit(Base(noise), depth)
    genome = Genome(noise, Prompt.parse("a"), Settings(steps=8), edit)
    assert half_way(genome) == until


@pytest.mark.parametrize(
    ("verdict", "liked"),
    [
        (None, False),
        (Verdict(rating=3), False),
        (Verdict(rating=4), True),
        (Verdict(rating=5, rejected=True), False),
        (Verdict(pinned=True), True),
        (Verdict(place=2), True),
        (Verdict(same=True), False),
    ],
)
def test_a_draft_is_liked_by_a_good_rating_a_pin_or_a_pick(
    verdict: Verdict | None, liked: bool
) -> None:
    assert is_liked(verdict) is liked
