"""Children of a size: as far from their parents as asked, in pages, lines and rings."""

import math
from dataclasses import replace

import numpy as np
import pytest
from broods import PAGE, bred, digests, realised, session_on, wait_for_births
from fakes import FakeRenderer, MemoryArchive, look_of

from evolve.genome import Genome
from evolve.genome.noise import correlation
from evolve.rendering.protocol import Finished, RenderEvent
from evolve.scoring.looks.embedding import KEY, Embedding
from evolve.scoring.looks.sight import Sight
from evolve.search import Policy
from evolve.search.axes import components
from evolve.search.plan import Plan
from evolve.session import events


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


def test_where_nothing_is_judged_founders_are_made(archive: MemoryArchive) -> None:
    blank = MemoryArchive()
    with session_on(blank) as (session, heard):
        session.breed(4, size=0.4)
        heard.until(events.Painted, 4)
    assert {i.origin.operator for i in blank.individuals} == {"found", "antithetic"}


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
