"""A place is found in a minute: no module is long, and no folder is full."""

from pathlib import Path

import pytest
from places import ROOT

LINES, FILES = 400, 20
"""At most: what a module and a folder that holds modules may have."""
MODULES = sorted(
    file
    for part in ("evolve", "populations", "tui", "tests", "benchmarks")
    for file in (ROOT / part).rglob("*.py")
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lengths(modules: list[Path], most: int) -> dict[str, int]:
    """Return how many lines each module has that has more than `most`."""
    lines = {name(module): len(module.read_text("utf-8").splitlines()) for module in modules}
    return {module: count for module, count in lines.items() if count > most}


def fullness(modules: list[Path], most: int) -> dict[str, int]:
    """Return how many files each folder of modules holds that holds more than `most`."""
    folders = {module.parent for module in modules}
    files = {name(each): sum(file.is_file() for file in each.iterdir()) for each in folders}
    return {folder: count for folder, count in files.items() if count > most}


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    assert len(MODULES) > 500
    assert lengths(MODULES, LINES) == {}


def test_no_folder_holds_more_than_can_be_looked_over() -> None:
    assert fullness(MODULES, FILES) == {}


@pytest.mark.parametrize("find", [lengths, fullness])
def test_what_is_too_long_or_too_full_is_found(find) -> None:
    assert len(find(MODULES, 1)) > 10
