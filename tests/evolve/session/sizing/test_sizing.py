"""Children of a size: as far from their parents as asked, and the same ones whatever happens."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sittings
from fakes import FakeRenderer, MemoryArchive, look_of
from heard import Heard

from evolve.errors import ArchiveError, GenomeError, SavingError
from evolve.genome import Genome
from evolve.genome.edit import Base
from evolve.genome.noise import correlation
from evolve.models.machine import trials
from evolve.rendering.protocol import (
    Broken,
    Describe,
    Described,
    Finished,
    Job,
    RenderEvent,
    Stepped,
    Task,
)
from evolve.scoring.looks.distance import Distances
from evolve.scoring.looks.embedding import KEY, Embedding
from evolve.scoring.looks.sight import CELLS, Sight
from evolve.search import Policy, Search
from evolve.search.axes import components
from evolve.search.edits import Repainted
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Judgement, Render, Row
from evolve.session.session import Session

PAGE = 12


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trials, "user_cache_path", lambda name: folder / name)
        yield folder


def search_on(archive: MemoryArchive, policy: Policy | None = None) -> Search:
    return sittings.search_on(archive, prompt="a face | a hat", policy=policy)


def session_on(
    archive: MemoryArchive,
    renderer: FakeRenderer | None = None,
    *,
    retry: float = 0.01,
    policy: Policy | None = None,
) -> AbstractContextManager[tuple[Session, Heard]]:
    search = search_on(archive, policy)
    return sittings.session_on(archive, renderer, search=search, retry=retry)


@pytest.fixture(scope="module")
def founded(cache: Path) -> MemoryArchive:
    """A page of painted founders, two of them rated."""
    archive = MemoryArchive()
    with session_on(archive) as (session, heard):
        session.breed(PAGE)
        heard.until(events.Painted, PAGE)
        for i in (2, 5):
            session.judge(Judgement(individual=i, kind="rate", value=5, page=0))
        heard.until(events.Judged, 2)
    return archive


@pytest.fixture
def archive(founded: MemoryArchive) -> MemoryArchive:
    return MemoryArchive(founded.commits)


def wait_for_births(heard: Heard, count: int) -> None:
    while count > 0:
        count -= len(heard.until(events.Born)[0].individuals)


def bred(archive: MemoryArchive, size: float = 0.4, **how: Any) -> FakeRenderer:
    """Breed a page of a size, to the end; return what painted it."""
    renderer = FakeRenderer()
    with session_on(archive, renderer) as (session, heard):
        session.breed(PAGE, size=size, **how)
        wait_for_births(heard, PAGE)
    return renderer


def digests(archive: MemoryArchive, first: int = PAGE) -> list[tuple[object, ...]]:
    return [
        (i.id, i.parents, i.generation, i.origin.operator, dict(i.origin.params), i.genome.digest)
        for i in archive.individuals[first:]
    ]


def realised(archive: MemoryArchive, ids: Sequence[int]) -> list[float]:
    distances = Distances(search_on(archive).births, archive.sight)
    return [d for i in ids if (d := distances.to_parent(i)) is not None]


@pytest.mark.parametrize("size", [0.2, 0.4, 0.7])
def test_children_are_as_far_from_their_parents_as_asked(
    archive: MemoryArchive, size: float
) -> None:
    bred(MemoryArchive(archive.commits))  # where nothing is measured yet, that is painted too
    first = len(archive.individuals)
    renderer = bred(archive, size, parents=(2, 5))
    got = realised(archive, range(first, first + PAGE))
    assert np.median([abs(d / size - 1) for d in got]) < 0.2
    assert len(renderer.painted) <= 1.5 * PAGE
    sized = [i.origin.params["size"] for i in archive.individuals[first:]]
    assert sized == [size] * PAGE
    assert not any("step" in i.origin.params for i in archive.individuals[first:])


def test_children_are_born_in_the_order_of_their_ids_each_with_its_picture(
    archive: MemoryArchive,
) -> None:
    before = len(archive.commits)
    bred(archive)
    for commit in archive.commits[before:]:
        ids = [row.id for row in commit if hasattr(row, "genome")]
        sized = [i for i in ids if "size" in archive.individuals[i].origin.params]
        assert [row.individual for row in commit if isinstance(row, Render)][: len(sized)] == sized
    assert not [i for i in archive.unpainted() if "size" in archive.individuals[i].origin.params]
    assert archive.plan().brood is None


def test_a_page_that_was_killed_after_any_commit_goes_on_to_the_same_children(
    archive: MemoryArchive,
) -> None:
    whole = MemoryArchive(archive.commits)
    bred(whole)
    expected = digests(whole)
    assert len(whole.commits) > len(archive.commits) + 3
    for length in range(len(archive.commits) + 1, len(whole.commits)):
        resumed = MemoryArchive(whole.commits[:length])
        missing = 2 * PAGE - len(resumed.individuals)
        with session_on(resumed) as (_, heard):
            wait_for_births(heard, missing)
        assert digests(resumed) == expected


class Leaping(FakeRenderer):
    """In a third of all directions from a parent something appears with the first step."""

    def __init__(self, parent: Genome) -> None:
        super().__init__()
        self.parent = parent.noise.astype(float)

    def poll(self, timeout: float) -> list[RenderEvent]:
        return [self._leapt(event) for event in super().poll(timeout)]

    def _leapt(self, event: RenderEvent) -> RenderEvent:
        if not isinstance(event, Finished) or event.latent is None:
            return event
        rho = correlation(event.latent, self.parent)
        direction = (event.latent - rho * self.parent) / max(1e-6, math.sqrt(1 - rho**2))
        if direction[0, 0, 0] < 0.4:
            return event
        (look,) = Sight.from_record(event.record).parts  # type: ignore[union-attr]
        vector = look.vector.astype(float) + np.eye(len(look.vector))[0]
        leapt = Embedding(look.of, (vector / np.linalg.norm(vector)).astype(np.float16))
        return replace(event, record={**event.record, KEY: leapt.to_json()})


def test_a_child_takes_another_way_where_its_own_leaps_over_the_size(
    archive: MemoryArchive,
) -> None:
    bred(MemoryArchive(archive.commits))  # so that the model is measured
    whole, older = MemoryArchive(archive.commits), MemoryArchive(archive.commits)
    for of, other_ways in ((whole, True), (older, False)):
        policy = Policy(menu={"mutate": 1.0}, other_ways=other_ways)
        with session_on(of, Leaping(of.genome(2)), policy=policy) as (session, heard):
            session.breed(PAGE, parents=(2,), size=0.4)
            wait_for_births(heard, PAGE)
    assert {i.origin.params.get("way", 0) for i in whole.individuals[PAGE:]} == {0, 1}
    assert not any("way" in i.origin.params for i in older.individuals[PAGE:])
    fit = [
        sum(abs(d / 0.4 - 1) < 0.2 for d in realised(of, range(PAGE, 2 * PAGE)))
        for of in (whole, older)
    ]
    assert fit[0] > fit[1] + 1
    for length in range(len(archive.commits) + 1, len(whole.commits)):
        resumed = MemoryArchive(whole.commits[:length])  # goes on as it was asked for
        policy = Policy(menu={"mutate": 1.0}, other_ways=False)
        with session_on(resumed, Leaping(whole.genome(2)), policy=policy) as (_, heard):
            wait_for_births(heard, 2 * PAGE - len(resumed.individuals))
        assert digests(resumed) == digests(whole)


@pytest.mark.parametrize("operator", ["cross_slerp", "cross_band"])
def test_children_on_a_line_between_the_same_two_parents_are_not_all_the_same(
    archive: MemoryArchive, operator: str
) -> None:
    bred(MemoryArchive(archive.commits))  # so that the model is measured
    older = MemoryArchive(archive.commits)
    apart = []
    for of, other_ways in ((archive, True), (older, False)):
        policy = Policy(menu={operator: 1.0}, other_ways=other_ways)
        with session_on(of, policy=policy) as (session, heard):
            session.breed(6, parents=(2, 5), size=0.4)
            wait_for_births(heard, 6)
        apart.append(len({i.genome.noise.tobytes() for i in of.individuals[PAGE:]}))
    assert apart[0] == 6 > apart[1]  # else those of one main parent and reach are the same
    towards = [correlation(i.genome.noise, archive.genome(5).noise) for i in archive.individuals]
    assert min(towards[PAGE : PAGE + 3]) > 0.1
    beside = [i.origin.params.get("beside") for i in archive.individuals[PAGE:]]
    assert beside[0] is beside[3] is None
    assert all(beside[1:3] + beside[4:])
    got = realised(archive, range(PAGE, PAGE + 6))
    assert np.median([abs(d / 0.4 - 1) for d in got]) < 0.2


def test_a_page_that_learns_from_one_before_goes_on_to_the_same_children_too(
    archive: MemoryArchive,
) -> None:
    bred(archive, size=0.6)
    whole = MemoryArchive(archive.commits)
    bred(whole, parents=(2, 5))
    # A picture of the page before may still be on its way when the second is asked for.
    begun = next(
        length
        for length in range(len(archive.commits) + 1, len(whole.commits))
        if MemoryArchive(whole.commits[:length]).plan().brood is not None
    )
    for length in (begun, len(whole.commits) - 1):
        resumed = MemoryArchive(whole.commits[:length])
        missing = 3 * PAGE - len(resumed.individuals)
        with session_on(resumed) as (_, heard):
            wait_for_births(heard, missing)
        assert digests(resumed) == digests(whole)


class FailingLater(FakeRenderer):
    """Cannot paint what it is asked for after the first few."""

    def __init__(self, first: int) -> None:
        super().__init__()
        self.asked, self.first = 0, first

    def submit(self, jobs: Sequence[Task]) -> None:
        self.poison |= {job.id for k, job in enumerate(jobs, self.asked) if k >= self.first}
        self.asked += len(jobs)
        super().submit(jobs)


@pytest.mark.parametrize("way", ["page", "line"])
@pytest.mark.parametrize("fails", ["first drafts", "second drafts"])
def test_a_draft_that_fails_is_the_last_of_its_child_and_the_others_are_born(
    archive: MemoryArchive, way: str, fails: str
) -> None:
    bred(MemoryArchive(archive.commits))  # so that the model is measured
    count = PAGE if way == "page" else 8
    renderer = FailingLater(0 if fails == "first drafts" else count)
    with session_on(archive, renderer) as (session, heard):
        if way == "page":
            session.breed(PAGE, size=0.1, parents=(2, 5))
        else:
            session.look(2, size=0.3)
        wait_for_births(heard, count)
    born = archive.individuals[PAGE:]
    painted = [i for i in born if archive.picture(i.id) is not None]
    assert archive.failed() == {i.id: "poison" for i in born if i not in painted}
    assert bool(painted) == (fails == "second drafts")
    again = [i for i in painted if i.origin.params.get("drafts") == 2]
    alone = [i for i in again if "missed" not in i.origin.params]  # the first one is the child
    assert bool(alone) == bool(painted)
    assert archive.plan().brood is None


class Backwards(FakeRenderer):
    """Finishes first what was asked for last."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        self.queue.reverse()
        happened = super().poll(timeout)
        self.queue.reverse()
        return happened


def test_who_is_born_does_not_depend_on_which_draft_is_finished_first(
    archive: MemoryArchive,
) -> None:
    other = MemoryArchive(archive.commits)
    bred(archive)
    with session_on(other, Backwards()) as (session, heard):
        session.breed(PAGE, size=0.4)
        wait_for_births(heard, PAGE)
    assert digests(other) == digests(archive)


def test_what_is_said_later_changes_neither_the_page_nor_the_one_asked_for_before_it(
    archive: MemoryArchive,
) -> None:
    other = MemoryArchive(archive.commits)
    with session_on(other) as (session, heard):
        session.breed(PAGE, size=0.4)
        wait_for_births(heard, PAGE)
        session.breed(6)
        wait_for_births(heard, 6)
    with session_on(archive) as (session, heard):
        session.breed(PAGE, size=0.4)
        session.breed(6)
        for i in (8, 9):  # saved at once, while the first page is still being found
            session.judge(Judgement(individual=i, kind="rate", value=5, page=0))
        session.plan(Plan(step=10.0))
        heard.until(events.Planned)
        assert archive.verdicts()[9].rating == 5
        wait_for_births(heard, PAGE + 6)
        session.breed(6)
        later = heard.until(events.Born)[0].individuals
    assert digests(archive)[: PAGE + 6] == digests(other)[: PAGE + 6]
    assert archive.plan().step == 10.0
    assert all(i.origin.params["step"] == 10.0 for i in later)


class Slow(FakeRenderer):
    """Paints nothing more for a while once it has painted some."""

    until = 14

    def poll(self, timeout: float) -> list[RenderEvent]:
        return [] if len(self.painted) >= self.until else super().poll(timeout)


def test_painting_that_is_stopped_leaves_the_rest_of_a_page_unborn(
    archive: MemoryArchive,
) -> None:
    bred(MemoryArchive(archive.commits))  # so that the model is measured
    with session_on(archive, Slow()) as (session, heard):
        session.breed(PAGE, size=0.4)
        heard.until(events.Born)
        session.breed(4, parents=(2,))  # what waits for the page is not bred either
        session.cancel()
        assert all("stopped" in each.text for each in heard.until(events.Refused, 2))
        session.judge(Judgement(individual=0, kind="rate", value=3, page=0))
        heard.until(events.Judged)
    assert PAGE < len(archive.individuals) < 2 * PAGE
    assert {i.generation for i in archive.individuals} == {0, 1}
    with session_on(archive) as (session, heard):
        session.breed(4, parents=(2,))
        wait_for_births(heard, 4)
    assert archive.plan().brood is None
    born = len(archive.individuals)
    with session_on(archive) as (session, heard):
        session.judge(Judgement(individual=0, kind="pin", value=1))
        heard.until(events.Judged)
    assert len(archive.individuals) == born


def test_a_page_that_is_left_for_another_branch_leaves_its_plan_in_its_own(
    archive: MemoryArchive,
) -> None:
    bred(MemoryArchive(archive.commits))  # so that the model is measured
    other = MemoryArchive(archive.commits)
    other.append([Plan(step=7.0)])
    with session_on(archive, Slow()) as (session, heard):
        session.breed(PAGE, size=0.4)
        heard.until(events.Born)
        session.breed(4)
        session.plan(Plan(step=9.0))  # is to be learnt after those four
        session.go_on_in(other, "other")
        heard.until(events.Switched)
        session.judge(Judgement(individual=0, kind="pin", value=1))
        heard.until(events.Judged)
    assert archive.plan() == Plan(step=9.0)
    assert other.plan() == session.search.plan == Plan(step=7.0)


class Held(FakeRenderer):
    """Reports nothing while it is held."""

    is_held = False

    def poll(self, timeout: float) -> list[RenderEvent]:
        return [] if self.is_held else super().poll(timeout)


def test_what_is_decided_while_an_interrupted_page_waits_for_the_model_is_kept(
    archive: MemoryArchive,
) -> None:
    whole = MemoryArchive(archive.commits)
    bred(whole)
    resumed, renderer = MemoryArchive(whole.commits[: len(archive.commits) + 1]), Held()
    renderer.is_held = True
    with session_on(resumed, renderer) as (session, heard):
        session.plan(Plan(step=9.0))
        heard.until(events.Planned)
        renderer.is_held = False
        wait_for_births(heard, PAGE)
    assert resumed.plan() == Plan(step=9.0)
    assert digests(resumed) == digests(whole)


@pytest.mark.parametrize("asks", ["decides", "breeds"])
def test_what_is_asked_for_with_the_last_draft_comes_after_the_last_birth(
    archive: MemoryArchive, asks: str
) -> None:
    bred(MemoryArchive(archive.commits))  # so that the model is measured

    class Asking(FakeRenderer):
        asked = 0

        def poll(self, timeout: float) -> list[RenderEvent]:
            happened = [e for e in super().poll(timeout) if not isinstance(e, Stepped)]
            if any(isinstance(event, Finished) and event.id < 0 for event in happened):
                self.asked += 1
                if asks == "decides":
                    session.plan(Plan(step=float(self.asked)))
                else:
                    session.newcomers(1)
            return happened

    renderer = Asking()
    with session_on(archive, renderer) as (session, heard):
        session.breed(2, parents=(2, 5), size=0.4)
        wait_for_births(heard, 2)
        session.judge(Judgement(individual=0, kind="pin", value=1))
        heard.until(events.Judged)
    if asks == "decides":
        assert archive.plan() == Plan(step=float(renderer.asked))
    else:
        assert len(archive.individuals) == PAGE + 2 + renderer.asked
    assert renderer.asked


def test_where_nothing_is_judged_founders_are_made(archive: MemoryArchive) -> None:
    blank = MemoryArchive()
    with session_on(blank) as (session, heard):
        session.breed(4, size=0.4)
        heard.until(events.Painted, 4)
    assert {i.origin.operator for i in blank.individuals} == {"found", "antithetic"}


class Full(MemoryArchive):
    """Has no room for some of its commits."""

    refused = 0

    def append(self, rows: Sequence[Row]) -> None:
        if getattr(self, "tight", False) and self.refused < 3:
            self.refused += 1
            raise SavingError("no room", "no room")
        super().append(rows)


def test_children_that_could_not_be_saved_are_saved_when_there_is_room(
    archive: MemoryArchive,
) -> None:
    full = Full(archive.commits)
    full.tight = True  # type: ignore[attr-defined]
    bred(archive)
    with session_on(full) as (session, heard):
        session.breed(PAGE, size=0.4)
        wait_for_births(heard, PAGE)
    assert full.refused == 3
    assert digests(full) == digests(archive)


@pytest.mark.parametrize("asked", ["ring", "steps", "settings alone"])
def test_a_line_closes_in_on_the_size(archive: MemoryArchive, asked: str) -> None:
    bred(MemoryArchive(archive.commits))  # where nothing is measured yet, that is painted too
    sizes = [0.2, 0.4, 0.6, -0.3] if asked == "steps" else [0.3] * 8
    renderer = FakeRenderer()
    with session_on(archive, renderer) as (session, heard):
        if asked == "ring":
            session.look(2, size=0.3)
        elif asked == "steps":
            session.walk(2, start=2, end=5, sizes=sizes)
        else:
            session.plan(Plan(locked=("noise",)))
            session.breed(8, parents=(2,), size=0.02)
            sizes = [0.02] * 8
        wait_for_births(heard, len(sizes))
    got = realised(archive, range(PAGE, PAGE + len(sizes)))
    errors = [abs(d / abs(s) - 1) for d, s in zip(got, sizes, strict=True)]
    assert np.median(errors) < 0.1
    assert len(renderer.painted) <= 4 * len(sizes)


def test_a_ring_has_its_opposite_directions_four_places_apart(archive: MemoryArchive) -> None:
    with session_on(archive) as (session, heard):
        session.look(2, size=0.3)
        wait_for_births(heard, 8)
    ring = [i.origin.params for i in archive.individuals[PAGE:]]
    assert [p["axis"] for p in ring] == [0, 1, 2, 3] * 2
    assert [p["angle"] > 0 for p in ring] == [True] * 4 + [False] * 4


def test_a_picture_that_nobody_has_looked_at_is_described_first(archive: MemoryArchive) -> None:
    del archive.records[2], archive.records[3]
    asked: list[int] = []

    class Describing(FakeRenderer):
        def submit(self, jobs: Sequence[Job | Describe]) -> None:
            asked.extend(isinstance(job, Describe) for job in jobs)
            super().submit(jobs)

    with session_on(archive, Describing()) as (session, heard):
        session.breed(3, parents=(2,), size=0.4)
        wait_for_births(heard, 3)
    assert sum(asked) == 2


class Seeing(FakeRenderer):
    """Sees more of pictures than the embedding alone."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        return [self._seen(event) for event in super().poll(timeout)]

    def _seen(self, event: RenderEvent) -> RenderEvent:
        cells = Embedding("cells", np.ones(4, np.float16) / 2)
        if isinstance(event, Finished):
            return replace(event, record={**event.record, CELLS: cells.to_json()})
        if isinstance(event, Described):
            return replace(event, sight=Sight((*event.sight.parts, cells)))
        return event


def test_sizes_keep_their_meaning_where_founders_were_painted_by_what_saw_less(
    archive: MemoryArchive,
) -> None:
    other = MemoryArchive(archive.commits)
    bred(archive, parents=(2, 5))
    renderer = Seeing()
    with session_on(other, renderer) as (session, heard):
        session.breed(PAGE, size=0.4, parents=(2, 5))
        wait_for_births(heard, PAGE)
    assert other.sight(PAGE).kinds == ("fake", "cells")  # type: ignore[union-attr]
    assert digests(other) == digests(archive)


def test_a_parent_of_which_less_is_known_than_of_founders_is_looked_at_again(
    archive: MemoryArchive,
) -> None:
    cells = Embedding("cells", np.ones(4, np.float16) / 2).to_json()
    for i in range(PAGE):
        archive.records[i] = {**archive.records[i], CELLS: cells}
    with session_on(archive) as (session, heard):  # paints what is seen by less
        session.breed(1, parents=(2,))
        heard.until(events.Painted)
    asked: list[Describe] = []

    class Counting(Seeing):
        def submit(self, jobs: Sequence[Task]) -> None:
            asked.extend(job for job in jobs if isinstance(job, Describe))
            super().submit(jobs)

    with session_on(archive, Counting()) as (session, heard):
        session.breed(2, parents=(PAGE,), size=0.4)
        wait_for_births(heard, 2)
    assert len(asked) == PAGE + 1


def test_a_model_is_measured_once(archive: MemoryArchive, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)
    painted = []
    for _ in range(2):
        fresh = MemoryArchive(archive.commits)
        painted.append(len(bred(fresh).painted))
    assert painted[0] > painted[1] + 40


def test_a_renderer_that_cannot_work_leaves_the_page_for_the_next_start(
    archive: MemoryArchive,
) -> None:
    class Breaking(FakeRenderer):
        def poll(self, timeout: float) -> list[RenderEvent]:
            if len(self.painted) > 14:
                return [Broken("no device")]
            return super().poll(timeout)

    whole = MemoryArchive(archive.commits)
    bred(whole)
    with session_on(archive, Breaking()) as (session, heard):
        session.breed(PAGE, size=0.4)
        assert heard.until(events.Refused)[0].text == "no device"
        session.plan(Plan(step=9.0))
        heard.until(events.Planned)

    def fails() -> FakeRenderer:
        session.plan(Plan(step=8.0))
        raise ArchiveError("no model")

    session, heard = Session(archive, search_on(archive), fails), Heard()
    session.start(heard.queue.put)
    assert heard.until(events.Stopped)[0].error == "no model"
    assert archive.plan() == Plan(step=8.0)
    with session_on(archive) as (_, heard):
        wait_for_births(heard, 2 * PAGE - len(archive.individuals))
    assert digests(archive) == digests(whole)


def look_after(pages: int, size: float | None) -> MemoryArchive:
    """Look around a picture of the page after some pages."""
    archive = MemoryArchive()
    with session_on(archive) as (session, heard):
        for _ in range(pages + 1):
            session.newcomers(PAGE)
        heard.until(events.Painted, PAGE * (pages + 1))
        session.look(PAGE * pages + 2, angle=None if size else 30.0, size=size)
        wait_for_births(heard, 8)
    return archive


@pytest.mark.parametrize("size", [None, 0.3])
def test_half_of_a_ring_leads_along_the_axes_of_the_pages_before(size: float | None) -> None:
    archive = look_after(3, size)
    ring = archive.individuals[-8:]
    assert [i.origin.params.get("along") for i in ring] == [1, 2, None, None] * 2
    middle = archive.individuals[3 * PAGE + 2]
    looks = [look_of(i.genome) for i in archive.individuals[: 3 * PAGE]]
    axis = components(looks)[0][0]
    moved = [
        (look_of(i.genome).vector.astype(float) - look_of(middle.genome).vector) @ axis
        for i in ring
    ]
    assert moved[0] > 0 > moved[4]
    assert moved[0] - moved[4] > 2 * max(abs(moved[k] - moved[k + 4]) for k in (2, 3))


def test_without_enough_pictures_all_directions_of_a_ring_are_random() -> None:
    ring = look_after(2, None).individuals[-8:]
    assert not any("along" in i.origin.params for i in ring)


@pytest.fixture
def edited(archive: MemoryArchive) -> MemoryArchive:
    """The same with a picture in which a place was painted again."""
    base = Base(archive.genome(2).noise, archive.pictures[2])
    edit = Repainted(base=base, box=(0.25, 0.25, 0.75, 0.75), angle=60.0, depth=1.0, prompt=None)
    with session_on(archive) as (session, heard):
        session._latents[2] = archive.genome(2).noise
        session.alter(2, edit, 1)
        heard.until(events.Painted)
    return archive


def test_children_of_an_edited_picture_wait_until_it_is_known_what_it_came_to(
    edited: MemoryArchive,
) -> None:
    ready = MemoryArchive(edited.commits)
    bred(ready, parents=(PAGE,))  # a session that has not painted it paints it again first
    children = ready.individuals[PAGE + 1 :]
    assert len(children) == PAGE
    assert all("depth" in i.origin.params for i in children)
    for length in (len(edited.commits) + 1, len(ready.commits) - 2):
        resumed = MemoryArchive(ready.commits[:length])
        missing = 2 * PAGE + 1 - len(resumed.individuals)
        with session_on(resumed) as (_, heard):
            wait_for_births(heard, missing)
        assert digests(resumed) == digests(ready)


@pytest.mark.parametrize("ends", ["born", "stopped"])
def test_what_is_decided_while_a_page_waits_for_its_parent_is_kept(
    edited: MemoryArchive, ends: str
) -> None:
    renderer = Held()
    with session_on(edited, renderer) as (session, heard):
        heard.until(events.Ready)
        renderer.is_held = True
        session.breed(2, parents=(PAGE,), size=0.4)
        session.plan(Plan(step=9.0))
        heard.until(events.Planned)
        if ends == "stopped":
            session.cancel()
            heard.until(events.Refused)
        else:
            renderer.is_held = False
            wait_for_births(heard, 2)
    assert edited.plan() == Plan(step=9.0)


@pytest.mark.parametrize(
    "change",
    [
        {"pool": [99]},
        {"children": [["mutate", 99, 0.4]] * PAGE},
        {"children": [["mutate", 2, 40.0]] * PAGE},
        {"children": [["mutate", 2, 1e-5]] * PAGE},
        {"pool": []},
        {"how": "look"},
        {"pictures": [-1]},
        {"children": [["cross_slerp", 2, 0.4]] * PAGE},  # of one parent
        {"how": "steer", "pool": [2, 5, 7]},
        {"generation": 10**12},
        {"generation": -1},
    ],
)
def test_a_page_that_makes_no_sense_is_not_gone_on_with(
    archive: MemoryArchive, change: dict[str, Any]
) -> None:
    bred(whole := MemoryArchive(archive.commits), parents=(2,))
    laid = whole.commits[len(archive.commits)][0]
    assert isinstance(laid, Plan)
    assert laid.brood is not None
    data = laid.to_json()
    archive.append([Plan.from_json({**data, "brood": {**data["brood"], **change}})])
    with session_on(archive) as (session, heard):
        session.breed(2, parents=(2,))
        wait_for_births(heard, 2)
    assert ["step" in each.origin.params for each in archive.individuals[PAGE:]] == [True, True]


def test_a_newcomer_that_cannot_be_made_leaves_the_page_unborn_and_is_no_reason_to_end(
    archive: MemoryArchive,
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise GenomeError("the operator 'odd' failed")

    with session_on(archive) as (session, heard):
        session.plan(Plan(slots=("new",)))
        session.search.child = fails  # type: ignore[method-assign, assignment]
        session.breed(2, parents=(2,), size=0.4)
        assert heard.until(events.Refused)[0].text == "the operator 'odd' failed"
        session.judge(Judgement(individual=0, kind="pin", value=1))
        heard.until(events.Judged)
    assert archive.plan() == Plan(slots=("new",))
    assert archive.plan().brood is None


def test_a_parent_that_cannot_be_read_is_no_reason_to_end(archive: MemoryArchive) -> None:
    def damaged(individual: int) -> Genome:
        raise ArchiveError("the genome is altered")

    with session_on(archive) as (session, heard):
        session.search._genome_of = damaged
        session.breed(PAGE, parents=(2,), size=0.4)
        assert heard.until(events.Refused)[0].text == "the genome is altered"
        session.judge(Judgement(individual=0, kind="pin", value=1))
        heard.until(events.Judged)
