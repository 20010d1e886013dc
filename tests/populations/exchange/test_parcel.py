import json
import os
import random
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from small_population import CONFIG, edited, mixed, render, state

from evolve.errors import ArchiveError
from populations import Population, check_population, list_populations
from populations.exchange.parcel import pack, unpack
from populations.format.header import sealed
from populations.home import founding
from populations.home.left import Left, leave, where_left
from populations.home.names import population_names

ROOT = "population.zarr/zarr.json"


@pytest.fixture(scope="module")
def packed(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the population `demo`, and the parcel that it makes; to be copied."""
    folder = tmp_path_factory.mktemp("packed")
    shutil.copytree(original, folder / "home")
    with Population.open(folder / "home" / "demo") as population:
        population.append([edited(8), render(8)])
    pack(folder / "home" / "demo", folder / "demo.zip")
    return folder


@pytest.fixture
def parcel(packed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(packed / "demo.zip", tmp_path))


def repack(parcel: Path, changed: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    """Return a parcel with other files in it, or others as well."""
    with zipfile.ZipFile(parcel) as old:
        files = {name: old.read(name) for name in old.namelist()}
    target = parcel.with_name("other.zip")
    with zipfile.ZipFile(target, "w", compression) as new:
        for name, data in (files | changed).items():
            new.writestr(name, data)
    return target


def test_a_population_comes_out_as_it_went_in(packed: Path, parcel: Path, tmp_path: Path) -> None:
    assert unpack(parcel, tmp_path / "new home", "again") == 9
    with (
        Population.open(packed / "home" / "demo", write=False) as before,
        Population.open(tmp_path / "new home" / "again") as after,
    ):
        assert state(after) == state(before)
        after.append(mixed(9))
    assert check_population(tmp_path / "new home" / "again").ok


def test_a_population_is_unpacked_where_it_was_left(path: Path, tmp_path: Path) -> None:
    with Population.open(path) as population:
        population.fork("back", at=1)
        leave(population, "back", 1)
    pack(path, tmp_path / "demo.zip")
    unpack(tmp_path / "demo.zip", tmp_path / "new", "again")
    with Population.open(tmp_path / "new" / "again", write=False) as again:
        assert where_left(again)[:2] == ("back", 1)


@pytest.mark.parametrize("left", [b"{", b"[" * 9999, b'{"branch": "x\n", "born": 0}'])
def test_an_invalid_place_in_a_parcel_counts_for_nothing(
    parcel: Path, tmp_path: Path, left: bytes
) -> None:
    unpack(repack(parcel, {"left.json": left}), tmp_path / "new", "again")
    with Population.open(tmp_path / "new" / "again", write=False) as again:
        assert where_left(again) == Left("main", None)


def test_a_population_is_packed_while_it_grows(path: Path, tmp_path: Path) -> None:
    with Population.open(path) as population:
        before = state(population)
        pack(path, tmp_path / "demo.zip")
        population.append([edited(8)])
    unpack(tmp_path / "demo.zip", tmp_path / "new", "again")
    with Population.open(tmp_path / "new" / "again", write=False) as again:
        assert state(again) == before


def test_nothing_but_the_parcel_is_left_behind(path: Path, tmp_path: Path) -> None:
    pack(path, tmp_path / "demo.zip")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["demo.zip", "home"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("../evil", b"", r"has a file named '\.\./evil'"),
        ("population.zarr/../../evil", b"", r"has a file named"),
        ("/etc/evil", b"", r"has a file named '/etc/evil'"),
        ("population.zarr\\..\\evil", b"", r"has a file named"),
        ("other/zarr.json", b"", r"has a file named 'other/zarr\.json'"),
        ("population.zarr/notes.txt", b"", r"has a file named 'population\.zarr/notes\.txt'"),
        ("population.zarr/.ssh/c.0", b"", r"has a file named"),
        ("population.zarr/RENDERS/data/zarr.json", b"", r"has two files of the same name"),
        ("population.zarr/events/kind/c.0", b"", r"is damaged \(.*events/kind"),
        ("population.zarr/events/kind/zarr.json", b"[" * 9999, r"is damaged \(.*events/kind"),
        ("population.zarr/events/zarr.json", b"[" * 9999, r"is damaged \(events/zarr\.json"),
        (ROOT, b"{", r"other\.zip' is damaged \(.*zarr\.json' is cut off or damaged"),
    ],
)
def test_hostile_and_damaged_parcels_are_refused(
    parcel: Path, tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    with pytest.raises(ArchiveError, match=message):
        unpack(repack(parcel, {name: data}), tmp_path / "new", "again")
    assert population_names(tmp_path / "new") == []
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"model": None}, r"its model cannot be None"),
        ({"model": "x" * 9999}, r"its model cannot be 'xxx+…"),
        ({"model": "a\nb"}, r"its model cannot be 'a\\nb'"),
        ({"prompt": {"concepts": [["a", 1e9]]}}, r"its prompt cannot be .* \(.*weight"),
        ({"prompt": "a face"}, r"its prompt cannot be 'a face'"),
        ({"seed": -1}, r"its seed cannot be -1"),
        ({"seed": 10**400}, r"its seed cannot be 1000+…"),
        ({"page": 10**9}, r"its page cannot be 1000000000"),
        ({"page": True}, r"its page cannot be True"),
        ({"size": [10**6, 8]}, r"its size cannot be \[1000000, 8\]"),
        ({"latent": [4, 10**6, 10**6]}, r"its latent cannot be \[4, 1000000, 1000000\]"),
        ({"latent": 7}, r"its latent cannot be 7"),
        ({"settings": {"steps": 10**9}}, r"its settings cannot be .* \(steps 1e\+09 is not"),
        ({"settings": {"cfg": 4}}, r"its settings .* \(unknown settings \['cfg'\]"),
        ({"settings": []}, r"its settings cannot be \[\]"),
    ],
)
def test_what_is_wrong_with_a_config_is_one_line(changed: dict[str, Any], message: str) -> None:
    problem = founding.problem({**CONFIG, **changed})
    assert re.match(message, problem)
    assert "\n" not in problem


def test_a_hostile_config_is_refused_wherever_it_is_met(
    path: Path, parcel: Path, tmp_path: Path
) -> None:
    header = json.loads((path / ROOT).read_bytes())
    header["attributes"]["config"]["seed"] = -1
    header["attributes"] = sealed(header["attributes"])
    data = json.dumps(header).encode()
    with pytest.raises(ArchiveError, match=r"other\.zip' is damaged \(its seed cannot be -1"):
        unpack(repack(parcel, {ROOT: data}), tmp_path / "new", "again")
    (path / ROOT).write_bytes(data)
    with pytest.raises(ArchiveError, match=r"'demo' is damaged \(its seed cannot be -1"):
        Population.open(path)
    (listed,) = list_populations(path.parent)
    assert listed["problem"] == "its seed cannot be -1"


def test_a_config_that_is_cut_is_refused_in_one_line(path: Path) -> None:
    for name in ("model", "prompt", "seed", "page"):
        header = json.loads((path / ROOT).read_bytes())
        del header["attributes"]["config"][name]
        header["attributes"] = sealed(header["attributes"])
        cut = path.parent / name
        shutil.copytree(path, cut)
        (cut / ROOT).write_bytes(json.dumps(header).encode())
        with pytest.raises(ArchiveError, match=rf"is damaged \(its {name} is missing\)"):
            Population.open(cut)


def test_a_compressed_parcel_is_refused(parcel: Path, tmp_path: Path) -> None:
    deflated = repack(parcel, {}, zipfile.ZIP_DEFLATED)
    with pytest.raises(ArchiveError, match=r"it is compressed"):
        unpack(deflated, tmp_path / "new", "again")


def test_an_encrypted_parcel_is_refused(parcel: Path, tmp_path: Path) -> None:
    data = bytearray(parcel.read_bytes())
    for signature, flags in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(signature) + flags] |= 1
    parcel.write_bytes(data)
    with pytest.raises(ArchiveError, match=r"is encrypted"):
        unpack(parcel, tmp_path / "new", "again")


@pytest.mark.parametrize("mode", [0o120777, 0o010644, 0o040755, 0o060644])
def test_an_entry_that_is_a_link_a_pipe_or_a_folder_is_refused(
    parcel: Path, tmp_path: Path, mode: int
) -> None:
    with zipfile.ZipFile(parcel, "a") as packed:
        entry = zipfile.ZipInfo("population.zarr/extra/c.0")
        entry.external_attr = mode << 16
        packed.writestr(entry, "../../../etc/passwd")
    with pytest.raises(ArchiveError, match=r"extra/c\.0' is not a regular file"):
        unpack(parcel, tmp_path / "new", "again")


def test_a_pipe_in_place_of_a_parcel_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.zip")
    for name in ("pipe.zip", "."):
        with pytest.raises(ArchiveError, match=r"is not a file: name one"):
            unpack(tmp_path / name, tmp_path / "new", "again")


def test_a_parcel_may_be_named_through_a_link(parcel: Path, tmp_path: Path) -> None:
    (tmp_path / "link.zip").symlink_to(parcel)
    assert unpack(tmp_path / "link.zip", tmp_path / "new", "again") == 9


def test_what_is_no_parcel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"there is no file '.*nowhere\.zip'"):
        unpack(tmp_path / "nowhere.zip", tmp_path / "new", "again")
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(ArchiveError, match=r"is not a population of fancier: File is not a zip"):
        unpack(tmp_path / "text.zip", tmp_path / "new", "again")


def test_random_damage_is_refused_or_harmless(parcel: Path, tmp_path: Path) -> None:
    whole, chance, refusals = parcel.read_bytes(), random.Random(3), []
    for n in range(30):
        damaged = bytearray(whole)
        if n % 2:
            del damaged[chance.randrange(len(damaged)) :]
        else:
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        parcel.write_bytes(damaged)
        try:
            unpack(parcel, tmp_path / "new", f"again {n}")
        except ArchiveError as error:
            refusals.append(str(error))
    accepted = population_names(tmp_path / "new")
    assert len(refusals) + len(accepted) == 30
    assert not any("\n" in line for line in refusals)
    assert all(check_population(tmp_path / "new" / name).ok for name in accepted)
