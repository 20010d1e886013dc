"""Commands whose reader has gone (`fancier keys | head`) end quietly, all with the same status."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from populations import Population, population_path
from populations.studio.new import CreateRequest, config_of
from populations.studio.opening import search_on
from tui.cli import main


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    config = config_of(CreateRequest(name="faces", prompt="a woman", seed=1, page=2))
    Population.create(home, "faces", config, rows=search_on(config).ask(2)).close()
    return home


@pytest.fixture
def home(shared_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FANCIER_HOME", str(shared_home))
    return shared_home


def status_unread(line: str, *, at_once: bool = False) -> int:
    """Run a command whose stdout is a pipe with the other end closed; return its status."""
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as stream, open(os.devnull, "wb") as nowhere:
        stream.reconfigure(write_through=at_once)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdout", stream)
            status = main(line.split())
        os.dup2(nowhere.fileno(), writer)  # for what is left in the buffer
    return status


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "line",
    [
        "--help",
        "--version",
        "run --help",
        "completion bash",
        "keys",
        "models",
        "models portraits",
        "list",
        "list --json",
        "show faces",
        "show faces 1",
        "tree faces",
        "check faces",
        "trash",
        "rate faces 1=5",
        "note faces 0 nice",
        "copy faces others",
        "new more woman --no-open --page 2",
    ],
)
def test_it_ends_quietly(capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert status_unread(line) == 141
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("line", ["keys", "list", "show faces"])
def test_it_ends_quietly_in_the_middle_too(capsys: pytest.CaptureFixture[str], line: str) -> None:
    assert status_unread(line, at_once=True) == 141
    assert capsys.readouterr().err == ""


def test_what_was_asked_for_is_done(home):
    assert status_unread("rate faces 1=5") == 141
    with Population.open(population_path(home, "faces"), write=False) as population:
        assert population.verdicts()[1].rating == 5


def test_the_program_itself_does_so(home):
    reader, writer = os.pipe()
    os.close(reader)
    line = [sys.executable, "-m", "tui.cli", "list"]
    done = subprocess.run(line, stdout=writer, stderr=subprocess.PIPE, text=True, env=os.environ)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")
