"""Where a population was left, and files that say nothing of it."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_population import CONFIG, individual

from evolve.errors import ArchiveError
from populations import Population, check_population
from populations.home.left import LEFT, Left, leave, where_left
from populations.home.shelf import copy_population


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three individuals, all of `main`, the first two of `back` too; and two of `back` alone."""
    home = tmp_path_factory.mktemp("made")
    rows = [individual(0), individual(1)]
    with Population.create(home, "faces", CONFIG, rows=rows) as population:
        population.fork("back", at=1)
        population.append([individual(2)])
        population.branch("back").append([individual(3), individual(4)])
    return population.path


@pytest.fixture
def faces(made: Path, tmp_path: Path) -> Iterator[Population]:
    """A copy of it, open for writing."""
    with Population.open(Path(shutil.copytree(made, tmp_path / "faces"))) as population:
        yield population


def test_a_population_that_was_never_left_opens_at_its_newest_page(faces: Population) -> None:
    assert where_left(faces) == Left("main", None)
    assert where_left(faces, "back") == Left("back", None)


def test_a_population_opens_where_it_was_left_also_for_reading(faces: Population) -> None:
    leave(faces, "back", 3)
    assert where_left(faces)[:2] == ("back", 3)
    assert where_left(faces, "back")[:2] == ("back", 3)
    assert where_left(faces, "main") == Left("main", None)
    with Population.open(faces.path, write=False) as reader:
        assert where_left(reader)[:2] == ("back", 3)
    assert not check_population(faces.path).problems


def test_what_was_bred_in_the_branch_since_is_shown_first(faces: Population) -> None:
    leave(faces, "back", 3)
    faces.append([individual(5)])
    assert where_left(faces)[:2] == ("back", 3)
    faces.branch("back").append([individual(6)])
    assert where_left(faces) == Left("back", None)


def test_an_individual_of_another_branch_is_not_gone_to(faces: Population) -> None:
    leave(faces, "main", 4)
    assert where_left(faces) == Left("main", None)


def test_a_branch_that_is_not_there_is_named_only_if_it_was_asked_for(faces: Population) -> None:
    leave(faces, "gone", 1)
    assert where_left(faces) == Left("main", None)
    with pytest.raises(ArchiveError, match="no branch named 'gone'"):
        where_left(faces, "gone")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        "null",
        "[" * 4000,
        "x" * 100_000,
        '{"branch": "back"}',
        '{"branch": 1, "individual": 1, "born": 5}',
        '{"branch": "back", "individual": 1, "born": -1}',
        '{"branch": "back", "individual": 1, "born": true}',
        "\0\udcff",
    ],
)
def test_a_file_that_makes_no_sense_is_as_none(faces: Population, text: str) -> None:
    (faces.path / LEFT).write_bytes(text.encode(errors="surrogateescape"))
    assert where_left(faces) == Left("main", None)


@pytest.mark.parametrize("individual", ["9", "-1", '"1"', "true", "1.5", "null", "1e999"])
def test_of_an_impossible_individual_the_branch_is_kept(faces: Population, individual: str) -> None:
    text = f'{{"branch": "back", "individual": {individual}, "born": 5}}'
    (faces.path / LEFT).write_text(text)
    assert where_left(faces) == Left("back", None)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_no_link_is_followed_to_or_from(faces: Population, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text('{"branch": "back", "individual": 3, "born": 5}')
    (faces.path / LEFT).symlink_to(elsewhere)
    assert where_left(faces) == Left("main", None)
    leave(faces, "back", 4)
    assert '"individual": 3' in elsewhere.read_text()


def test_a_copy_opens_where_the_first_was_left(faces: Population, tmp_path: Path) -> None:
    leave(faces, "back", 3)
    copy_population(tmp_path, "faces", "twin")
    with Population.open(tmp_path / "twin") as twin:
        assert where_left(twin)[:2] == ("back", 3)


def test_a_copy_has_no_file_that_makes_no_sense(faces: Population, tmp_path: Path) -> None:
    (faces.path / LEFT).write_text("{")
    copy_population(tmp_path, "faces", "twin")
    assert not (tmp_path / "twin" / LEFT).exists()


def test_leaving_where_nothing_can_be_written_is_no_error(faces: Population) -> None:
    (faces.path / LEFT).mkdir()
    leave(faces, "back", 3)
    assert where_left(faces) == Left("main", None)


def test_a_branch_in_which_nobody_was_born_opens_where_it_goes_on_from(faces: Population) -> None:
    faces.fork("again", at=1)
    assert where_left(faces, "again") == Left("again", 1)
    faces.branch("again").append([individual(5)])
    assert where_left(faces, "again") == Left("again", None)
    faces.fork("now")
    assert where_left(faces, "now") == Left("now", None)
