"""Exported files replace what was exported before, and nothing that somebody else made."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small_population import CONFIG, individual, render

from evolve.errors import ArchiveError
from populations import Population
from populations.exchange import new_file
from populations.exchange.animation import write_animation
from populations.exchange.mask_file import write_mask
from populations.exchange.new_file import _swept, unfinished_beside, writing
from populations.exchange.own_file import require_own
from populations.studio.export_files import ExportRequest, export
from tui.cli import main


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    rows = [*(individual(i) for i in range(2)), *(render(i) for i in range(2))]
    Population.create(home, "faces", CONFIG, rows=rows).close()
    return home


REQUESTS = {
    "picture": ("one.png", {"ids": (0,)}),
    "folder": ("faces-00000.png", {"ids": (0,)}),
    "sheet": ("sheet.png", {"form": "sheet"}),
    "line": ("line.png", {"ids": (0,), "line": True}),
    "whole": ("faces.zip", {"whole": True}),
}
"""A file, and what writes it."""


@pytest.mark.parametrize("kind", REQUESTS)
def test_what_somebody_else_made_stays_and_what_was_exported_is_replaced(
    kind: str, home: Path, tmp_path: Path
) -> None:
    name, options = REQUESTS[kind]
    file = tmp_path / name
    request = ExportRequest(to=tmp_path if kind == "folder" else file, **options)
    Image.new("RGB", (8, 8)).save(file, "PNG")
    foreign = file.read_bytes()
    with pytest.raises(ArchiveError, match=r"exists and was not exported by fancier: choose anoth"):
        export(home, "faces", request)
    assert file.read_bytes() == foreign
    file.unlink()
    assert export(home, "faces", request) == export(home, "faces", request) == [file]


def test_trees_and_masks_replace_each_other_and_nothing_else(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawing, picture = tmp_path / "tree.svg", tmp_path / "tree.png"
    tree = ["tree", "faces", "--home", str(home), "--png", str(picture), "--svg", str(drawing)]
    mask = np.eye(4, dtype=np.bool_)
    drawing.write_text('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')
    assert main(tree) == 1
    assert "tree.svg' exists and was not exported by fancier: choose" in capsys.readouterr().err
    assert not picture.exists()  # both or none
    picture.touch()  # nothing is lost with it
    drawing.unlink()
    assert main(tree) == main(tree) == 0
    write_mask(mask, (16, 16), picture)
    write_mask(mask, (16, 16), picture)
    assert main(tree) == 0
    Image.new("L", (16, 16)).save(picture)
    with pytest.raises(ArchiveError, match="was not exported by fancier"):
        write_mask(mask, (16, 16), picture)


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".mp4"])
def test_a_clip_of_fancier_is_known_from_any_other(suffix: str, tmp_path: Path) -> None:
    if suffix == ".mp4":
        pytest.importorskip("av")
    pictures = [np.full((32, 32, 3), shade, np.uint8) for shade in (0, 255)]
    own, foreign = tmp_path / f"own{suffix}", tmp_path / f"foreign{suffix}"
    write_animation(own, pictures)
    require_own(own)
    foreign.write_bytes(own.read_bytes()[:20])
    with pytest.raises(ArchiveError, match="was not exported by fancier"):
        require_own(foreign)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_nobody_waits_for_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "one.png")
    with pytest.raises(ArchiveError, match="was not exported by fancier"):
        require_own(tmp_path / "one.png")


def test_a_walk_is_refused_before_it_is_painted(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "walk.gif"
    Image.new("RGB", (8, 8)).save(file)
    with pytest.raises(ArchiveError, match="was not exported by fancier"):
        export(home, "faces", ExportRequest(to=file, ids=(0, 1), form="walk"))


def test_what_killed_exports_left_is_swept_after_a_day(home: Path, tmp_path: Path) -> None:
    for age, name in ((0, ".part-young.png"), (100_000, ".part-old.png")):
        (tmp_path / name).write_bytes(b"half of a picture")
        then = (tmp_path / name).stat().st_mtime - age
        os.utime(tmp_path / name, (then, then))
    export(home, "faces", ExportRequest(to=tmp_path, ids=(0,)))
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        ".part-young.png",
        "faces-00000.png",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="a signal would end the process")
def test_what_a_killed_export_left_is_swept_by_the_next(home: Path, tmp_path: Path) -> None:
    """Not what a process is writing, on this machine or, as far as can be known, on another."""
    killed = (
        "from pathlib import Path; import sys, os, signal\n"
        "from populations.exchange.new_file import writing\n"
        "with writing(Path(sys.argv[1])) as unfinished:\n"
        "    unfinished.write_bytes(b'half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    file = tmp_path / "faces-00000.png"
    subprocess.run([sys.executable, "-c", killed, file], check=False)
    assert [each.name[:6] for each in tmp_path.iterdir()] == [".part-"]
    (tmp_path / ".part-01234567-99999999-x.png").write_bytes(b"of another machine")
    with writing(tmp_path / "tree.svg") as unfinished:
        unfinished.write_bytes(b"being written")
        _swept.cache_clear()
        export(home, "faces", ExportRequest(to=tmp_path, ids=(0,)))
        there = {each.name for each in tmp_path.iterdir()}
        assert there == {unfinished.name, ".part-01234567-99999999-x.png", file.name}


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("file", ["_BOOT", "_CONTAINER"])
def test_what_a_machine_or_a_container_of_the_same_name_writes_is_left(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    if file == "_BOOT":
        elsewhere.write_text("of another machine")
    else:
        elsewhere.symlink_to("pid:[1]")
    with monkeypatch.context() as there:
        there.setattr(new_file, file, elsewhere)
        written = unfinished_beside(tmp_path / "one.png")
    written.write_bytes(b"half")
    monkeypatch.setattr(new_file, "may_run", lambda _: False)
    _swept.cache_clear()
    unfinished_beside(tmp_path / "other.png")
    assert written.exists()


def test_two_that_write_the_same_file_at_once_do_not_meet(tmp_path: Path) -> None:
    file = tmp_path / "one.png"
    with writing(file) as one, writing(file) as two:
        assert one != two
        one.write_bytes(b"one")
        two.write_bytes(b"two")
    assert file.read_bytes() == b"one"  # the last to end
    assert [each.name for each in tmp_path.iterdir()] == ["one.png"]


def test_a_file_takes_no_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ArchiveError, match=r"notes\.txt' is a file: name a folder"):
        require_own(tmp_path / "notes.txt" / "faces-00003.png")
