"""A home with a population, made once, and commands that are run there."""

import contextlib
import io
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import commanding
import pytest

from tui.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FANCIER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home, to be copied."""
    home = tmp_path_factory.mktemp("made") / "home"
    new = ["new", "faces", "a smiling woman", "--seed", "7", "--no-open"]
    with contextlib.redirect_stdout(io.StringIO()):
        assert main(["--home", str(home), *new]) == 0
    return home


@pytest.fixture
def faces(made: Path, home: Path) -> str:
    shutil.copytree(made, home)
    return "faces"


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    return partial(commanding.answer, capsys)


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    return partial(commanding.refusal, capsys)
