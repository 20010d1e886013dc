"""Populations that a stranger made: no number in them is believed."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import google_crc32c
import numpy as np
import pytest
from acting import act
from numcodecs.zstd import Zstd
from small_population import CONFIG, individual, state

from evolve.errors import ArchiveError
from evolve.search.individual import Origin
from populations import Population, check_population, list_populations
from populations.format.columns.chunks import decoder
from populations.format.header import group_file, sealed
from populations.format.lock import last_writer
from populations.format.schema import LATEST, MOST_ROWS, TABLES

ROOT = "population.zarr"


def change(path: Path, **commit: Any) -> None:
    """Forge the marker of a population, sealed as it should be."""
    file = path / ROOT / "zarr.json"
    attributes = json.loads(file.read_bytes())["attributes"]
    attributes["commit"] |= commit
    file.write_bytes(group_file(sealed(attributes)))


def forge(path: Path, key: str, change: Callable[[np.ndarray], None]) -> None:
    """Change values of a column, with all checksums as they should be."""
    table, name, _ = key.split("/")
    column = next(c for c in TABLES[table] if c.name == name)
    file = path / ROOT / key
    values = decoder(column)(file.read_bytes()).copy()
    change(values)
    body = bytes(Zstd().encode(values.tobytes()))
    file.write_bytes(body + google_crc32c.value(body).to_bytes(4, "little"))
    file = path / ROOT / "zarr.json"
    attributes = json.loads(file.read_bytes())["attributes"]
    attributes["commit"]["sums"] = {}
    file.write_bytes(group_file(sealed(attributes)))


class TestNoNumberIsBelieved:
    """Rule: every number that stands in a file has a range, and is tested before it is used."""

    @pytest.mark.parametrize(
        "commit",
        [
            {"time": 10**30},
            {"time": -(10**18)},
            {"time": LATEST + 1},
            {"time": 0.5},
            {"time": float("inf")},
            {"seq": -1},
            {"seq": 2**70},
            {"seq": True},
            {"seq": "1"},
            {"rated": 10**12},
            {"rows": {"individuals": 10**12}},
            {"rows": {"individuals": -1}},
            {"rows": {"individuals": 1.5}},
            {"rows": {"individuals": 1, "latents/4x4x4": 2}},
            {"rows": {"individuals": 1, "latents/4x99999x99999": 1}},
            {"rows": []},
            {"rows": {"individuals": MOST_ROWS}},
            {"rows": {"renders": 10**6}},
            {"rows": {"individuals": 10**6}},
            {"rows": {"individuals": 10**6, "latents/4x4x4": 10**6}},
            {"sums": {"events": {"kind": 2**32}}},
            {"sums": {"events": {"kind": -1}}},
            {"sums": {"events": 7}},
        ],
        ids=str,
    )
    def test_a_marker_that_makes_no_sense_is_one_problem_of_one_population(
        self, home: Path, commit: dict[str, Any]
    ) -> None:
        shutil.copytree(home / "demo", home / "well")
        change(home / "demo", **commit)
        listed = {p["name"]: p for p in list_populations(home)}
        assert list(listed) == ["demo", "well"]
        assert "problem" not in listed["well"]
        if "rows" not in commit or isinstance(commit["rows"], list):
            assert "zarr.json' is damaged" in listed["demo"]["problem"]
        for how in ("look", "open"):
            with pytest.raises(ArchiveError, match=r"damaged|there are no"):
                act(how, home)

    def test_whatever_goes_wrong_with_one_population_the_others_are_listed(
        self, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise ZeroDivisionError

        (home / "self").symlink_to("self")
        monkeypatch.setattr("populations.home.summary.who_writes", fail)
        (listed,) = list_populations(home)
        assert listed["problem"].startswith("it cannot be read (ZeroDivisionError): 'fancier check")

    @pytest.mark.parametrize(
        "said",
        [
            {"pid": 0},
            {"pid": 10**30},
            {"host": "h" * 300},
            {"since": "zzzz"},
            {"since": "9999-12-31T23:59:59-23:00"},
            {"since": "0001-01-01T00:00:00"},
        ],
        ids=str,
    )
    def test_a_writer_that_makes_no_sense_is_not_known(
        self, path: Path, said: dict[str, Any]
    ) -> None:
        writer = json.loads((path / ".writer").read_text())
        assert last_writer(path)["pid"] == os.getpid()
        (path / ".writer").write_text(json.dumps(writer | said))
        assert last_writer(path) == {}
        assert "problem" not in list_populations(path.parent)[0]

    @pytest.mark.parametrize("text", [b"[" * 3000, b"[]", b"x" * 10**6, b"\xff"])
    def test_a_writer_file_of_nonsense_is_passed_over(self, path: Path, text: bytes) -> None:
        (path / ".writer").write_bytes(text)
        assert last_writer(path) == {}
        Population.open(path).close()

    def test_parameters_that_are_computed_with_are_numbers(self, tmp_path: Path) -> None:
        params: dict[str, object] = {"step": 35.0}
        first = replace(individual(0), origin=Origin("mutate", params))
        params["step"] = "x"
        Population.create(tmp_path, "demo", CONFIG, rows=[first]).close()
        with (
            Population.open(tmp_path / "demo") as population,
            pytest.raises(ArchiveError, match="the origin of individual 0"),
        ):
            _ = population.births()[0]
        assert "damaged origin" in str(check_population(tmp_path / "demo").problems)

    @pytest.mark.parametrize(
        ("key", "value", "message"),
        [
            ("individuals/parents/c.0.0", 7, "parents that were born later|impossible parents"),
            ("individuals/generation/c.0", 2**31 - 1, "impossible generations"),
            ("individuals/generation/c.0", -5, "impossible generations"),
            ("individuals/created/c.0", 2**62, "times"),
            ("individuals/branch/c.0", 7, "no branch"),
            ("individuals/branch/c.0", -1, "no branch"),
            ("individuals/latent_shape/c.0.0", 0, "no noise|missing noise"),
            ("individuals/latent_row/c.0", 2**62, "no noise|missing noise"),
            ("renders/individual/c.0", 2**40, "missing individuals"),
            ("renders/length/c.0", 2**40, "pictures? of individual|row 0 cannot"),
            ("events/value/c.0", 10**12, "impossible value"),
            ("events/individual/c.0", 2**40, "missing individuals|invalid rows"),
        ],
    )
    def test_values_that_make_no_sense_are_named(
        self, path: Path, key: str, value: int, message: str
    ) -> None:
        def put(values: np.ndarray) -> None:
            values[0] = value

        forge(path, key, put)

        def look() -> None:
            with Population.open(path) as population:
                state(population)
                population.history()
                population.born_in()

        with pytest.raises(ArchiveError, match=message):
            look()
        assert check_population(path).problems

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_a_score_that_is_no_number_is_none(self, path: Path, value: float) -> None:
        forge(path, "scores/value/c.0", lambda values: values.__setitem__(0, value))
        with Population.open(path, write=False) as population:
            assert population.scores() == {"clip": {}}

    @pytest.mark.parametrize(("column", "value"), [("parent", 1), ("parent", -1), ("fork", -1)])
    def test_a_branch_that_leaves_itself_is_named(
        self, path: Path, column: str, value: int
    ) -> None:
        with Population.open(path) as population:
            population.fork("other")
        forge(path, f"branches/{column}/c.0", lambda values: values.__setitem__(0, value))
        with (
            Population.open(path, write=False) as population,
            pytest.raises(ArchiveError, match="branch 1 has an invalid beginning"),
        ):
            population.branch("other").members()

    @pytest.mark.parametrize("codec", ["blosc", "numcodecs.pickle", "gzip", "sharding_indexed"])
    def test_a_codec_that_is_not_ours_is_not_even_looked_for(
        self, path: Path, codec: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("populations.format.columns.arrays.normalised", None)
        file = path / ROOT / "events" / "kind" / "zarr.json"
        described = json.loads(file.read_bytes())
        described["codecs"][0] = {"name": codec, "configuration": {}}
        file.write_text(json.dumps(described))
        with pytest.raises(ArchiveError, match=r"events/kind/zarr\.json is altered"):
            Population.open(path)

    @pytest.mark.parametrize("rows", [10**12, -1, 1e9, True, "8", None, [8]])
    def test_an_array_of_impossible_length_is_named(self, path: Path, rows: Any) -> None:
        file = path / ROOT / "events" / "kind" / "zarr.json"
        described = json.loads(file.read_bytes())
        described["shape"] = [rows]
        file.write_text(json.dumps(described))
        with pytest.raises(ArchiveError, match=r"events/kind/zarr\.json is altered"):
            Population.open(path)

    def test_a_file_that_is_far_too_large_is_neither_copied_nor_packed(self, home: Path) -> None:
        with (home / "demo" / ROOT / "renders" / "data" / "c.0.0").open("r+b") as chunk:
            chunk.truncate(1 << 42)
        for how in ("copy", "pack"):
            with pytest.raises(
                ArchiveError, match=r"c\.0\.0' is not a file of a population .* restore it"
            ):
                act(how, home)
        other = home / "demo" / ROOT / "renders" / "data" / "c.1.0"
        other.write_bytes(b"damaged")  # the two are not tried in each other's place
        assert check_population(home / "demo", repair=True).problems == []
        (home / "demo" / ROOT / "renders" / "data" / "c.0.0").unlink()
        act("copy", home)

    def test_a_file_that_is_far_too_large_is_not_read(self, path: Path) -> None:
        with (path / ROOT / "events" / "kind" / "c.0").open("r+b") as chunk:
            chunk.truncate(1 << 42)  # takes no room on the disk
        with pytest.raises(ArchiveError, match=r"events/kind: file c\.0 cannot be read"):
            Population.open(path)
        with (path / ROOT / "zarr.json").open("r+b") as header:
            header.truncate(1 << 42)
        with pytest.raises(ArchiveError, match=r"zarr\.json' is cut off or damaged"):
            Population.open(path)
