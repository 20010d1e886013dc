import os
import subprocess
import sys
from pathlib import Path

import pytest
from damaging import cut, root
from faults import FOR_EVER, failing
from places import ROOT
from small_population import CONFIG, individual, mixed, render

from evolve.errors import ArchiveError
from populations import (
    Population,
    check_population,
    default_home,
    list_populations,
    population_path,
)
from populations.exchange.parcel import pack, unpack
from populations.home.names import MAX_NAME, ZARR, population_names
from populations.home.shelf import copy_population


@pytest.mark.parametrize("name", ["demo", "red hair 2", "Überraschung", "a.b-c_d", "x" * MAX_NAME])
def test_good_names_are_kept(tmp_path: Path, name: str) -> None:
    with Population.create(tmp_path, name, CONFIG) as population:
        assert population.name == name
    assert [p["name"] for p in list_populations(tmp_path)] == [name]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "needs a name"),
        ("  ", "needs a name"),
        ("../up", "is a path, not the name of a population: use 'up'"),
        ("a/b:c", "because of '/' ':': use letters"),
        ("a\nb/c", r"because of '\\n' '/': use letters"),
        ("a\\b", "use letters, digits"),
        ("a:b\n", "because of '.n' ':'"),
        (".hidden", "begin with a letter or digit"),
        ("..", "begin with a letter or digit"),
        ("-rf", "begin with a letter or digit"),
        ("end.", "do not end with"),
        ("end ", "do not end with"),
        ("CON", "Windows reserves it for a device"),
        ("com1.zarr", "Windows reserves it for a device"),
        ("x" * (MAX_NAME + 1), f"use up to {MAX_NAME} characters"),
    ],
)
def test_bad_names_are_refused_and_leave_nothing(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(ArchiveError, match=message):
        Population.create(tmp_path, name, CONFIG)
    with pytest.raises(ArchiveError, match=message):
        population_path(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_taken_name_is_refused_and_what_is_there_stays(home: Path) -> None:
    with pytest.raises(ArchiveError, match="'demo' exists already: open it with"):
        Population.create(home, "demo", CONFIG)
    with Population.open(home / "demo") as population:
        assert len(population) == 8


def test_rows_that_do_not_fit_leave_no_population(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="next individual has id 0"):
        Population.create(tmp_path, "demo", CONFIG, rows=mixed(6))
    assert list(tmp_path.iterdir()) == []


def test_config_that_is_not_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="config of population 'demo' is not JSON"):
        Population.create(tmp_path, "demo", {**CONFIG, "seed": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_litter_of_killed_programs_is_swept_after_a_day(tmp_path: Path) -> None:
    for age, name in ((0, ".new-young"), (100_000, ".new-old")):
        (tmp_path / name / "demo").mkdir(parents=True)
        then = (tmp_path / name).stat().st_mtime - age
        os.utime(tmp_path / name, (then, then))
    Population.create(tmp_path, "demo", CONFIG).close()
    assert sorted(p.name for p in tmp_path.iterdir()) == [".new-young", "demo"]


def test_unusable_home_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    for home in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(ArchiveError, match="choose another home, or set"):
            Population.create(home, "demo", CONFIG)


def test_a_population_that_finds_no_room_is_not_said_to_be_saved(tmp_path: Path) -> None:
    rows = [individual(0), render(0)]
    with failing() as disk:
        Population.create(tmp_path, "counted", CONFIG, rows=rows).close()
    for place in (disk.done // 4, disk.done * 2 // 3):
        with (
            failing(place, FOR_EVER),
            pytest.raises(
                ArchiveError, match=r"on the disk of '/.*': free some space and try again$"
            ),
        ):
            Population.create(tmp_path, "demo", CONFIG, rows=rows)
        assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize("how", ["create", "copy", "unpack"])
def test_a_damaged_root_can_be_restored_before_anything_else_is_saved(home: Path, how: str) -> None:
    if how == "create":
        Population.create(home, "twin", CONFIG).close()
    elif how == "copy":
        copy_population(home, "demo", "twin")
    else:
        pack(home / "demo", home / "demo.zip")
        unpack(home / "demo.zip", home, "twin")
    whole = (root(home / "twin") / "zarr.json").read_bytes()
    cut(root(home / "twin") / "zarr.json")
    assert check_population(home / "twin", repair=True).ok
    assert (root(home / "twin") / "zarr.json").read_bytes() == whole


def test_home_is_chosen_by_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path))
    assert default_home() == tmp_path
    monkeypatch.setenv("FANCIER_HOME", "~nobody-of-that-name/x")
    assert default_home() == Path("~nobody-of-that-name/x")
    monkeypatch.delenv("FANCIER_HOME")
    assert default_home().name == "fancier"


def test_no_such_population_names_those_that_come_close(home: Path) -> None:
    with pytest.raises(ArchiveError, match=r"no population named 'dmeo'.*did you mean 'demo'"):
        Population.open(home / "dmeo")
    with pytest.raises(ArchiveError, match=r"no population named 'xyz'.*'fancier list' shows all"):
        Population.open(home / "xyz")
    with pytest.raises(ArchiveError, match="which has none yet: make one with 'fancier new'"):
        Population.open(home / "nowhere" / "demo")
    assert not (home / "dmeo").exists()


def test_list_tells_of_every_population(home: Path) -> None:
    Population.create(home, "Another", CONFIG).close()
    (home / "notes").mkdir()
    first, second = list_populations(home)
    assert (first["name"], first["individuals"], first["rated"]) == ("Another", 0, 0)
    assert second == {
        "name": "demo",
        "model": "portraits",
        "prompt": "a smiling woman | red hair :1.4",
        "individuals": 8,
        "rated": 1,
        "bytes": sum(f.stat().st_size for f in (home / "demo").rglob("*") if f.is_file()),
        "last_used": second["last_used"],
        "open": None,
    }
    assert second["last_used"].startswith("20")


def test_home_that_is_not_there_has_no_populations(tmp_path: Path) -> None:
    assert list_populations(tmp_path / "nowhere") == []


def test_listing_loads_no_zarr(home: Path) -> None:
    _run(
        f"found = populations.list_populations(pathlib.Path({str(home)!r}));"
        "assert found[0]['individuals'] == 8, found;"
        "loaded = {'zarr', 'torch', 'PIL'} & set(sys.modules);"
        "assert not loaded, loaded"
    )


def test_opening_and_reading_load_no_zarr(path: Path) -> None:
    _run(
        f"opened = populations.Population.open(pathlib.Path({str(path)!r}));"
        "opened.genome(0), opened.picture(0), opened.births()[3], opened.record(0);"
        "assert 'zarr' not in sys.modules"
    )


def _run(program: str) -> None:
    program = f"import sys, pathlib, populations; {program}"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_names_are_in_alphabetical_order_and_numbers_in_them_by_size(tmp_path: Path) -> None:
    wanted = ["2 cats", "10 cats", "Anna", "face", "face-2", "face-10", "Face-10b", "zoe"]
    for name in reversed(wanted):
        (tmp_path / name / ZARR).mkdir(parents=True)
    assert population_names(tmp_path) == wanted
