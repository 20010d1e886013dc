"""What is painted ahead changes nothing but when pictures are there."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeRenderer, MemoryArchive
from sittings import PAGE, Sitting, same, search_on

from evolve.errors import GenomeError
from evolve.power import is_on_battery
from evolve.rendering.ahead import PaintingAhead
from evolve.search import Search
from evolve.search.individual import Individual, Verdict
from evolve.search.plan import Plan
from evolve.session import events, foreseeing, looking_ahead
from evolve.session.archive import Judgement
from evolve.session.foreseeing import Foresight, Habits
from evolve.session.looking_ahead import LookingAhead
from evolve.session.requests import Expect, SaveChildren, SaveJudgement


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look ahead at once after an answer."""
    monkeypatch.setattr(looking_ahead, "QUIET_S", 0.0)


def with_rows(pause: int = 0) -> FakeRenderer:
    """Return one that has rows enough for a page, and may be slow."""
    return FakeRenderer(pause=pause, rows=24)


def searching(archive: MemoryArchive) -> Search:
    return search_on(archive, seed=3)


class Person(Sitting):
    """A person at a session."""

    def __init__(
        self, archive: MemoryArchive, *, ahead: bool = True, renderer: FakeRenderer | None = None
    ) -> None:
        super().__init__(archive, searching(archive), renderer or with_rows(), ahead=ahead)

    def wait_for_page(self) -> None:
        while self.heard.until(events.PaintedAhead)[-1].ready < PAGE:
            pass


def evening(
    *, ahead: bool, renderer: FakeRenderer | None = None, waits: bool = False
) -> MemoryArchive:
    archive = MemoryArchive()
    with Person(archive, ahead=ahead, renderer=renderer) as person:
        for page in range(3):
            person.breed()
            person.rate(page)
            if waits:
                person.wait_for_page()
        person.breed()
    return archive


@pytest.fixture(scope="module")
def plainly() -> MemoryArchive:
    return evening(ahead=False)


@pytest.mark.parametrize("pause", [0, 3])
@pytest.mark.parametrize("waits", [True, False])
def test_whatever_is_painted_ahead_and_however_fast_the_same_are_bred(
    plainly: MemoryArchive, pause: int, waits: bool
) -> None:
    archive = evening(ahead=True, renderer=with_rows(pause), waits=waits)
    assert same(archive, plainly)
    assert len(archive.individuals) == 4 * PAGE


@pytest.mark.parametrize("commits", [3, 9, 14, 30])
def test_a_sitting_that_was_killed_goes_on_as_one_that_never_stopped(
    plainly: MemoryArchive, commits: int
) -> None:
    archive = MemoryArchive(plainly.commits[:commits])
    with Person(archive) as person:
        person.heard.until(events.Painted, len(archive.unpainted()))
        while len(archive.individuals) < 4 * PAGE:
            page = len(archive.individuals) // PAGE - 1
            given = [i for i in archive.judged if i >= page * PAGE]
            person.rate(page, range(len(given), PAGE))
            person.wait_for_page()
            person.breed()
    assert same(archive, plainly)


def test_the_next_page_is_painted_before_it_is_asked_for_and_then_saved_at_once() -> None:
    renderer = with_rows()
    with Person(MemoryArchive(), renderer=renderer) as person:
        person.breed()
        person.rate(0)
        person.wait_for_page()
        assert len(person.archive.individuals) == len(person.archive.pictures) == PAGE
        before = len(renderer.submitted)
        person.breed()
        assert len(person.archive.pictures) == 2 * PAGE
        assert len(person.archive.commits[-1]) == 2 * PAGE
        assert not any(job.id >= 0 for job in renderer.submitted[before:])


def test_nothing_is_painted_ahead_where_it_is_off_or_not_allowed() -> None:
    renderer = with_rows()
    with Person(MemoryArchive(), ahead=False, renderer=renderer) as person:
        person.breed()
        person.rate(0)
        person.session.close()
    assert [job.id for job in renderer.submitted] == list(range(PAGE))


def told(archive: MemoryArchive) -> Search:
    """Return a search that knows the answers."""
    search = searching(archive)
    search.tell(archive.verdicts())
    return search


def looking(
    search: Search, clock: Callable[[], float] = lambda: 0.0, *, may: bool = True
) -> tuple[LookingAhead, PaintingAhead]:
    """Return what looks ahead of a search that expects a page, and what paints for it."""
    looking = LookingAhead(search, lambda: may, clock)
    painting = looking.begin(with_rows())
    painting.poll(0.0)
    looking.take(Expect(lambda search: search.ask(PAGE)))
    return looking, painting


def test_it_rests_when_nobody_has_answered_for_minutes_and_goes_on_with_the_next_answer(
    plainly: MemoryArchive,
) -> None:
    now = 0.0
    ahead, _ = looking(told(plainly), lambda: now)
    now = looking_ahead.PATIENCE_S + 1
    assert ahead.look() is None
    ahead.take(SaveJudgement(()))
    assert ahead.look() == events.PaintedAhead(0, PAGE)


@pytest.mark.parametrize("may", [True, False])
def test_it_reports_that_it_rests_once_nothing_more_is_painted_before_the_next_answer(
    plainly: MemoryArchive, may: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_ahead, "SURE", 2.0)  # so that all are mere guesses
    answers = [Judgement(individual=i, kind="rate", value=4, page=3) for i in range(18, 22)]
    ahead, painting = looking(told(MemoryArchive([*plainly.commits, answers])), may=may)
    reports = []
    for _ in range(200):
        reports.append(ahead.look())
        painting.poll(0.0)
    heard = [report for report in reports if report is not None]
    if not may:
        assert heard == []
        return
    assert not heard[0].rests
    assert heard[-1].rests
    assert 0 < heard[-1].ready < PAGE
    assert painting.is_idle
    ahead.take(SaveJudgement(()))
    assert not ahead.look().rests


@pytest.mark.parametrize("time_for_it", ["half is answered", "nobody answers", "it was late"])
def test_what_seems_sure_is_painted_early_only_where_there_is_time_for_it(
    plainly: MemoryArchive, time_for_it: str
) -> None:
    now = 0.0
    search = told(plainly)
    ahead, painting = looking(search, lambda: now)

    def painted() -> int:
        for _ in range(60):
            ahead.look()
            painting.poll(0.0)
        return painting.painted

    assert painted() == 0
    ahead.take(SaveChildren(search.twin(search.genome).newcomers(PAGE)))  # which nobody foresees
    assert painted() == 0
    if time_for_it == "half is answered":
        search.tell({18 + place: Verdict(rating=4, page=3) for place in range(PAGE // 2)})
        ahead.take(SaveJudgement(()))
    elif time_for_it == "it was late":
        ahead.take(SaveChildren(search.twin(search.genome).ask(PAGE)))
    else:
        now = 7.0
    assert painted() > 2  # more than there are to spare


def test_a_guess_that_takes_long_to_work_out_is_not_painted_before_it_is_sure(
    plainly: MemoryArchive,
) -> None:
    seconds = itertools.count(step=0.3)  # one future takes more than all of them may
    ahead, painting = looking(told(plainly), lambda: next(seconds))
    ahead.look()
    assert painting.is_idle


def test_it_leaves_the_app_alone_for_a_moment_after_an_answer(
    plainly: MemoryArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking_ahead, "QUIET_S", 0.1)
    now = 0.0
    ahead, _ = looking(told(plainly), lambda: now)
    assert ahead.look() is None
    now = 0.2
    assert ahead.look() == events.PaintedAhead(0, PAGE)


def test_what_changes_no_page_is_no_reason_to_foresee_pages_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renewed: list[str] = []
    monkeypatch.setattr(Foresight, "renew", lambda self: renewed.append("again"))
    with Person(MemoryArchive()) as person:
        person.breed()
        person.session.note(0, "first")
        person.heard.until(events.Noted)
        renewed.clear()
        person.session.weigh(0)
        person.session.stop_locating()
        person.session.paint([0])
        person.session.drop([1])
        person.session.note(0, "second")
        person.heard.until(events.Noted)
        assert not renewed
        person.rate(0)
        assert renewed


def test_a_page_is_foreseen_and_the_search_stays_as_it_is(plainly: MemoryArchive) -> None:
    search = told(plainly)
    search.plan = Plan(slots=("new",) * 2, once=True)
    foresight = Foresight(search)
    foresight.expect(lambda search: search.ask(PAGE))
    while foresight.is_open:
        foresight.look()
    assert len(search.births) == 4 * PAGE
    assert search.verdicts == plainly.verdicts()
    assert search.plan == Plan(slots=("new",) * 2, once=True)
    assert list(foresight.page) == [child.genome.digest for child in search.ask(PAGE)]


@pytest.mark.parametrize("problem", [GenomeError("nothing to breed from"), ValueError("odd")])
def test_what_cannot_be_bred_is_not_foreseen_and_ends_nothing(
    plainly: MemoryArchive, problem: Exception
) -> None:
    def refuse(search: Search) -> list[Individual]:
        raise problem

    foresight = Foresight(searching(plainly))
    foresight.expect(refuse)
    foresight.look()
    assert not foresight.is_open
    assert foresight.guesses() == {}


def test_what_most_futures_share_is_the_likeliest(plainly: MemoryArchive) -> None:
    search = searching(MemoryArchive(plainly.commits[:1]))
    search.tell({0: replace(plainly.verdicts()[0])})
    foresight = Foresight(search)
    foresight.expect(lambda search: search.ask(PAGE))
    while foresight.is_open:
        foresight.look()
    chances = [guess.chance for guess in foresight.guesses().values()]
    assert foresight.page[0] in foresight.guesses()
    assert all(foreseeing.RARE <= chance <= 1 for chance in chances)
    assert len(set(chances)) > 1


def test_a_page_that_is_answered_has_one_future(plainly: MemoryArchive) -> None:
    search = searching(MemoryArchive(plainly.commits[:1]))
    search.tell({i: plainly.verdicts()[i] for i in range(PAGE)})
    foresight = Foresight(search)
    foresight.expect(lambda search: search.ask(PAGE))
    foresight.look()
    assert not foresight.is_open
    assert {guess.chance for guess in foresight.guesses().values()} == {1.0}


def test_who_answers_little_is_not_expected_to_answer_all(plainly: MemoryArchive) -> None:
    archive = MemoryArchive(plainly.commits)
    search, rng = searching(archive), np.random.default_rng(0)
    search.tell({i: plainly.verdicts()[i] for i in (0, 6, 12)})
    seldom = Habits(search)
    search.tell({i: plainly.verdicts()[i] for i in range(3 * PAGE)})
    always = Habits(search)
    assert seldom.is_done > always.is_done
    drawn = [len(habits.draw(rng)) for habits in (seldom, always) for _ in range(20)]
    assert sum(drawn[:20]) < sum(drawn[20:])


@pytest.mark.parametrize(
    ("said", "drained"),
    [
        ({"type": "Battery", "status": "Discharging"}, True),
        ({"type": "Battery", "status": "Charging"}, False),
        ({"type": "Mains", "status": "Discharging"}, False),
        ({"type": "Battery", "status": "Discharging", "scope": "Device"}, False),
        ({}, False),
    ],
)
def test_a_battery_that_is_drained_is_noticed(
    tmp_path: Path, said: dict[str, str], drained: bool
) -> None:
    supply = tmp_path / "BAT0"
    supply.mkdir()
    for name, text in said.items():
        (supply / name).write_text(text + "\n")
    assert is_on_battery(tmp_path) == drained
    assert not is_on_battery(tmp_path / "none")
