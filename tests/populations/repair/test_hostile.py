"""Folders that a stranger made: nothing in them is followed."""

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from acting import act
from small_population import mixed

from evolve import regular_files
from evolve.errors import ArchiveError
from evolve.rendering.process.worker import _log
from populations import Population, check_population, list_populations
from populations.exchange.parcel import pack, unpack
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
            ArchiveError, match=rf"demo/{name}' is a link to '.*{to}', and inside a pop"
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
        message = (
            rf"{ROOT}/?{key}' is a link to '.*elsewhere', .*put what belongs there in its place"
        )
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
            pytest.raises(ArchiveError, match="genome' is a link"),
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
            with pytest.raises(ArchiveError, match=r"zarr/a' is a link to '\."):
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
            ArchiveError, match=r"\.repair' holds .*, which no repair writes: nothing"
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
        with pytest.raises(ArchiveError, match=r"\.repair/zarr\.json' is a link"):
            act("open", home)

    def test_a_file_with_another_name_elsewhere_is_not_written_to(
        self, path: Path, outside: Path
    ) -> None:
        (path / ".writer").unlink()
        (path / ".writer").hardlink_to(outside / "thesis")
        with pytest.raises(ArchiveError, match=r"\.writer' has another name elsewhere.*remove it"):
            Population.open(path)
        assert (outside / "thesis").read_text() == "precious"

    def test_the_trash_is_not_emptied_through_a_link(self, home: Path, outside: Path) -> None:
        (outside / "gone-1").mkdir()
        (home / ".trash").symlink_to(outside)
        for work in (lambda: delete_population(home, "demo"), lambda: empty_trash(home)):
            with pytest.raises(ArchiveError, match=r"\.trash' is a link to '.*outside': .*remove"):
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
        with pytest.raises(ArchiveError, match=r"renderer\.log' is a link"):
            Population.open(path)
        (path / "renderer.log").unlink()
        for name in ("events/kind/c.0", "events"):
            place = path / ROOT / name
            place.rename(path.parent / name.replace("/", "-"))
            place.symlink_to(path.parent / name.replace("/", "-"))
            with pytest.raises(ArchiveError, match=rf"{name}' is a link"):
                Population.open(path, write=False)
