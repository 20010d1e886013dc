from dataclasses import replace

import pytest
from fakes import FakeRenderer, MemoryArchive, RedScorer
from sittings import search_on

from evolve.errors import ArchiveError, BaseMissing, RenderError
from evolve.rendering.protocol import Broken, RenderEvent
from evolve.search import Policy
from evolve.search.plan import Plan
from evolve.session.archive import Judgement, Picture
from evolve.session.headless import run as headless
from evolve.session.headless.progress import Progress
from evolve.session.headless.run import Run


def run_on(archive: MemoryArchive, renderer: FakeRenderer | None = None, **options: object) -> Run:
    search = search_on(archive, policy=Policy(founders=8))
    return Run(
        archive,
        search,
        renderer or FakeRenderer(),
        RedScorer(),
        **{"page": 8, **options},  # type: ignore[arg-type]
    )


def genomes(archive: MemoryArchive) -> list[object]:
    return [archive.genome(b.id) for b in archive.births()]


def test_a_run_makes_exactly_the_images_asked_for() -> None:
    archive = MemoryArchive()
    run = run_on(archive)
    assert run.to(27)
    assert len(archive.births()) == 27
    assert not archive.unpainted()
    assert run.progress.images == 27
    assert run.progress.generations == 4
    assert len(run.progress.scores) == 27


def test_the_best_is_the_highest_score() -> None:
    run = run_on(MemoryArchive())
    run.to(24)
    best = run.progress.best
    assert best is not None
    assert best[1] == max(run.progress.scores.values()) == run.progress.scores[best[0]]


def test_scores_rise_over_the_generations() -> None:
    run = run_on(MemoryArchive())
    run.to(80)
    first = [run.progress.scores[i] for i in range(8)]
    last = [run.progress.scores[i] for i in range(72, 80)]
    assert sum(last) / 8 > sum(first) / 8 + 20


def test_a_run_that_has_all_its_images_does_nothing() -> None:
    archive = MemoryArchive()
    run_on(archive).to(16)
    commits = len(archive.commits)
    renderer = FakeRenderer()
    assert run_on(archive, renderer).to(16)
    assert len(archive.commits) == commits
    assert not renderer.painted


def test_stopping_leaves_what_is_painted_and_a_second_run_finishes_it() -> None:
    archive = MemoryArchive()
    renderer = FakeRenderer()
    assert not run_on(archive, renderer, stop=lambda: len(renderer.painted) >= 11).to(24)
    assert len(archive.unpainted()) == 5
    run_on(archive).to(24)
    whole = MemoryArchive()
    run_on(whole).to(24)
    assert genomes(archive) == genomes(whole)


def test_what_was_painted_when_the_time_is_up_has_its_score(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archive, renderer = MemoryArchive(), FakeRenderer()
    monkeypatch.setattr(headless, "_passed", lambda deadline: len(renderer.painted) >= 3)
    run = run_on(archive, renderer)
    assert run.to(None, deadline=0.0)
    assert set(run.progress.scores) == set(archive.scores["red"]) == {0, 1, 2}
    assert run.progress.best is not None


def test_a_picture_that_fails_does_not_end_the_run() -> None:
    archive = MemoryArchive()
    run = run_on(archive, FakeRenderer(poison=[3, 9]))
    assert run.to(20)
    assert archive.failed() == {3: "poison", 9: "poison"}
    assert set(run.progress.scores) == set(range(20)) - {3, 9}


def test_a_renderer_that_cannot_work_ends_the_run_with_its_reason() -> None:
    class BrokenRenderer(FakeRenderer):
        def poll(self, timeout: float) -> list[RenderEvent]:
            return [Broken("no memory for the model")]

    with pytest.raises(RenderError, match=r"no memory for the model"):
        run_on(MemoryArchive(), BrokenRenderer()).to(8)


def after_24(*judgements: Judgement) -> tuple[MemoryArchive, int]:
    """Return a population whose last 16 were bred after judgements on the best, and that one."""
    archive = MemoryArchive()
    run = run_on(archive)
    run.to(24)
    assert run.progress.best is not None
    best = run.progress.best[0]
    archive.append([replace(judgement, individual=best) for judgement in judgements])
    run_on(archive).to(40)
    return archive, best


def parents_of(archive: MemoryArchive) -> set[int]:
    return {parent for child in archive.births()[24:] for parent in child.parents}


def test_ratings_and_pins_do_not_decide_in_a_run() -> None:
    archive, best = after_24(
        Judgement(individual=0, kind="rate", value=1), Judgement(individual=0, kind="none", value=1)
    )
    assert best in parents_of(archive)
    assert genomes(archive) == genomes(after_24()[0])


def test_what_a_person_rejected_is_never_a_parent_in_a_run_until_that_is_taken_back() -> None:
    rejection = Judgement(individual=0, kind="reject", value=1)
    archive, best = after_24(rejection)
    assert best not in parents_of(archive)
    taken_back, best = after_24(rejection, replace(rejection, value=0))
    assert best in parents_of(taken_back)


def test_a_run_that_is_stopped_at_once_still_tells_how_far_it_is() -> None:
    archive = MemoryArchive()
    run_on(archive).to(16)
    archive.append(run_on(archive).search.ask(8))
    stopped = run_on(archive, stop=lambda: True)
    assert not stopped.to(48)
    assert stopped.progress.images == 16
    assert stopped.progress.best is not None


def test_a_run_of_nothing_reports_nothing() -> None:
    run = run_on(MemoryArchive(), stop=lambda: True)
    assert not run.to(8)
    assert (run.progress.images, run.progress.generations) == (0, 0)


def test_every_step_and_every_picture_is_reported_as_it_comes() -> None:
    """The fake renderer reports one step of each picture, and nothing of what fails."""
    reports: list[tuple[int, int, int]] = []

    def note(progress: Progress) -> None:
        reports.append((progress.images, progress.generations, progress.passes))

    run_on(MemoryArchive(), FakeRenderer(poison=[2]), on_progress=note, page=2).to(4)
    empty, founders = (0, 0, 0), [(0, 1, 0), (0, 1, 0), (1, 1, 1), (1, 1, 1), (2, 1, 2)]
    assert reports == [empty, *founders, (2, 2, 2), (3, 2, 2), (3, 2, 2), (4, 2, 3)]


def test_what_was_spent_before_other_settings_were_set_stays_so() -> None:
    archive = MemoryArchive()
    run_on(archive).to(8)
    archive.append([Plan(settings={"steps": 16})])
    for images in (16, 16):  # and when it is counted again
        run = run_on(archive)
        run.search.plan = archive.plan()
        assert run.to(images)
        assert run.progress.spent == 8 * 8 + 8 * 16


class Spoilt(MemoryArchive):
    """Cannot read some pictures."""

    spoilt: frozenset[int] = frozenset()

    def picture(self, individual: int) -> Picture | None:
        if individual in self.spoilt:
            raise ArchiveError(f"the picture of individual {individual} is altered")
        return super().picture(individual)


def test_a_run_goes_on_where_pictures_are_damaged_and_reports_each_once() -> None:
    archive, notices = Spoilt(), list[str]()
    run_on(archive).to(8)
    archive.spoilt = frozenset({0, 3})
    archive.scores.clear()
    run = run_on(archive, on_notice=notices.append)
    assert run.to(24)
    assert len(run.progress.scores) == 22
    assert notices == [
        f"#{i} is not scored: the picture of individual {i} is altered" for i in (0, 3)
    ]


def test_a_damaged_picture_of_which_children_would_start_is_no_parent() -> None:
    archive, notices = Spoilt(), list[str]()
    run_on(archive).to(8)
    run = run_on(archive, on_notice=notices.append)
    archive.spoilt = frozenset({2})
    with pytest.raises(BaseMissing):
        run.search.came_to(2)
    with pytest.raises(BaseMissing):
        run.search.came_to(2)
    assert run.search.came_to(1).picture is not None
    assert run.to(16)
