"""Pressing Tab completes commands, and the names of populations, branches and models."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from places import ROOT
from terminal import surroundings, typed

from populations import create_population

Ask = Callable[..., list[str]]
HEAVY = ("torch", "zarr", "textual", "diffusers", "transformers", "rich")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two populations and one in the trash, and a model of the hub."""
    folder = tmp_path_factory.mktemp("completion")
    home = folder / "home"
    for name in ("faces", "two words"):
        with create_population(name, "a woman", home=home, seed=1, page=1) as studio:
            studio.population.fork("the other", at=0)
            studio.population.fork("$(touch owned)", at=0)
    shutil.copytree(home / "faces", home / ".trash" / "1 old", dirs_exist_ok=True)
    model = folder / "hub/hub/models--owner--sketches/snapshots" / ("a" * 40)
    model.mkdir(parents=True)
    (model / "model_index.json").write_text("{}")
    (folder / "castle.png").touch()
    return folder


@pytest.fixture
def ask(folder: Path, tmp_path: Path) -> Ask:
    """Ask for what can follow a line, as a shell does; whatever is printed is an error."""

    def offered(line: str, shell: str = "bash") -> list[str]:
        asked = {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_SHELL": shell,
            "_ARGCOMPLETE_COMP_WORDBREAKS": "\"'><=;|&(:",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(tmp_path / "answer"),
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
            "PYTHONPATH": str(ROOT),
        }
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "tui.cli"],
            cwd=folder,
            env=surroundings(folder, asked),
            capture_output=True,
            text=True,
            check=False,
        )
        printed = [line for line in done.stderr.splitlines() if "import time:" not in line]
        assert (printed, done.stdout) == ([], "")
        loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
        assert not {name.partition(".")[0] for name in loaded} & set(HEAVY)
        candidates = (tmp_path / "answer").read_text("utf-8")
        return [word.strip(" ") for word in candidates.split("\v") if word]

    return offered


@pytest.mark.parametrize(
    ("line", "candidates"),
    [
        ("fancier sho", ["show"]),
        ("fancier new a b --sampler d", ["dpm++", "deis"]),
        ("fancier show ", ["faces", "two\\ words"]),
        ("fancier show 'tw", ["two words"]),
        ("fancier show faces --bra", ["--branch"]),
        ("fancier show faces --branch ", ["main", "the\\ other", "\\$\\(touch\\ owned\\)"]),
        ("fancier show two\\ words --branch=t", ["the\\ other"]),
        ("fancier open faces --branch m", ["main"]),
        ("fancier new more 'a cat' --taste-of fa", ["faces"]),
        ("fancier --home elsewhere show ", []),
        ("fancier show missing --branch ", []),
        ("fancier run faces --model ", ["portraits", "owner/sketches"]),
        ("fancier models o", ["owner/sketches"]),
        ("fancier model faces --is o", ["owner/sketches"]),
        ("fancier import faces ca", ["castle.png"]),
        ("fancier run faces --keep b", ["best"]),
        ("fancier run faces --fitness w", ["words", "words+clip", "words,clip"]),
        ("fancier new ", []),
        ("fancier show 'unclosed --branch ", []),
    ],
)
def test_what_can_follow_is_offered_and_nothing_heavy_is_loaded(
    ask: Ask, line: str, candidates: list[str]
) -> None:
    assert ask(line) == candidates


def test_names_in_a_damaged_population_are_not_offered_and_nothing_is_printed(
    folder: Path, ask: Ask
) -> None:
    broken = folder / "home" / "broken" / "population.zarr"
    broken.mkdir(parents=True)
    (broken / "zarr.json").write_text("{")
    try:
        assert ask("fancier show br") == ["broken"]
        assert ask("fancier show broken --branch ") == []
    finally:
        shutil.rmtree(broken.parent)


def test_zsh_shows_what_the_commands_do(ask: Ask) -> None:
    assert "rate:rate pictures from a script" in ask("fancier r", shell="zsh")


@pytest.mark.parametrize("shell", ["bash --norc --noprofile -i", "zsh -f -i"])
def test_tab_completes_in_a_shell(folder: Path, shell: str) -> None:
    name = shell.split()[0]
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    start = "autoload -U compinit; compinit -u -D; " if name == "zsh" else ""
    with typed(shell, folder, environ={"PS1": "> "}) as terminal:
        terminal.wait_for(">")
        terminal.press(f'{start}eval "$(fancier completion {name})"; echo re"ady"\r')
        terminal.wait_for(lambda text: text.endswith("\nready\n>"))
        terminal.press("fancier sho\t")
        terminal.wait_for("fancier show")
        terminal.press("tw\t")
        terminal.wait_for("fancier show two\\ words")
        terminal.press("--branch ma\t")
        terminal.wait_for("--branch main")
        terminal.press("\x03")
        assert "Traceback" not in terminal.text
    assert not (folder / "owned").exists()
