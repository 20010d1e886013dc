"""Folders that a stranger made: nothing in them is followed, and no number in them is believed."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import google_crc32c
import numpy as np
import pytest
from numcodecs.zstd import Zstd
from small_population import CONFIG, individual, mixed, rating, state

from evolve import regular_files
from evolve.errors import ArchiveError
from evolve.rendering.process.worker import _log
from evolve.search.individual import Origin
from populations import Population, check_population, list_populations
from populations.exchange.parcel import pack, unpack
from populations.format.chunks import decoder
from populations.format.header import group_file, sealed
from populations.format.lock import last_writer
from populations.format.schema import LARGEST_TEXTS, LATEST, MOST_ROWS, TABLES
from populations.format.zstd_frames import content_size
from populations.home.names import population_names
from populations.home.shelf import (
    copy_population,
    delete_population,
    empty_trash,
    rename_population,
)

ROOT = "population.zarr"


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """The person's own files."""
    folder = tmp_path / "outside"
    (folder / "photos").mkdir(parents=True)
    (folder / "photos" / "a.jpg").write_text("precious")
    (folder / "thesis").write_text("precious")
    return folder


def whole(folder: Path) -> dict[str, str]:
    return {str(f): f.read_text() for f in folder.rglob("*") if f.is_file()}


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


def act(how: str, home: Path) -> object:
    path = home / "demo"
    if how == "open":
        return Population.open(path).close()
    if how == "look":
        with Population.open(path, write=False) as population:
            return state(population)
    if how == "repair":
        report = check_population(path, repair=True)
        if report.problems:
            raise ArchiveError(report.problems[0])
        return report
    if how == "copy":
        return copy_population(home, "demo", "twin")
    return pack(path, home.parent / "demo.zip")


class TestNothingIsFollowed:
    """Rule: only regular files and real folders are opened, whatever their names lead to."""

    @pytest.mark.parametrize(
        "name", [".tmp", ".repair", ".writer", ".header", ".lock", "renderer.log"]
    )
    @pytest.mark.parametrize("to", ["photos", "thesis"])
    def test_a_link_beside_the_root_is_named_and_what_it_leads_to_stays(
        self, path: Path, outside: Path, name: str, to: str
    ) -> None:
        before = whole(outside)
        if (path / name).is_dir():
            (path / name).rmdir()
        (path / name).unlink(missing_ok=True)
        (path / name).symlink_to(outside / to)
        with pytest.raises(
            ArchiveError, match=rf"demo/{name} is a link to .*{to}, and inside a pop"
        ):
            Population.open(path)
        assert whole(outside) == before
        with Population.open(path, write=False) as population:
            assert len(population) == 8

    @pytest.mark.parametrize(
        "key",
        ["", "zarr.json", "events", "events/kind", "events/kind/c.0", "individuals/genome/c.0"],
    )
    @pytest.mark.parametrize("how", ["open", "look", "repair", "copy", "pack"])
    def test_a_link_in_the_place_of_a_file_or_folder_is_named_with_the_cure(
        self, home: Path, tmp_path: Path, key: str, how: str
    ) -> None:
        place = home / "demo" / ROOT / key
        moved = place.rename(tmp_path / "elsewhere")
        place.symlink_to(moved)
        before = {f: f.read_bytes() for f in (home / "demo").rglob("*") if f.is_file()}
        message = rf"{ROOT}/?{key} is a link to .*elsewhere, .*put what belongs there in its place"
        if how in ("open", "look") and key.startswith("individuals"):
            return  # not read until somebody is looked at
        with pytest.raises(ArchiveError, match=message):
            act(how, home)
        assert all(f.read_bytes() == data for f, data in before.items() if f.name[0] != ".")
        place.unlink()
        moved.rename(place)
        act("look", home)

    def test_a_genome_behind_a_link_is_not_read(self, path: Path, tmp_path: Path) -> None:
        place = path / ROOT / "individuals" / "genome"
        moved = place.rename(tmp_path / "elsewhere")
        place.symlink_to(moved)
        with (
            Population.open(path, write=False) as population,
            pytest.raises(ArchiveError, match="genome is a link"),
        ):
            population.genome(0)

    def test_the_folder_of_a_population_may_be_a_link(self, home: Path, tmp_path: Path) -> None:
        moved = (home / "demo").rename(tmp_path / "other disk")
        (home / "demo").symlink_to(moved)
        with Population.open(home / "demo") as population:
            population.append(mixed(8))
        assert check_population(home / "demo", repair=True).ok
        copy_population(home, "demo", "twin")
        rename_population(home, "demo", "moved")
        delete_population(home, "moved")
        empty_trash(home)
        assert population_names(home) == ["twin"]
        assert (moved / ROOT / "zarr.json").is_file()

    @pytest.mark.parametrize("to", ["/dev/zero", "pipe", "socket"])
    @pytest.mark.parametrize(
        "key",
        [
            ".writer",
            f"{ROOT}/zarr.json",
            f"{ROOT}/events/kind/c.0",
            f"{ROOT}/events/kind/zarr.json",
        ],
    )
    def test_pipes_and_devices_keep_nobody_waiting(
        self, home: Path, key: str, to: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = home / "demo" / key
        file.unlink()
        if to == "pipe":
            os.mkfifo(file)
        elif to == "socket":
            import socket

            monkeypatch.chdir(file.parent)  # such names must be short
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(file.name)
        else:
            file.symlink_to(to)
        (listed,) = list_populations(home)
        assert ("problem" in listed) == (key == f"{ROOT}/zarr.json")
        for how in ("open", "repair"):
            with pytest.raises(ArchiveError, match=r"is a (link|pipe|socket)"):
                act(how, home)

    def test_a_folder_with_links_to_itself_is_refused_at_once(self, home: Path) -> None:
        for name in ("a", "b"):
            (home / "demo" / ROOT / name).symlink_to(".")
        for how in ("repair", "copy", "pack"):
            with pytest.raises(ArchiveError, match=r"zarr/a is a link to \."):
                act(how, home)

    def test_files_that_are_not_ours_are_neither_copied_nor_packed(
        self, home: Path, tmp_path: Path
    ) -> None:
        for name in ("notes.txt", f"{ROOT}/.ssh/id_rsa", f"{ROOT}/extra/id_rsa", f"{ROOT}/c.x"):
            (home / "demo" / name).parent.mkdir(exist_ok=True)
            (home / "demo" / name).write_text("precious")
        copy_population(home, "demo", "twin")
        assert not any(
            "precious" in f.read_text("latin-1")
            for f in (home / "twin").rglob("*.*")
            if f.is_file()
        )
        pack(home / "demo", tmp_path / "demo.zip")
        assert b"precious" not in (tmp_path / "demo.zip").read_bytes()
        unpack(tmp_path / "demo.zip", home, "again")

    @pytest.mark.parametrize(
        "name", ["/etc/cron", "../../evil", "a/../zarr.json", "zarr.json/..", ".writer", "x"]
    )
    def test_a_forged_repair_writes_nothing(self, home: Path, name: str) -> None:
        journal = home / "demo" / ".repair"
        journal.mkdir()
        (journal / quote(name, safe="")).write_text("evil")
        (journal / "zarr.json").write_text("evil")
        with pytest.raises(
            ArchiveError, match=r"\.repair holds .*, which no repair writes: nothing"
        ):
            act("open", home)
        assert not any(
            f.read_bytes() == b"evil" for f in home.rglob("zarr.json") if f.parent != journal
        )
        copy_population(home, "demo", "twin")
        assert [f.name for f in (home / "twin" / ".repair").iterdir()] == ["zarr.json"]

    def test_a_link_in_a_repair_is_not_read(self, home: Path, outside: Path) -> None:
        (home / "demo" / ".repair").mkdir()
        (home / "demo" / ".repair" / "zarr.json").symlink_to(outside / "thesis")
        with pytest.raises(ArchiveError, match=r"\.repair/zarr\.json is a link"):
            act("open", home)

    def test_a_file_with_another_name_elsewhere_is_not_written_to(
        self, path: Path, outside: Path
    ) -> None:
        (path / ".writer").unlink()
        (path / ".writer").hardlink_to(outside / "thesis")
        with pytest.raises(ArchiveError, match=r"\.writer has another name elsewhere.*remove it"):
            Population.open(path)
        assert (outside / "thesis").read_text() == "precious"

    def test_the_trash_is_not_emptied_through_a_link(self, home: Path, outside: Path) -> None:
        (outside / "gone-1").mkdir()
        (home / ".trash").symlink_to(outside)
        for work in (lambda: delete_population(home, "demo"), lambda: empty_trash(home)):
            with pytest.raises(ArchiveError, match=r"\.trash is a link to .*outside: .*remove"):
                work()
        assert (outside / "gone-1").is_dir()

    def test_a_population_that_cannot_be_opened_can_be_thrown_away(self, home: Path) -> None:
        (home / "demo" / ".lock").unlink()
        (home / "demo" / ".lock").symlink_to("/dev/null")
        delete_population(home, "demo")
        assert population_names(home) == []

    def test_the_log_of_the_renderer_does_not_follow_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "diary").write_text("precious")
        (tmp_path / "renderer.log").symlink_to(tmp_path / "diary")
        for name in ("renderer.log", "new.log"):
            with open(_log(tmp_path / name), "w") as log:
                log.write("noise")
        assert (tmp_path / "diary").read_text() == "precious"
        assert (tmp_path / "new.log").read_text() == "noise"


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
        Population.create(home, "well", CONFIG, rows=[individual(0)]).close()
        change(home / "demo", **commit)
        listed = {p["name"]: p for p in list_populations(home)}
        assert list(listed) == ["demo", "well"]
        assert "problem" not in listed["well"]
        if "rows" not in commit or isinstance(commit["rows"], list):
            assert "zarr.json is damaged" in listed["demo"]["problem"]
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
            ("events/value/c.0", 10**12, "impossible values"),
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
            pytest.raises(ArchiveError, match="branch 1 leaves nothing"),
        ):
            population.branch("other").members()

    @pytest.mark.parametrize("codec", ["blosc", "numcodecs.pickle", "gzip", "sharding_indexed"])
    def test_a_codec_that_is_not_ours_is_not_even_looked_for(
        self, path: Path, codec: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("populations.format.arrays.in_our_words", None)
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
                ArchiveError, match=r"c\.0\.0 is not a file of a population .* restore it"
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
        with pytest.raises(ArchiveError, match=r"zarr\.json is cut off or damaged"):
            Population.open(path)


def frame(size: int) -> bytes:
    return bytes(Zstd(level=1).encode(bytes(size)))


class TestZstandard:
    """Rule: what is decompressed is one frame, of the size that the column must have."""

    @pytest.mark.parametrize("size", [1, 100, 255, 256, 300, 65791, 65792, 1 << 20, 3_000_000])
    def test_the_size_of_what_was_compressed_is_known(self, size: int) -> None:
        assert content_size(frame(size)) == size
        noise = np.random.default_rng(size).bytes(size)
        assert content_size(bytes(Zstd().encode(noise))) == size

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x28\xb5\x2f\xfd",
            frame(4096)[:-1],
            frame(4096) + b"\0",
            frame(4096) * 2,
            struct.pack("<II", 0x184D2A50, 4) + b"abcd" + frame(4096),
            frame(4096) + struct.pack("<II", 0x184D2A50, 0),
            b"\x28\xb5\x2f\xfd\x00\x58" + frame(4096)[6:],
        ],
    )
    def test_anything_but_one_whole_frame_is_refused(self, data: bytes) -> None:
        with pytest.raises(ValueError, match=r"it (is|does)"):
            content_size(data)

    @pytest.mark.parametrize("name", ["events/kind", "events/info", "individuals/genome"])
    def test_a_chunk_that_is_larger_than_its_column_is_not_decompressed(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = frame(LARGEST_TEXTS + 1)
        chunk = body + google_crc32c.value(body).to_bytes(4, "little")
        assert len(chunk) < 200_000
        monkeypatch.setattr("populations.format.chunks.Zstd", None)
        table, name = name.split("/")
        column = next(c for c in TABLES[table] if c.name == name)
        with pytest.raises(ValueError, match="unexpected size"):
            decoder(column)(chunk)

    def test_a_bomb_in_the_last_chunk_is_met_before_it_is_added_to(self, path: Path) -> None:
        body = frame(1024 * 4096 + 1)
        chunk = body + google_crc32c.value(body).to_bytes(4, "little")
        (path / ROOT / "events" / "info" / "c.0").write_bytes(chunk)  # nobody reads it to open
        with (
            Population.open(path) as population,
            pytest.raises(ArchiveError, match=r"events/info: file c\.0 cannot be read"),
        ):
            population.append([rating(2, 5)])


class TestOneWriter:
    """Rule: a commit compares the marker on the disk with its own last one."""

    def test_a_second_writer_past_a_removed_lock_loses_nothing(self, path: Path) -> None:
        first = Population.open(path)
        (path / ".lock").unlink()
        with Population.open(path) as second:
            second.append([rating(2, 5)])
            with pytest.raises(
                ArchiveError, match=r"nothing more is saved to population 'demo'.*\.lock was"
            ):
                first.append([rating(3, 4)])
            second.append([rating(4, 3)])
            first.close()
            assert last_writer(path)["pid"] == os.getpid()
            second.append([rating(5, 2)])
        with Population.open(path, write=False) as population:
            ratings = {i: v.rating for i, v in population.verdicts().items() if v.rating}
        assert ratings == {0: 5, 2: 5, 4: 3, 5: 2}
        assert check_population(path).ok

    def test_a_marker_that_something_else_wrote_stops_the_writer(self, path: Path) -> None:
        old = (path / ROOT / "zarr.json").read_bytes()
        with Population.open(path) as population:
            population.append([rating(2, 5)])
            now = (path / ROOT / "zarr.json").read_bytes()
            (path / ROOT / "zarr.json").write_bytes(old)  # a sync program, say
            before = {f: f.read_bytes() for f in (path / ROOT).rglob("*") if f.is_file()}
            for _ in range(2):
                with pytest.raises(ArchiveError, match="because something else wrote to it"):
                    population.append([rating(3, 4)])
            assert {f: f.read_bytes() for f in (path / ROOT).rglob("*") if f.is_file()} == before
            (path / ROOT / "zarr.json").write_bytes(now)
            population.append([rating(3, 4)])

    def test_a_population_that_was_moved_takes_no_more(self, path: Path, tmp_path: Path) -> None:
        with Population.open(path) as population:
            moved = path.rename(tmp_path / "elsewhere")
            with pytest.raises(ArchiveError, match="it was moved, renamed or removed"):
                population.append([rating(2, 5)])
        assert not path.exists()
        assert check_population(moved).ok

    def test_one_that_was_replaced_by_another_takes_no_more(self, home: Path) -> None:
        with Population.open(home / "demo") as population:
            (home / "demo").rename(home / "old")
            copy_population(home, "old", "demo")
            with pytest.raises(ArchiveError, match="nothing more is saved"):
                population.append([rating(2, 5)])
        assert check_population(home / "demo").ok


class TestRegular:
    """The one place where files in folders of strangers are opened."""

    def test_only_names_in_the_folder_are_looked_up(self, tmp_path: Path) -> None:
        with regular_files.opened(tmp_path) as folder:
            for name in ("", ".", "..", "a/b", "/etc/passwd"):
                with pytest.raises(regular_files.IrregularError, match="is not the name of a file"):
                    folder.read(name, 9)

    def test_a_folder_that_is_exchanged_for_a_link_meanwhile_does_not_mislead(
        self, tmp_path: Path, outside: Path
    ) -> None:
        (tmp_path / "p").mkdir()
        (tmp_path / "p" / "thesis").write_text("mine")
        with regular_files.opened(tmp_path, "p") as folder:
            (tmp_path / "p").rename(tmp_path / "old")
            (tmp_path / "p").symlink_to(outside)
            assert folder.read("thesis", 100) == b"mine"

    def test_no_descriptor_is_left_open(self, path: Path, outside: Path) -> None:
        (path / ".tmp").rmdir()
        (path / ".tmp").symlink_to(outside)
        before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
        for _ in range(3):
            with pytest.raises(ArchiveError):
                Population.open(path)
            with Population.open(path, write=False) as population:
                population.genome(0)
        after = len(os.listdir("/proc/self/fd")) if before else 0
        assert after <= before + 1

    def test_where_folders_cannot_be_opened_links_are_refused_all_the_same(
        self, path: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(regular_files, "_AT", False)  # as on Windows
        with Population.open(path) as population:
            population.append(mixed(8))
        assert check_population(path, repair=True).ok
        copy_population(path.parent, "demo", "twin")
        (path / "renderer.log").symlink_to(outside / "thesis")
        with pytest.raises(ArchiveError, match=r"renderer\.log is a link"):
            Population.open(path)
        (path / "renderer.log").unlink()
        for name in ("events/kind/c.0", "events"):
            place = path / ROOT / name
            place.rename(path.parent / name.replace("/", "-"))
            place.symlink_to(path.parent / name.replace("/", "-"))
            with pytest.raises(ArchiveError, match=rf"{name} is a link"):
                Population.open(path, write=False)
