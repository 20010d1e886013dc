import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from small_population import CONFIG, individual, picture, rating, render, state

from evolve.errors import ArchiveError
from evolve.search.individual import Individual
from evolve.session.archive import Judgement, Score
from populations import Population, check_population


def child(i: int, *parents: int, page: int) -> Individual:
    return replace(individual(i), parents=parents, generation=page)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages of two on the main branch, and a page on the branch `back` from the first."""
    home, rows = tmp_path_factory.mktemp("made"), [individual(i) for i in range(2)]
    with Population.create(home, "faces", CONFIG, rows=rows) as population:
        population.append([child(2, 0, page=1), child(3, 1, page=1)])
        population.append([child(4, 2, page=2), child(5, 3, page=2), rating(5, 5)])
        population.fork("back", at=0)
        population.branch("back").append([child(6, 0, page=3), child(7, 1, page=3)])
        return population.path


@pytest.fixture
def forked(made: Path, tmp_path: Path) -> Population:
    """A copy of it, open for writing."""
    return Population.open(Path(shutil.copytree(made, tmp_path / "faces")))


def test_a_branch_has_its_own_and_those_before_the_fork(forked: Population) -> None:
    assert forked.branch("main").ids() == [0, 1, 2, 3, 4, 5]
    assert forked.branch("back").ids() == [0, 1, 6, 7]
    assert list(forked.ids()) == list(range(8))
    assert forked.born_in().tolist() == [0] * 6 + [1, 1]


def test_a_branch_begins_after_the_page_of_its_individual(forked: Population) -> None:
    later = forked.fork("later", at=2)
    assert (later.fork, later.at, later.parent) == (4, 2, 0)
    assert forked.branch("later").ids() == [0, 1, 2, 3]


def test_a_branch_can_leave_a_branch(forked: Population) -> None:
    forked.branch("back").append([child(8, 6, page=4)])
    deeper = forked.fork("deeper", at=6)
    assert deeper.parent == 1
    forked.branch("deeper").append([child(9, 6, page=5)])
    assert forked.branch("deeper").ids() == [0, 1, 6, 7, 9]
    assert forked.branch("back").ids() == [0, 1, 6, 7, 8]


def test_a_branch_can_leave_a_commit(forked: Population) -> None:
    assert forked.history().marker(2).rows["individuals"] == 4
    assert forked.fork("second", commit=2).fork == 4
    assert forked.fork("now").fork == 8
    with pytest.raises(ArchiveError, match=r"there is no commit 99: commits go from 1 to"):
        forked.fork("never", commit=99)


def test_branches_are_there_when_it_is_opened_again(forked: Population) -> None:
    before = forked.branches()
    forked.close()
    with Population.open(forked.path, write=False) as again:
        assert again.branches() == before
        assert [branch.name for branch in before] == ["main", "back"]
        assert again.branch("back").ids() == [0, 1, 6, 7]
    assert check_population(forked.path).ok


def test_a_branch_sees_only_its_own_verdicts(forked: Population) -> None:
    forked.append([rating(6, 4), rating(0, 2)])
    forked.append([Score(individual=i, scorer="clip", value=float(i)) for i in range(8)])
    main, back = forked.branch("main").verdicts(), forked.branch("back").verdicts()
    assert {i: v.rating for i, v in main.items() if v.rating} == {0: 2, 5: 5}
    assert {i: v.rating for i, v in back.items() if v.rating} == {0: 2, 6: 4}
    assert {i: v.score for i, v in back.items()} == {0: 0.0, 1: 1.0, 6: 6.0, 7: 7.0}


def test_a_branch_paints_only_its_own(forked: Population) -> None:
    forked.append([render(6), replace(render(7), picture=None, error="no"), render(4)])
    assert forked.branch("back").unpainted() == [0, 1]
    assert forked.branch("back").failed() == {7: "no"}
    assert forked.branch("main").failed() == {}
    assert (forked.branch("back").picture(6) == picture(6)).all()


def test_the_pinned_of_all_branches_may_breed_in_each(forked: Population) -> None:
    forked.append([Judgement(individual=4, kind="pin", value=1)])
    back = forked.branch("back")
    assert back.verdicts()[4].pinned
    assert list(back.births()) == list(forked.births())
    assert back.ids() == [0, 1, 6, 7]
    back.append([child(8, 4, 6, page=4)])
    forked.append([Judgement(individual=4, kind="pin", value=0)])
    assert 4 not in back.verdicts()


def test_without_branches_the_main_one_is_everything(population: Population) -> None:
    main = population.branch("main")
    assert list(main.births()) == list(population.births())
    assert dict(main.verdicts("clip")) == dict(population.verdicts("clip"))
    assert main.unpainted() == population.unpainted()


def test_impossible_branches_are_refused(forked: Population) -> None:
    with pytest.raises(ArchiveError, match=r"branch 'back' exists already"):
        forked.fork("back", at=1)
    with pytest.raises(ArchiveError, match=r"branch 'main' exists already"):
        forked.fork("main", at=1)
    with pytest.raises(ArchiveError, match=r"a branch cannot be named ''"):
        forked.fork("", at=1)
    with pytest.raises(ArchiveError, match=r"^a branch cannot be named 'a\\nb': leave out line br"):
        forked.fork("a\nb", at=1)
    with pytest.raises(ArchiveError, match=r"^the name 'a{20}…' is too long: use up to 64 char"):
        forked.fork("a" * 65, at=1)
    with pytest.raises(ArchiveError, match=r"there is no individual 8"):
        forked.fork("x", at=8)
    with pytest.raises(ArchiveError, match=r"no branch named 'x': the branches are main, back"):
        forked.branch("x")


def test_every_commit_can_be_seen_again(tmp_path: Path) -> None:
    seen = []
    with Population.create(tmp_path, "faces", CONFIG, rows=[individual(0)]) as population:
        seen.append(state(population))
        for rows in ([render(0)], [individual(1), rating(0)], [rating(0, 0)]):
            population.append(rows)
            seen.append(state(population))
        for commit, before in enumerate(seen, start=1):
            then = population.as_of(commit)
            assert state(then) == before
            assert not then.refresh()
            with pytest.raises(ArchiveError, match=r"is open read-only"):
                then.append([rating(0)])
        with pytest.raises(ArchiveError, match=r"there is no commit 5: commits go from 1 to 4"):
            population.as_of(5)


def test_a_damaged_branch_is_found(forked: Population) -> None:
    forked.close()
    with Population.open(forked.path) as again:
        again.append([child(8, 0, page=4)], branch=7)
    report = check_population(forked.path)
    assert report.problems == ["impossible branch of individual 8"]
