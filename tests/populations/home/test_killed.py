"""Whatever is done with a whole population, kill -9 at any moment of it loses nothing."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from damaging import cut, root
from faults import every_kill
from small_population import CONFIG, individual, rating, render, state

from populations import Population, check_population
from populations.home import shelf
from populations.home.moved_model import move_to, moved_to
from populations.home.names import population_names
from populations.studio.export_files import ExportRequest, export

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home with a population of three, two of them painted."""
    home = tmp_path_factory.mktemp("original")
    rows = [*map(individual, range(3)), render(0), render(1), rating(0, 4)]
    Population.create(home, "demo", CONFIG, rows=rows).close()
    return home


def content(path: Path) -> dict[str, Any]:
    """Return all of a population, once what was interrupted is finished."""
    with Population.open(path) as population:
        return state(population)


def test_a_new_population_or_a_copy_is_there_as_a_whole_or_not_at_all(home: Path) -> None:
    def create() -> None:
        Population.create(home, "twin", CONFIG, rows=[individual(0), render(0)]).close()

    before = content(home / "demo")
    with Population.create(home, "small", CONFIG, rows=[individual(0), render(0)]) as small:
        new = state(small)
    shelf.delete_population(home, "small")
    for make, step, expected in (
        (create, 211, new),
        (lambda: shelf.copy_population(home, "demo", "twin"), 131, before),
    ):
        for _ in every_kill(make, step):
            if population_names(home) == ["demo", "twin"]:
                assert content(home / "twin") == expected
                assert check_population(home / "twin").problems == []
                shutil.rmtree(home / "twin")
            assert population_names(home) == ["demo"]
        assert content(home / "demo") == before


def test_what_is_renamed_deleted_or_restored_is_in_one_place(home: Path) -> None:
    before = content(home / "demo")
    for _ in every_kill(lambda: shelf.rename_population(home, "demo", "other"), 2):
        (name,) = population_names(home)
        assert content(home / name) == before
        if name == "other":
            shelf.rename_population(home, "other", "demo")
    for _ in every_kill(lambda: shelf.delete_population(home, "demo"), 2):
        gone = [each.name for each in shelf.trashed(home)]
        assert population_names(home) + gone == ["demo"]
        if gone:
            shelf.restore_population(home, "demo")
        assert content(home / "demo") == before
    shelf.delete_population(home, "demo")
    for _ in every_kill(lambda: shelf.restore_population(home, "demo"), 2):
        if population_names(home):
            assert content(home / "demo") == before
            shelf.delete_population(home, "demo")
        assert [each.name for each in shelf.trashed(home)] == ["demo"]
    shelf.restore_population(home, "demo")
    assert content(home / "demo") == before


def test_half_of_what_was_in_the_trash_is_never_taken_back(home: Path) -> None:
    before = content(home / "demo")
    shelf.copy_population(home, "demo", "twin")
    shelf.delete_population(home, "twin")
    for _ in every_kill(lambda: shelf.empty_trash(home), 67):
        if shelf.trashed(home):
            shelf.restore_population(home, "twin")
            assert content(home / "twin") == before
        else:
            shelf.copy_population(home, "demo", "twin")
        shelf.delete_population(home, "twin")
    shelf.empty_trash(home)
    assert [*(home / ".trash").iterdir()] == []


def test_dropped_pictures_are_dropped_or_still_there(home: Path) -> None:
    def drop() -> None:
        with Population.open(home / "demo") as population:
            population.drop([0, 1])

    before = content(home / "demo")
    shutil.copytree(home / "demo", home / "whole")
    for _ in every_kill(drop, 17):
        assert check_population(home / "demo").problems == []
        with Population.open(home / "demo") as population:
            kept = population.kept_pictures().tolist()
            assert kept in ([0, 1], [])
            files = list((root(home / "demo") / "renders" / "data").glob("c.*"))
            assert len(files) == len(kept)  # what a drop left is cleared
            assert state(population)["genomes"] == before["genomes"]
        shutil.rmtree(home / "demo")
        shutil.copytree(home / "whole", home / "demo")
    assert kept == []


def test_a_repair_is_done_or_can_be_done_again(home: Path) -> None:
    path = home / "demo"
    cut(root(path) / "events" / "page" / "c.0")
    shutil.copytree(path, home / "twin")
    check_population(home / "twin", repair=True)
    repaired = content(home / "twin")
    shutil.copytree(path, home / "damaged")
    for _ in every_kill(lambda: check_population(path, repair=True), 53):
        check_population(path, repair=True)
        assert content(path) == repaired
        shutil.rmtree(path)
        shutil.copytree(home / "damaged", path)


def test_the_place_of_a_model_and_an_exported_file_are_the_old_or_the_new_ones(
    home: Path,
) -> None:
    path = home / "demo"
    move_to(path, "old")
    for _ in every_kill(lambda: move_to(path, "new")):
        assert moved_to(path) in ("old", "new")
    file = home.parent / "one.png"
    export(home, "demo", ExportRequest(to=file, ids=(0,)))
    old = file.read_bytes()
    for _ in every_kill(lambda: export(home, "demo", ExportRequest(to=file, ids=(1,)))):
        known = file.read_bytes()
        if known != old:
            break
    assert known != old
