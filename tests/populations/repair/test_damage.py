"""Damage is noticed wherever it is; a repair gives up what is lost and nothing else."""

import contextlib
import errno
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zarr
from damaging import cut, flip, remove, rewrite, root
from small_population import CONFIG, individual, picture, rating, render, state

from benchmarks.damage import DAMAGES, contents, outcome
from evolve.errors import ArchiveError
from evolve.regular_files import Folder
from populations import Population, check_population, list_populations
from populations.format.header import COPY


@pytest.mark.parametrize("damage", [cut, flip, remove])
def test_damaged_root_is_refused(path: Path, damage: Callable[[Path], None]) -> None:
    damage(root(path) / "zarr.json")
    remove(path / COPY)
    message = "'demo' cannot be opened because '.*zarr.json' is .*: restore this file from a backup"
    for write in (True, False):
        with pytest.raises(ArchiveError, match=message):
            Population.open(path, write=write)
    report = check_population(path)
    assert not report.ok
    assert "restore this file" in report.problems[0]


@pytest.mark.parametrize("damage", [cut, flip, remove])
def test_damaged_root_is_restored_from_its_copy(path: Path, damage: Callable[[Path], None]) -> None:
    with Population.open(path) as population:
        told = state(population)
    damage(root(path) / "zarr.json")
    with pytest.raises(ArchiveError, match=r"zarr.json' is .*'fancier check \"demo\" --repair'"):
        Population.open(path)
    assert not check_population(path).ok
    report = check_population(path, repair=True)
    assert report.ok
    assert report.repaired[0].startswith("restored zarr.json as of commit 3: if there was a later")
    with Population.open(path) as population:
        assert state(population) == told


def test_any_altered_byte_of_the_root_is_noticed(path: Path) -> None:
    file, rng = root(path) / "zarr.json", random.Random(1)
    with Population.open(path, write=False) as population:
        config, seq = dict(population.config), population.commits
    whole = file.read_bytes()
    for _ in range(200):
        data = bytearray(whole)
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        file.write_bytes(data)
        with (
            contextlib.suppress(ArchiveError),
            Population.open(path, write=False) as population,
        ):
            assert (dict(population.config), population.commits) == (config, seq)


@pytest.mark.parametrize(
    ("column", "damage", "lost"),
    [
        ("events/value", cut, "events: lost rows 0 to 1"),
        ("events/info", flip, "events: info of rows 0 to 1 is lost"),
        ("scores/scorer", remove, "scores: lost row 0"),
        ("renders/individual", cut, "renders: lost rows 0 to 5"),
        ("renders/individual", flip, "renders: lost rows 0 to 5"),
        ("renders/record", remove, "renders: record of rows 0 to 5 is lost"),
        ("individuals/origin", cut, "individuals: origin of rows 0 to 7 is lost"),
        ("individuals/parents", flip, "individuals: parents of rows 0 to 7 is lost"),
        ("individuals/parents", remove, "individuals: parents of rows 0 to 7 is lost"),
    ],
)
def test_repair_gives_up_what_is_lost_and_saves_the_rest(
    path: Path, column: str, damage: Callable[[Path], None], lost: str
) -> None:
    damage(root(path) / column / ("c.0.0" if column == "individuals/parents" else "c.0"))
    report = check_population(path, repair=True)
    assert (report.problems, report.repaired) == ([], [lost])
    assert check_population(path).problems == []
    with Population.open(path) as population:
        assert [population.genome(i) for i in range(6)] == [individual(i).genome for i in range(6)]
        assert population.births()[6].generation == 1
        if "renders" in lost and "rows" in lost and "record" not in lost:
            assert population.unpainted() == list(range(8))
        else:
            assert np.array_equal(np.asarray(population.picture(3)), picture(3))
        population.append([rating(0, 4), render(4)])
        assert population.verdicts()[0].rating == 4


@pytest.mark.parametrize("file", ["zarr.json", "events/value/c.0", "renders/data/c.2.0"])
def test_what_may_not_be_read_is_neither_damaged_nor_given_up(
    path: Path, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, read = root(path) / file, Folder.read

    def may_not(folder: Folder, name: str, most: int) -> bytes:
        if folder.path / name == refused:
            raise PermissionError(errno.EACCES, "Permission denied", str(refused))
        return read(folder, name, most)

    monkeypatch.setattr(Folder, "read", may_not)
    with pytest.raises(ArchiveError, match=rf"^cannot read .*{file} \(Permission denied\): make"):
        check_population(path, repair=True)
    monkeypatch.undo()
    assert check_population(path).ok


def test_a_population_begun_without_checksums_of_columns_goes_on_without(path: Path) -> None:
    rewrite(path, lambda attributes: attributes["commit"].pop("sums"))  # type: ignore[index]
    with Population.open(path) as population:
        population.append([individual(8), rating(0)])
    assert check_population(path).ok
    commit = json.loads((root(path) / "zarr.json").read_text())["attributes"]["commit"]
    assert commit["sums"].keys().isdisjoint({"individuals", "events"})


def test_root_without_its_marker_is_refused(path: Path) -> None:
    rewrite(path, lambda attributes: attributes.pop("commit"))
    with pytest.raises(ArchiveError, match=r"zarr.json' is damaged: "):
        Population.open(path)


def test_newer_format_is_refused(path: Path) -> None:
    rewrite(path, lambda attributes: attributes.update(format_version=[2, 3]))
    with pytest.raises(ArchiveError, match=r"newer fancier \(format 2\.3, .*\): upgrade fancier"):
        Population.open(path)


def test_newer_minor_format_with_unknown_table_and_kind_is_read(path: Path) -> None:
    def newer(attributes: dict[str, object]) -> None:
        attributes["format_version"] = [1, 9]
        attributes["commit"]["rows"]["branches"] = 3  # type: ignore[index]

    rewrite(path, newer)
    with Population.open(path, write=False) as population:
        assert len(population) == 8


def test_foreign_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "other" / "population.zarr").mkdir(parents=True)
    zarr.create_group(tmp_path / "other" / "population.zarr", attributes={"by": "somebody else"})
    for name in ("photos", "other"):
        with pytest.raises(ArchiveError, match=f"{name}' is not a population of fancier"):
            Population.open(tmp_path / name)
    with pytest.raises(ArchiveError, match="photos' is not a population of fancier"):
        check_population(tmp_path / "photos")
    assert not (tmp_path / "photos" / ".lock").exists()


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("individuals/generation/c.0", remove),
        ("individuals/generation/zarr.json", cut),
        ("renders/length/c.0", remove),
        ("renders/length/zarr.json", remove),
        ("scores/value/c.0", flip),
        ("events/value/c.0", cut),
    ],
)
def test_damage_to_what_opening_needs_is_refused(
    path: Path, file: str, damage: Callable[[Path], None]
) -> None:
    damage(root(path) / file)
    table, column, _ = file.split("/")
    message = f"'demo' is damaged .*{table}/{column}.*: 'fancier check \"demo\"' shows"
    for write in (True, False):
        with pytest.raises(ArchiveError, match=message):
            Population.open(path, write=write)
    problems = check_population(path).problems
    assert any(f"{table}/{column}" in p for p in problems)


@pytest.mark.parametrize("column", ["origin", "parents"])
@pytest.mark.parametrize("damage", [cut, flip, remove])
def test_damaged_births_are_refused_when_they_are_read(
    path: Path, column: str, damage: Callable[[Path], None]
) -> None:
    damage(root(path) / "individuals" / column / ("c.0" if column == "origin" else "c.0.0"))
    with (
        Population.open(path) as population,
        pytest.raises(ArchiveError, match=f"'demo' is damaged .*individuals/{column}"),
    ):
        population.births()[7]
    assert any(f"individuals/{column}" in p for p in check_population(path).problems)


@pytest.mark.parametrize("damage", [cut, flip, remove])
def test_damaged_noise_is_never_handed_out(path: Path, damage: Callable[[Path], None]) -> None:
    damage(root(path) / "latents" / "4x4x4" / "data" / "c.0.0.0.0")
    with Population.open(path) as population:
        with pytest.raises(ArchiveError, match=r"'demo' is damaged .*latents/4x4x4/data"):
            population.genome(0)
        assert population.genome(7) == individual(7, shape=(4, 2, 8)).genome
    assert "missing noise of individuals 0 to 6" in check_population(path).problems


def test_noise_that_is_not_what_was_saved_is_noticed(path: Path) -> None:
    noise = zarr.open_array(root(path) / "latents" / "4x4x4" / "data", mode="r+")
    noise[3, 0, 0, 0] = np.float16(1.25)  # with a correct checksum of its own
    with Population.open(path) as population:
        assert population.genome(2) == individual(2).genome
        with pytest.raises(ArchiveError, match="genome of individual 3 is altered"):
            population.genome(3)
    assert check_population(path).problems == ["altered noise or genome of individual 3"]


@pytest.mark.parametrize("damage", [cut, flip, remove])
def test_damaged_picture_is_given_back_to_be_painted(
    path: Path, damage: Callable[[Path], None]
) -> None:
    damage(root(path) / "renders" / "data" / "c.2.0")
    with Population.open(path) as population:
        assert population.unpainted() == [4, 5]
        with pytest.raises(ArchiveError, match="renders/data: row 2 cannot be read"):
            population.picture(2)
    assert check_population(path).problems == ["no readable picture of individual 2"]
    report = check_population(path, repair=True)
    assert (report.ok, report.repaired) == (True, ["individual 2 will be painted again"])
    assert check_population(path).ok
    with Population.open(path) as population:
        assert population.unpainted() == [2, 4, 5]
        population.append([render(2)])
        assert np.array_equal(np.asarray(population.picture(2)), picture(2))


def test_what_was_given_back_is_missing_from_the_states_before_and_not_damaged(path: Path) -> None:
    with Population.open(path, write=False) as before:
        flip(root(path) / "renders" / "data" / "c.2.0")
        assert check_population(path, repair=True).ok
        assert before.picture(2) is None
        then = Population.open(path, write=False).as_of(before.commits)
        assert (then.picture(2), then.unpainted()) == (None, before.unpainted())
        assert then.kept_pictures().tolist() == [0, 1, 3, 6]


def test_lost_description_of_a_column_is_written_anew(path: Path) -> None:
    with Population.open(path) as population:
        told = state(population)
    cut(root(path) / "individuals" / "generation" / "zarr.json")
    remove(root(path) / "renders" / "data" / "zarr.json")
    report = check_population(path, repair=True)
    assert report.ok
    assert sorted(report.repaired) == [
        "wrote individuals/generation/zarr.json from scratch",
        "wrote renders/data/zarr.json from scratch",
    ]
    with Population.open(path) as population:
        assert state(population) == told


def test_a_description_of_other_bytes_is_noticed_and_written_anew(path: Path) -> None:
    description = root(path) / "renders" / "width" / "zarr.json"
    ours = description.read_bytes()
    description.write_bytes(ours.replace(b'"little"', b'"big"'))
    assert check_population(path).problems == ["renders/width/zarr.json is altered"]
    assert check_population(path, repair=True).ok
    assert description.read_bytes() == ours


def test_repair_removes_what_an_interrupted_save_left(path: Path) -> None:
    (path / ".tmp" / "half").write_bytes(b"half a chunk")
    array = zarr.open_array(root(path) / "scores" / "value", mode="r+")
    array.resize((5,))
    assert check_population(path).ok
    assert check_population(path, repair=True).repaired == [
        "removed 2 leftovers of an interrupted save"
    ]
    assert list((path / ".tmp").iterdir()) == []
    assert zarr.open_array(root(path) / "scores" / "value", mode="r").shape == (1,)


def test_impossible_rows_are_found(path: Path) -> None:
    rewrite(path, lambda attributes: attributes["commit"].pop("sums"))  # type: ignore[index]
    for column, row, value in (
        ("individuals/parents", 6, [7, 0] + [-1] * 14),
        ("scores/individual", 0, 77),
        ("events/value", 0, 9),
    ):
        zarr.open_array(root(path) / column, mode="r+")[row] = np.array(value)
    assert check_population(path).problems == [
        "impossible parents of individual 6",
        "scores: reference to a missing individual in row 0",
        "events: impossible value in row 0",
    ]


def test_healthy_population_has_no_problems(path: Path) -> None:
    seen: list[tuple[int, int]] = []
    report = check_population(path, progress=lambda done, count: seen.append((done, count)))
    assert (report.ok, report.individuals, report.problems, report.repaired) == (True, 8, [], [])
    assert seen == [(8, 8)]


def test_damaged_population_is_listed_with_its_problem(home: Path) -> None:
    cut(home / "demo" / "population.zarr" / "zarr.json")
    (listed,) = list_populations(home)
    assert listed["name"] == "demo"
    assert listed["individuals"] is None
    assert "zarr.json' is cut off" in listed["problem"]


def test_random_damage_never_shows_a_wrong_picture_or_another_error(
    original: Path, tmp_path: Path
) -> None:
    with Population.open(original / "demo", write=False) as population:
        saved = contents(population)
    chance = random.Random(1)
    for n in range(20):
        home = Path(shutil.copytree(original, tmp_path / str(n)))
        files = sorted(file for file in home.rglob("*") if file.is_file())
        chance.choice(DAMAGES)(chance.choice(files), chance, files)
        outcome(home, saved)


def test_ratings_that_are_lost_are_not_counted_any_more(home: Path, path: Path) -> None:
    assert list_populations(home)[0]["rated"] == 1
    remove(root(path) / "events/value/c.0")
    assert check_population(path, repair=True).ok
    assert list_populations(home)[0]["rated"] == 0


def test_generations_that_are_lost_are_those_of_the_individual_before(tmp_path: Path) -> None:
    one = individual(0)
    rows = [replace(one, id=i, generation=i // 12) for i in range(4200)]
    with Population.create(tmp_path, "large", CONFIG, rows=rows) as population:
        path = population.path
    remove(root(path) / "individuals/generation/c.1")
    assert check_population(path, repair=True).ok
    with Population.open(path) as population:
        generations = population.births().generations
        assert generations[4095:].tolist() == [341] * 105
        assert population.fork("other", at=4199).fork == 4200


def test_a_branch_is_made_now_where_the_times_of_commits_are_lost(path: Path) -> None:
    for table in ("individuals", "renders", "scores", "events"):
        remove(root(path) / table / "created/c.0")
    assert check_population(path, repair=True).ok
    with Population.open(path) as population:
        assert population.fork("other").fork == len(population)
