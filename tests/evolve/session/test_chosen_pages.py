"""A page that is chosen among painted candidates is the same however and whenever they are."""

import pytest
from fakes import FakeRenderer, MemoryArchive
from sittings import PAGE, Sitting, same, search_on

from evolve.rendering.protocol import Stepped
from evolve.session import events, looking_ahead
from evolve.session.archive import Judgement, Render
from evolve.taste.parents import ByTaste

TIMES = 3


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look ahead at once after an answer."""
    monkeypatch.setattr(looking_ahead, "QUIET_S", 0.0)


class Person(Sitting):
    """A person at a session whose pages are chosen among three times as many."""

    def __init__(
        self, archive: MemoryArchive, *, ahead: bool = False, renderer: FakeRenderer | None = None
    ) -> None:
        taste = ByTaste(archive.embedding, by="taste", times=TIMES)
        search = search_on(archive, seed=3, rank=taste, page=taste.page)
        super().__init__(archive, search, renderer or FakeRenderer(), ahead=ahead)


def evening(*, ahead: bool = False, pause: int = 0) -> MemoryArchive:
    archive = MemoryArchive()
    with Person(archive, ahead=ahead, renderer=FakeRenderer(pause=pause)) as person:
        for page in range(3):
            person.breed()
            person.rate(page)
        person.breed()
    return archive


@pytest.fixture(scope="module")
def plainly() -> MemoryArchive:
    return evening()


def test_a_page_is_chosen_among_more_than_it_shows_and_is_saved_with_its_pictures(
    plainly: MemoryArchive,
) -> None:
    chosen = plainly.individuals[PAGE:]
    assert len(chosen) == 3 * PAGE
    assert {one.origin.params["among"] for one in chosen} == {TIMES * PAGE}
    assert all(plainly.pictures[one.id] is not None for one in chosen)
    born = [commit for commit in plainly.commits if any(row in chosen for row in commit)]
    assert [len(commit) for commit in born] == [2 * PAGE] * 3
    rows = [row for commit in plainly.commits for row in commit]
    painted = {row.individual for row in rows if isinstance(row, Render)}
    assert painted == set(range(4 * PAGE))  # the candidates that are not shown are nobody


@pytest.mark.parametrize(("ahead", "pause"), [(True, 0), (True, 4), (False, 4)])
def test_the_same_are_bred_whatever_is_painted_ahead_and_however_fast(
    plainly: MemoryArchive, ahead: bool, pause: int
) -> None:
    assert same(evening(ahead=ahead, pause=pause), plainly)


@pytest.mark.parametrize("commits", [7, 9, 14])
def test_a_sitting_that_was_killed_goes_on_as_one_that_never_stopped(
    plainly: MemoryArchive, commits: int
) -> None:
    archive = MemoryArchive(plainly.commits[:commits])
    with Person(archive, ahead=True) as person:
        person.go_on()
    assert same(archive, plainly)


def test_candidates_are_painted_ahead_and_the_page_is_there_with_the_key() -> None:
    renderer = FakeRenderer()
    with Person(MemoryArchive(), ahead=True, renderer=renderer) as person:
        person.breed()
        person.rate(0)
        while (ahead := person.heard.until(events.PaintedAhead)[-1]).ready < ahead.page:
            pass
        assert ahead.page == TIMES * PAGE
        before = len(renderer.painted)
        person.breed()
        assert len(renderer.painted) == before
        assert len(person.archive.commits[-1]) == 2 * PAGE


def test_what_is_said_while_a_page_is_chosen_is_too_late_for_it_and_others_are_born_after_it(
    plainly: MemoryArchive,
) -> None:
    archive, renderer = MemoryArchive(plainly.commits[: 1 + PAGE]), FakeRenderer(waits=True)
    with Person(archive, renderer=renderer) as person:
        missing = [i for i in range(PAGE) if i not in archive.judged]
        person.rate(0, missing)
        person.session.breed(PAGE)
        person.session.newcomers(2)
        person.rate(1, [])
        person.session.judge(Judgement(individual=0, kind="rate", value=1, page=0))
        person.heard.until(events.Judged)
        assert len(archive.individuals) == PAGE
        renderer.waits = False
        page, newcomers = person.heard.until(events.Born, 2)
    assert [one.genome for one in page.individuals] == [
        one.genome for one in plainly.individuals[PAGE : 2 * PAGE]
    ]
    assert [one.parents for one in newcomers.individuals] == [(), ()]
    assert archive.verdicts()[0].rating == 1


def test_each_step_of_a_batch_shows_how_far_its_candidates_are(plainly: MemoryArchive) -> None:
    renderer = FakeRenderer(waits=True)
    archive = MemoryArchive(plainly.commits[:1])
    archive.append([row for commit in plainly.commits[1:] for row in commit if _is_of_first(row)])
    with Person(archive, renderer=renderer) as person:
        person.session.breed(PAGE)
        begun = person.heard.until(events.DraftsPainted)[-1]
        assert (begun.painted, begun.work, begun.rest) == (0, 0, TIMES * PAGE)
        renderer._pending = [
            Stepped(job.id, 2, 4) for job in [j for j in renderer.queue if j.id < 0][:4]
        ]
        steps = person.heard.until(events.DraftsPainted, 2)
        assert [(each.painted, each.work) for each in steps] == [(0, 1.0), (0, 2.0)]
        assert steps[-1].rest == TIMES * PAGE - 2
        renderer.waits = False
        person.heard.until(events.Born)
    ended = [each for each in person.heard.all if isinstance(each, events.DraftsPainted)][-1]
    assert (ended.painted, ended.rest) == (TIMES * PAGE, 0)


def test_who_stops_painting_gives_the_page_up_and_gets_the_same_when_it_is_asked_for_again(
    plainly: MemoryArchive,
) -> None:
    renderer = FakeRenderer(waits=True)
    archive = MemoryArchive(plainly.commits[:1])
    archive.append([row for commit in plainly.commits[1:] for row in commit if _is_of_first(row)])
    with Person(archive, renderer=renderer) as person:
        person.session.breed(PAGE)
        assert person.heard.until(events.DraftsPainted)[-1].choosing
        person.session.newcomers(3)  # what waits for the page is not bred either
        person.session.cancel()
        (refused,) = person.heard.until(events.Refused)
        assert "before the page was bred" in refused.text
        assert not renderer.queue
        renderer.waits = False
        person.breed()
    assert [one.genome for one in archive.individuals] == [
        one.genome for one in plainly.individuals[: 2 * PAGE]
    ]


def _is_of_first(row: object) -> bool:
    individual = row.individual if isinstance(row, Render | Judgement) else PAGE
    return individual < PAGE


def test_a_page_of_drafts_is_chosen_by_the_person_and_not_before(plainly: MemoryArchive) -> None:
    archive = MemoryArchive(plainly.commits)
    with Person(archive) as person:
        person.session.draft(2 * PAGE)
        (born,) = person.heard.until(events.Born)
    assert len(born.individuals) == 2 * PAGE
    assert not any("among" in one.origin.params for one in born.individuals)
