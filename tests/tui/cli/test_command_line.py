"""What is so of every command: it starts quickly, and output that is lost is no success."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def test_the_command_line_loads_nothing_heavy() -> None:
    code = (
        "import sys; from tui.cli import build_parser; build_parser().format_help(); "
        "print(sorted({'torch', 'zarr', 'textual', 'numpy', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it takes a disk that is always full")
@pytest.mark.parametrize(
    ("words", "unbuffered"), [("list --json", ""), ("--help", ""), ("--help", "1")]
)
def test_output_that_cannot_be_written_is_no_success(
    tmp_path: Path, words: str, unbuffered: str
) -> None:
    line = [sys.executable, "-m", "tui.cli", *words.split()]
    env = {**os.environ, "FANCIER_HOME": str(tmp_path), "PYTHONUNBUFFERED": unbuffered}
    with open("/dev/full", "w") as full:
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, text=True, env=env)
    assert done.returncode == 1
    assert done.stderr == "fancier: could not finish: No space left on device\n"
