"""What commands write, and what they return where it is lost."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evolve import installed_packages
from tui.cli import main, output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it takes a disk that is always full")
@pytest.mark.parametrize(
    ("words", "unbuffered"), [("list --json", ""), ("--help", ""), ("--help", "1")]
)
def test_output_that_cannot_be_written_is_no_success(tmp_path, words, unbuffered):
    line = [sys.executable, "-m", "tui.cli", *words.split()]
    env = {**os.environ, "FANCIER_HOME": str(tmp_path), "PYTHONUNBUFFERED": unbuffered}
    with open("/dev/full", "w") as full:
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, text=True, env=env)
    assert done.returncode == 1
    assert done.stderr == "fancier: could not finish: No space left on device\n"


def test_a_checkout_that_is_not_installed_has_no_version_and_works(monkeypatch, capsys):
    def missing(name: str) -> str:
        raise installed_packages.PackageNotFoundError(name)

    monkeypatch.setattr(installed_packages, "version", missing)
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "fancier (not installed)\n"


@pytest.mark.parametrize("terminal", [True, False])
def test_what_takes_a_while_is_named_where_a_person_looks(terminal, monkeypatch):
    stderr = io.StringIO()
    monkeypatch.setattr(stderr, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("TERM", "xterm")
    with output.busy("reading the pictures"):
        pass
    with output.counting("painting") as show:
        show(1, 2)
    drawn = stderr.getvalue()
    assert ("reading the pictures" in drawn) == ("painting" in drawn) == terminal
    assert terminal or not drawn


def test_what_takes_a_while_is_drawn_in_the_letters_of_the_terminal(monkeypatch):
    drawn = io.BytesIO()
    stderr = io.TextIOWrapper(drawn, "latin-1", errors="strict", write_through=True)
    monkeypatch.setattr(stderr, "isatty", lambda: True, raising=False)
    for name in ("stderr", "__stderr__"):
        monkeypatch.setattr(sys, name, stderr)
    monkeypatch.setenv("TERM", "xterm")
    with output.busy("reading the pictures"):
        pass
    with output.counting("painting") as show:
        show(1, 2)
    assert b"reading the pictures" in drawn.getvalue()
    assert b"painting" in drawn.getvalue()
