"""Every line of the documentation that begins with `fancier` does what is said of it.

The lines are typed into a terminal as they stand, block by block: each block in a folder of its
own, its lines one after another. `line` says what each leaves on the screen and on the disk; one
that nobody expects anything of fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from hub import Hub, serve
from PIL import Image
from terminal import Terminal, typed
from tiny import save

from populations import Population, population_path
from populations.exchange.recipe import read_recipe
from tui.cli import main

ROOT = Path(__file__).parents[2]
Expectation = Callable[[Terminal, Path], None]


def blocks() -> list[list[str]]:
    """Return the lines of each block of code that has some, without what is said behind them."""
    found = []
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        for block in re.findall(r"^```\w*\n(.*?)^```", file.read_text("utf-8"), re.M | re.S):
            lines = [line for line in block.splitlines() if re.match(r"fancier\b", line)]
            if lines:
                found.append([re.sub(r"\s+# .*", "", line) for line in lines])
    return found


BLOCKS = blocks()
EXPECTED: dict[str, Expectation] = {}
BEFORE: dict[str, Callable[[Path], None]] = {}
"""What a person would have done before a line."""


def line(text: str) -> Callable[[Expectation], Expectation]:
    """Say what is expected of a line."""

    def remember(expectation: Expectation) -> Expectation:
        EXPECTED[text] = expectation
        return expectation

    return remember


def test_something_is_expected_of_every_line() -> None:
    assert {line for block in BLOCKS for line in block} == EXPECTED.keys()


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: re.sub(r"\W+", "-", block[0])[:40])
def test_the_documentation_holds(block: list[str], tmp_path: Path) -> None:
    with serve() as hub:
        environ = offering(hub, tmp_path) if any("stabilityai" in line for line in block) else {}
        for text in block:
            BEFORE.get(text, lambda folder: None)(tmp_path)
            with typed(text, tmp_path, environ=environ) as terminal:
                EXPECTED[text](terminal, tmp_path)


def offering(hub: Hub, folder: Path) -> Mapping[str, str]:
    """Offer a small model on a hub of our own; returns how it is found."""
    hub.add("stabilityai/sd-turbo", save(folder / "offered", safe_serialization=True))
    return {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "NO_PROXY": "*"}


def opened(folder: Path, name: str) -> Population:
    return Population.open(population_path(folder / "home", name), write=False)


def painted(folder: Path, name: str) -> int:
    return len(opened(folder, name).kept_pictures())


def shows_the_gallery(terminal: Terminal) -> str:
    return terminal.wait_for(lambda text: re.search(r"gen(eration)? \d+/\d+", text))


def leave(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.end() == 0


def done(terminal: Terminal, status: int = 0) -> str:
    assert terminal.end() == status, terminal.text
    return terminal.printed


# The first block: a population from its first page on.


@line('fancier new faces "an old man with a white beard, line drawing"')
def new(terminal: Terminal, folder: Path) -> None:
    shows_the_gallery(terminal)
    terminal.wait_for(lambda _: painted(folder, "faces") == 12)
    terminal.press("5")
    terminal.wait_for("rated 1/12")
    leave(terminal)
    with opened(folder, "faces") as population:
        assert population.prompt == "an old man with a white beard, line drawing"
        assert population.verdicts()[0].rating == 5


@line("fancier open faces")
def resumes(terminal: Terminal, folder: Path) -> None:
    assert "0 *****" in shows_the_gallery(terminal)
    leave(terminal)


@line("fancier export faces 3 7 --to pictures")
def exports(terminal: Terminal, folder: Path) -> None:
    files = ["pictures/faces-00003.png", "pictures/faces-00007.png"]
    assert done(terminal).splitlines() == files
    with opened(folder, "faces") as population:
        assert read_recipe(folder / files[1]).genome == population.genome(7)


@line('fancier note faces 7 "this mouth"')
def notes(terminal: Terminal, folder: Path) -> None:
    assert "7" in done(terminal)
    home = ["--home", str(folder / "home")]
    assert main([*home, "export", "faces", "7", "--to", str(folder / "n")]) == 0
    assert read_recipe(folder / "n" / "faces-00007.png").note == "this mouth"


@line("fancier replay pictures/faces-00003.png")
def replays(terminal: Terminal, folder: Path) -> None:
    assert done(terminal).splitlines()[-1] == "1 of 1 identical"


@line("fancier import more pictures/*.png")
def founds_another(terminal: Terminal, folder: Path) -> None:
    assert "imported 2 as 0 to 1 of 'more'" in done(terminal)
    with opened(folder, "more") as more, opened(folder, "faces") as faces:
        assert [more.genome(i) for i in (0, 1)] == [faces.genome(i) for i in (3, 7)]


def take_a_photo(folder: Path) -> None:
    Image.radial_gradient("L").convert("RGB").save(folder / "photo.jpg")


BEFORE['fancier import faces photo.jpg --prompt "a man with a hat"'] = take_a_photo


@line('fancier import faces photo.jpg --prompt "a man with a hat"')
def begins_from_a_photo(terminal: Terminal, folder: Path) -> None:
    assert "imported 1 as 12 of 'faces'" in done(terminal)
    with opened(folder, "faces") as population:
        genome = population.genome(12)
    assert str(genome.prompt) == "a man with a hat"
    assert genome.edit is not None


@line("fancier breed faces --parents 7 --region 0.3,0.6,0.7,0.9")
def paints_a_region(terminal: Terminal, folder: Path) -> None:
    assert "bred 13 to 24" in done(terminal)
    with opened(folder, "faces") as population:
        edit = population.genome(13).edit
        assert edit is not None
        assert edit.mask is not None
        assert population.births()[13].parents == (7,)


@line("fancier breed faces --new 24")
def takes_newcomers(terminal: Terminal, folder: Path) -> None:
    assert "bred 25 to 48" in done(terminal)
    with opened(folder, "faces") as population:
        assert {population.births()[i].parents for i in range(25, 49)} == {()}


@line("fancier tree faces 7 --png family.png")
def draws_a_family(terminal: Terminal, folder: Path) -> None:
    assert done(terminal).split() == ["family.png"]
    with Image.open(folder / "family.png") as family:
        assert family.width > 128


def go_on_from_31(folder: Path) -> None:
    home = ["--home", str(folder / "home")]
    assert main([*home, "breed", "faces", "--parents", "31", "--count", "42"]) == 0
    assert main([*home, "paint", "faces", "--ids", "31,90"]) == 0


BEFORE["fancier lost faces 90 31"] = go_on_from_31


@line("fancier lost faces 90 31")
def finds_what_was_lost(terminal: Terminal, folder: Path) -> None:
    assert "The most changed from 31 to 90: 31 still had it." in done(terminal)


@line("fancier branch faces second --at 31")
def branches(terminal: Terminal, folder: Path) -> None:
    assert "branch 'second' leaves 'main' after 48" in done(terminal)


@line("fancier open faces --branch second")
def opens_the_branch(terminal: Terminal, folder: Path) -> None:
    shows_the_gallery(terminal)
    with opened(folder, "faces") as population:
        assert population.branch("second").ids()[-1] == 48
    terminal.wait_for(lambda text: re.search(r"\b25\b", text))
    leave(terminal)


@line("fancier open faces --read-only")
def looks_only(terminal: Terminal, folder: Path) -> None:
    with Population.open(population_path(folder / "home", "faces")):  # as if it were open elsewhere
        terminal.wait_for("looking only")
        leave(terminal)


@line("fancier export faces 7 90 --walk --to walk.gif")
def walks(terminal: Terminal, folder: Path) -> None:
    assert done(terminal).splitlines()[-1] == "walk.gif"
    with Image.open(folder / "walk.gif") as walk:
        assert walk.n_frames > 12


@line("fancier list")
def lists(terminal: Terminal, folder: Path) -> None:
    rows = [row.split()[:3] for row in done(terminal).splitlines()[2:]]
    assert rows == [["faces", "91", "1"], ["more", "2", "0"]]


# Without a person.


@line(
    'fancier run demo --prompt "a smiling woman with red hair and glasses" '
    "--images 96 --fitness clip"
)
def runs_until_interrupted(terminal: Terminal, folder: Path) -> None:
    terminal.wait_for("generation")
    terminal.wait_for(lambda _: painted(folder, "demo") >= 1)
    terminal.press("\x03")
    assert "interrupted: call it again to go on" in done(terminal, 130)
    assert painted(folder, "demo") >= 1


# Models of others.


@line("fancier models --get stabilityai/sd-turbo")
def downloads(terminal: Terminal, folder: Path) -> None:
    assert "stabilityai/sd-turbo" in done(terminal)
    assert list((folder / "hub").rglob("*.safetensors"))


@line("fancier models stabilityai/sd-turbo")
def tells_of_a_model(terminal: Terminal, folder: Path) -> None:
    told = done(terminal)
    for what in ("stabilityai/sd-turbo", "pipeline", "paints", "founders"):
        assert what in told


@line('fancier new cats "a cat in the rain" --model stabilityai/sd-turbo --size 512x512')
def opens_on_another_model(terminal: Terminal, folder: Path) -> None:
    shows_the_gallery(terminal)
    leave(terminal)
    with opened(folder, "cats") as population:
        assert re.fullmatch(r"stabilityai/sd-turbo@[0-9a-f]{40}", population.model)
        assert population.config["size"] == [512, 512]


@line("fancier models")
def lists_models(terminal: Terminal, folder: Path) -> None:
    told = done(terminal)
    assert re.search(r"^portraits ", told, re.M)
    assert re.search(r"^stabilityai/sd-turbo\S* .* 1 ", told, re.M)


# In a browser.


@line("fancier serve")
def serves(terminal: Terminal, folder: Path) -> None:
    text = terminal.wait_for("ctrl-c stops it")
    address = re.search(r"http://\S+", text)
    assert address is not None
    browser, pages = build_opener(HTTPCookieProcessor()), []

    def is_answered(_: str) -> bool:
        with suppress(URLError):  # it listens right after it has said so
            pages.append(browser.open(address[0], timeout=30).read().decode())
        return bool(pages)

    terminal.wait_for(is_answered)
    assert "fancier" in pages[0]
    terminal.press("\x03")
    terminal.end()
