"""Every command that opens the app opens it in a terminal, and leaves it again."""

from pathlib import Path

import pytest
from terminal import typed

from populations import create_population


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("original")
    with create_population("faces", "a woman", home=home, seed=1, page=4) as studio:
        studio.population.fork("second", at=2)
    return home


@pytest.fixture
def folder(home: Path) -> Path:
    """A folder with a population that has a second branch, and no picture yet."""
    return home.parent


@pytest.mark.parametrize(
    ("line", "size", "shown"),
    [
        ("fancier open faces", (160, 50), "generation 1/1"),
        ("fancier open faces --branch second", (80, 24), "gen 1/1"),
        ("fancier open faces --read-only", (80, 24), "gen 1/1"),
        ("fancier open faces --as-of 1", (120, 36), "as it was at commit 1"),
        ("fancier new other 'a man' --no-images --page 4", (80, 24), "gen 1/1"),
    ],
)
def test_a_population_opens(folder: Path, line: str, size: tuple[int, int], shown: str) -> None:
    with typed(line, folder, size=size) as terminal:
        terminal.wait_for(shown)
        terminal.press("q")
        assert terminal.end() == 0


def test_the_list_opens(folder: Path) -> None:
    with typed("fancier", folder, size=(80, 24)) as terminal:
        terminal.wait_for("faces")
        terminal.press("q")
        assert terminal.end() == 0


def test_a_population_that_is_not_there_is_one_line(folder: Path) -> None:
    with typed("fancier open nobody", folder) as terminal:
        assert terminal.end() == 1
        assert terminal.text.startswith("fancier: no population named 'nobody'")
        assert terminal.printed.count("\n") == 1


def test_keys_pressed_while_it_starts_are_meant_for_it(folder: Path) -> None:
    with typed("fancier open faces", folder, size=(80, 24)) as terminal:
        terminal.press("l\r")
        terminal.wait_for("picture 2 of 4")
        terminal.press("q")
        terminal.wait_for(lambda text: "picture 2 of 4" not in text and "gen 1/1" in text)
        terminal.press("q")
        assert terminal.end() == 0
