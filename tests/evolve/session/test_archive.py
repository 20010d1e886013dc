"""What every archive does: those in memory that tests use, and the one on the disk."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fake_session import FakeArchive
from fakes import MemoryArchive
from small_population import CONFIG, PROMPT, individual, picture

from evolve.errors import ArchiveError
from evolve.genome import Prompt
from evolve.scoring.looks.embedding import KEY, Embedding
from evolve.search.individual import Verdict
from evolve.search.plan import Plan
from evolve.session.archive import Archive, Judgement, Note, Render, Row, Score
from populations import Population


class FromTheSession(FakeArchive):
    """The archive of the app's tests, written to as the session does."""

    def append(self, rows: Sequence[Row]) -> None:
        self.commit(*rows)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved population of six founders, and a child of two of them on the next page."""
    home = tmp_path_factory.mktemp("original")
    rows = [individual(i) for i in range(6)]
    with Population.create(home, "demo", CONFIG, rows=rows) as population:
        population.append([individual(6)])
        return population.path


@pytest.fixture(params=["in memory", "in memory of the app", "on the disk"])
def archive(request: pytest.FixtureRequest, original: Path, tmp_path: Path) -> Iterator[Archive]:
    """The same individuals, in two commits."""
    if request.param == "on the disk":
        with Population.open(Path(shutil.copytree(original, tmp_path / "demo"))) as population:
            yield population
        return
    kept: Archive = MemoryArchive() if request.param == "in memory" else FromTheSession()
    kept.append([individual(i) for i in range(6)])
    kept.append([individual(6)])
    yield kept


def test_what_a_picture_is_like_comes_back(archive: Archive) -> None:
    look = Embedding("x", np.array([0.6, -0.8], np.float16))
    record = {"rows": 4, KEY: look.to_json()}
    archive.append([Render(individual=2, picture=picture(2), record=record)])
    archive.append([Render(individual=3, picture=picture(3), record={"rows": 4})])
    back = archive.embedding(2)
    assert back is not None
    assert np.array_equal(back.vector, look.vector)
    assert archive.embedding(3) is None
    assert archive.embedding(4) is None
    archive.append([Render(individual=2, picture=None, error="killed")])  # the picture is kept
    assert archive.embedding(2) is not None


def rating(i: int, value: int, page: int | None = None) -> Judgement:
    return Judgement(individual=i, kind="rate", value=value, page=page)


def test_births_come_back_in_order_with_their_genomes(archive: Archive) -> None:
    assert list(archive.ids()) == list(range(7))
    births = archive.births()
    for i in range(7):
        made = individual(i)
        assert births[i].origin == made.origin
        assert (births[i].id, births[i].parents) == (i, made.parents)
        assert births[i].generation == made.generation
        assert archive.genome(i) == made.genome


def test_what_is_neither_painted_nor_failed_is_work_to_do(archive: Archive) -> None:
    assert archive.unpainted() == list(range(7))
    archive.append([Render(individual=2, picture=picture(2))])
    archive.append([Render(individual=4, picture=None, error="not a number")])
    assert archive.unpainted() == [0, 1, 3, 5, 6]
    assert archive.failed() == {4: "not a number"}
    assert np.array_equal(np.asarray(archive.picture(2)), picture(2))
    assert archive.picture(4) is None
    assert archive.picture(0) is None


def test_the_latest_attempt_counts_but_a_failure_keeps_the_picture(archive: Archive) -> None:
    archive.append([Render(individual=2, picture=picture(2))])
    archive.append([Render(individual=2, picture=picture(3))])
    archive.append([Render(individual=2, picture=None, error="killed")])
    assert archive.failed() == {2: "killed"}
    assert np.array_equal(np.asarray(archive.picture(2)), picture(3))
    assert 2 not in archive.unpainted()
    archive.append([Render(individual=2, picture=picture(4))])
    assert archive.failed() == {}
    assert np.array_equal(np.asarray(archive.picture(2)), picture(4))


@pytest.mark.parametrize(
    ("kind", "value", "verdict"),
    [
        ("rate", 4, Verdict(rating=4, page=1)),
        ("pick", 2, Verdict(place=2, page=1)),
        ("reject", 1, Verdict(rejected=True)),
        ("pin", 1, Verdict(pinned=True)),
        ("none", 1, Verdict(none=True)),
        ("same", 1, Verdict(same=True)),
    ],
)
def test_each_kind_of_judgement_says_its_own_until_it_is_taken_back(
    archive: Archive, kind: str, value: int, verdict: Verdict
) -> None:
    judgement = Judgement(individual=6, kind=kind, value=value)  # type: ignore[arg-type]
    archive.append([judgement])
    assert dict(archive.verdicts()) == {6: verdict}
    archive.append([Judgement(individual=6, kind="pin", value=1)])
    assert archive.verdicts()[6] == replace(verdict, pinned=True)
    archive.append([replace(judgement, value=0), Judgement(individual=6, kind="pin", value=0)])
    assert dict(archive.verdicts()) == {}


def test_a_rejection_is_no_rating_and_both_are_kept(archive: Archive) -> None:
    archive.append([rating(1, 5), Judgement(individual=1, kind="reject", value=1)])
    assert archive.verdicts()[1] == Verdict(rating=5, page=0, rejected=True)
    archive.append([rating(1, 0)])
    assert archive.verdicts()[1] == Verdict(rejected=True)


def test_the_latest_rating_counts_with_the_page_it_was_given_on(archive: Archive) -> None:
    archive.append([rating(1, 5), rating(1, 2, page=9)])
    assert archive.verdicts()[1] == Verdict(rating=2, page=9)


def test_scores_are_those_of_the_scorer_that_is_asked_for(archive: Archive) -> None:
    archive.append([Score(individual=3, scorer="red", value=0.25), rating(4, 3)])
    archive.append([Score(individual=i, scorer="cuts", value=9.0 + i) for i in (3, 4)])
    archive.append([Score(individual=3, scorer="red", value=0.5)])
    assert dict(archive.verdicts("red")) == {
        3: Verdict(score=0.5),
        4: Verdict(rating=3, page=0),
    }
    assert archive.verdicts("cuts")[4] == Verdict(rating=3, page=0, score=13.0)
    assert archive.verdicts("nobody").get(3) is None
    assert archive.verdicts()[3].score == 12.0  # without a name: who scored the most


def test_the_latest_note_counts_and_an_empty_one_takes_it_back(archive: Archive) -> None:
    archive.append([Note(individual=1, text="a"), Note(individual=2, text="b")])
    archive.append([Note(individual=1, text="the mouth"), Note(individual=2, text="")])
    assert dict(archive.notes()) == {1: "the mouth"}


def test_the_latest_plan_counts(archive: Archive) -> None:
    assert archive.plan() == Plan()
    archive.append([Plan(step=20.0)])
    archive.append([Plan(prompt=Prompt.parse("a hat"), since=7)])
    assert archive.plan() == Plan(prompt=Prompt.parse("a hat"), since=7)


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (individual(9), "next individual has id 7, but was given 9"),
        (rating(7, 1), "no individual 7"),
        (Render(individual=-1, picture=picture(0)), "no individual -1"),
        (Score(individual=99, scorer="red", value=0.0), "no individual 99"),
        (Note(individual=7, text="a"), "no individual 7"),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_all_others(
    archive: Archive, row: Row, line: str
) -> None:
    with pytest.raises(ArchiveError, match=line):
        archive.append([rating(3, 4), row])
    assert dict(archive.verdicts()) == {}
    assert len(archive.births()) == 7


def test_rows_of_one_commit_may_be_about_whom_it_bears(archive: Archive) -> None:
    archive.append([individual(7), rating(7, 3), Render(individual=7, picture=picture(7))])
    assert archive.verdicts()[7] == Verdict(rating=3, page=1)
    assert archive.genome(7).prompt == PROMPT
