"""A program that is changed on the disk while it is open."""

import shutil
import sys
from pathlib import Path

from places import ROOT
from terminal import typed


def test_an_app_that_misses_a_module_after_an_upgrade_ends_with_one_line(tmp_path: Path) -> None:
    program, leave_out = tmp_path / "program", shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "tui", program / "tui", ignore=leave_out)
    for package in ("evolve", "populations"):
        (program / package).symlink_to(ROOT / package)
    line = f"{sys.executable} -c 'from tui.cli import program; program()'"
    with typed(line, tmp_path, environ={"PYTHONPATH": str(program)}) as terminal:
        terminal.wait_for("n new")
        for module in (program / "tui").rglob("*.py"):
            module.unlink()
        terminal.press("?")
        assert terminal.end() == 1
        assert "fancier: the program was changed on the disk" in terminal.printed
