"""Commands where things are not as usual: streams closed, other encodings, odd names, no files."""

import json
import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from terminal import surroundings

from evolve.errors import ArchiveError
from evolve.genome.edit import Base
from evolve.session.archive import Render
from populations import Population, create_population
from populations.exchange.importing import Founding, read
from populations.exchange.picture_file import read_picture
from populations.exchange.recipe import read_recipe, write_png
from populations.studio.new import CreateRequest, config_of
from tui.cli import main

Shell = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a population of one picture to paint."""
    home = tmp_path_factory.mktemp("original")
    create_population("faces", "a woman – red", home=home, seed=1, page=1).close()
    return home


@pytest.fixture
def shell(home: Path, tmp_path: Path) -> Shell:
    """Run a line in a shell, where that home is."""

    def run(line: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=tmp_path,
            env=surroundings(tmp_path, environ),
            capture_output=True,
            timeout=120,
            check=False,
        )
        assert b"Traceback" not in done.stderr
        return done

    return run


def test_it_paints_with_all_standard_streams_closed(shell: Shell, tmp_path: Path) -> None:
    assert shell("fancier paint faces <&- >&- 2>&-").returncode == 0
    with Population.open(tmp_path / "home" / "faces", write=False) as population:
        assert population.kept_pictures().tolist() == [0]


@pytest.mark.parametrize(
    ("line", "status", "out", "err"),
    [
        ("fancier list >&-", 0, "", ""),
        ("fancier list 2>&- <&-", 0, "faces", ""),
        ("fancier open faces <&-", 1, "", "fancier: the app needs a terminal"),
        ("fancier open nobody 2>&-", 1, "", ""),
        ("fancier --nonsense >&-", 2, "", "fancier: "),
        ("fancier list | true", 0, "", ""),
        ("fancier open nobody 2>&1 | true", 0, "", ""),
    ],
)
def test_closed_and_broken_streams_are_no_fault(
    shell: Shell, line: str, status: int, out: str, err: str
) -> None:
    done = shell(line)
    assert done.returncode == status
    assert out in done.stdout.decode()
    assert bool(done.stdout) == bool(out)
    assert done.stderr.decode().startswith(err)
    assert bool(done.stderr) == bool(err)


@pytest.mark.parametrize("encoding", ["ascii", "koi8-r"])
def test_what_an_encoding_lacks_is_replaced_and_json_is_whole(shell: Shell, encoding: str) -> None:
    lines = ["list", "show faces 0", "tree faces", "list --json"]
    done = shell("; ".join(f"fancier {line}" for line in lines), PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert done.stderr == b""
    assert "a woman ? red" in done.stdout.decode(encoding)
    data = json.loads(done.stdout.splitlines()[-1])
    assert data["populations"][0]["prompt"] == "a woman – red"


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder whose name is not UTF-8, as the home and with a picture in it."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/h\xfe"))
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("names are UTF-8 here")
    monkeypatch.setenv("FANCIER_HOME", str(folder))
    Image.new("RGB", (8, 8), "red").save(folder / os.fsdecode(b"p\xff.png"))
    return str(folder)


def test_names_of_files_need_not_be_utf_8(odd: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(odd) / os.fsdecode(b"p\xff.png")
    config = config_of(CreateRequest(name="a", prompt="a woman", seed=1, page=1))
    base = Base(np.zeros(config["latent"], np.float16))
    founding = Founding(config, lambda picture: base, depth=0.5)
    rows = founding.rows([read(file)], first=0, generation=0)
    picture = np.full((128, 128, 3), (255, 0, 0), np.uint8)
    with Population.create(Path(odd), "a", config, rows=rows) as population:
        population.append([Render(individual=0, picture=picture)])
        write_png(file, population, 0)
    assert read_recipe(file).individual == 0
    assert main(["show", "a", "0"]) == 0
    assert r"file p\udcff.png" in capsys.readouterr().out
    assert main(["show", "a", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["individuals"]
    assert one["params"]["file"] == r"p\udcff.png"
    assert main(["export", "a", "0", "--to", f"{odd}/out", "--json"]) == 0
    (exported,) = json.loads(capsys.readouterr().out)["files"]
    assert os.path.exists(exported)
    assert main(["import", "a", f"{odd}/nothing.png"]) == 1
    assert r"h\udcfe/nothing.png" in capsys.readouterr().err


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, partial(os.symlink, "/dev/zero")])
def test_what_is_no_regular_file_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "p.png")
    with pytest.raises(
        ArchiveError, match=r"cannot be read .*: (it is not a regular file|Is a dir)"
    ):
        read_picture(tmp_path / "p.png")


def test_a_damaged_package_is_one_line_that_names_it(shell: Shell, tmp_path: Path) -> None:
    """Libraries that the store needs read what all installed packages say of themselves."""
    torn = tmp_path / "packages" / "torn-1.0.dist-info"
    torn.mkdir(parents=True)
    (torn / "METADATA").write_text("Metadata-Version: 2.1\nName: torn\nVersion: 1.0\n")
    (torn / "entry_points.txt").write_text("[x]\nno equals sign\n")
    done = shell("fancier show faces", PYTHONPATH=str(torn.parent))
    assert done.returncode == 1
    assert done.stderr.startswith(b"fancier: the entry points of the package 'torn' cannot be read")
    assert done.stderr.count(b"\n") == 1
