"""Every line of the documentation that begins with `fancier` does what is said of it.

The lines are typed into a terminal as they stand, one after another, those of each story in one
folder. `line` sets what each leaves on the screen and on the disk; one that nobody expects
anything of fails. Commands within a sentence or a table are parsed.
"""

import re
import shlex
import time
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
from tui.cli import catalogue, main
from tui.cli.command_line import build_parser

ROOT = Path(__file__).parents[2]
Expectation = Callable[[Terminal, Path], None]


DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
STORIES = (("README.md", "guide.md"), ("models.md",), ("terminal.md",))
"""Documents of which the lines follow upon each other, in one folder."""


def lines(name: str) -> list[str]:
    """Return the command lines in a document's blocks of code, without their comments."""
    (file,) = (document for document in DOCUMENTS if document.name == name)
    blocks = re.findall(r"^```\w*\n(.*?)^```", file.read_text("utf-8"), re.M | re.S)
    commands = (text for block in blocks for text in block.splitlines() if text[:8] == "fancier ")
    return [re.sub(r"\s+# .*", "", text) for text in commands]


EXPECTED: dict[str, Expectation] = {}


def line(text: str) -> Callable[[Expectation], Expectation]:
    """Set what is expected of a line."""

    def remember(expectation: Expectation) -> Expectation:
        EXPECTED[text] = expectation
        return expectation

    return remember


def test_something_is_expected_of_every_line() -> None:
    written = [text for document in DOCUMENTS for text in lines(document.name)]
    assert sorted(written) == sorted(EXPECTED)
    assert {document.name for document in DOCUMENTS if lines(document.name)} == {
        name for story in STORIES for name in story
    }


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story[0])
def test_the_documentation_holds(story: tuple[str, ...], tmp_path: Path) -> None:
    with serve() as hub:
        environ = offering(hub, tmp_path) if story == ("models.md",) else {}
        for text in (text for name in story for text in lines(name)):
            with typed(text, tmp_path, size=(80, 24), environ=environ) as terminal:
                EXPECTED[text](terminal, tmp_path)


def test_every_command_within_a_sentence_is_one() -> None:
    for document in DOCUMENTS:
        text = re.sub(r"^```.*?^```", "", document.read_text("utf-8"), flags=re.M | re.S)
        for command in re.findall(r"`fancier ([^`]+)`", text):
            name, *options = shlex.split(command)
            assert name in {*catalogue.names(), "COMMAND"}, f"fancier {command} in {document.name}"
            if options and name != "COMMAND":
                build_parser().parse_args([name, *options])


def offering(hub: Hub, folder: Path) -> Mapping[str, str]:
    """Offer a small model on a hub of our own; returns how it is found."""
    hub.add("stabilityai/sd-turbo", save(folder / "offered", safe_serialization=True))
    return {"HF_ENDPOINT": hub.url, "HF_HUB_OFFLINE": "0", "NO_PROXY": "*"}


def opened(folder: Path, name: str) -> Population:
    return Population.open(population_path(folder / "home", name), write=False)


def painted(folder: Path, name: str) -> int:
    return len(opened(folder, name).kept_pictures())


def paints(terminal: Terminal, folder: Path, name: str, count: int) -> None:
    """Wait until so many pictures are saved; looking costs time that painting needs."""
    looks = 0.0

    def enough(_: str) -> bool:
        nonlocal looks
        if time.monotonic() < looks + 0.2:
            return False
        looks = time.monotonic()
        return painted(folder, name) >= count

    terminal.wait_for(enough)


def shows_the_gallery(terminal: Terminal) -> str:
    return terminal.wait_for(lambda text: re.search(r"gen(eration)? \d+/\d+", text))


def leave(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.end() == 0


def done(terminal: Terminal, status: int = 0) -> str:
    assert terminal.end() == status, terminal.text
    return terminal.printed


# The README: a population from its first page on.


@line('fancier new faces "an old man with a white beard, ink drawing"')
def new(terminal: Terminal, folder: Path) -> None:
    shows_the_gallery(terminal)
    paints(terminal, folder, "faces", 12)
    terminal.press("5")
    terminal.wait_for("judged 1/12")
    leave(terminal)
    with opened(folder, "faces") as population:
        assert population.prompt == "an old man with a white beard, ink drawing"
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


@line("fancier replay pictures/faces-00003.png")
def replays(terminal: Terminal, folder: Path) -> None:
    assert done(terminal).splitlines()[-1] == "1 of 1 identical"


@line(
    'fancier run demo --prompt "a smiling woman with red hair and glasses, hand drawn" '
    "--images 96 --fitness words"
)
def runs_until_interrupted(terminal: Terminal, folder: Path) -> None:
    terminal.wait_for("generation")
    paints(terminal, folder, "demo", 1)
    terminal.press("\x03")
    assert "interrupted: run the same command to continue" in done(terminal, 130)
    assert painted(folder, "demo") >= 1


# The guide.


@line('fancier note faces 7 "this mouth"')
def notes(terminal: Terminal, folder: Path) -> None:
    assert "7" in done(terminal)
    home = ["--home", str(folder / "home")]
    assert main([*home, "export", "faces", "7", "--to", str(folder / "n")]) == 0
    assert read_recipe(folder / "n" / "faces-00007.png").note == "this mouth"


@line("fancier import more pictures/*.png")
def founds_another(terminal: Terminal, folder: Path) -> None:
    assert "imported 2 pictures as #0 and #1 of 'more' (branch main)" in done(terminal)
    with opened(folder, "more") as more, opened(folder, "faces") as faces:
        assert [more.genome(i) for i in (0, 1)] == [faces.genome(i) for i in (3, 7)]


@line("fancier breed faces --parents 7")
def makes_children(terminal: Terminal, folder: Path) -> None:
    assert "bred #12 to #23 in branch 'main'" in done(terminal)
    with opened(folder, "faces") as population:
        assert {population.births()[i].parents for i in range(12, 24)} == {(7,)}


@line("fancier tree faces 7 --png family.png")
def draws_a_family(terminal: Terminal, folder: Path) -> None:
    assert done(terminal).split() == ["family.png"]
    with Image.open(folder / "family.png") as family:
        assert family.width > 128


@line("fancier branch faces second --at 3")
def branches(terminal: Terminal, folder: Path) -> None:
    assert "created branch 'second' from 'main' after 11" in done(terminal)


@line("fancier list")
def lists(terminal: Terminal, folder: Path) -> None:
    rows = [row.split()[:3] for row in done(terminal).splitlines()[2:]]
    assert ["faces", "24", "1"] in rows
    assert ["more", "2", "0"] in rows


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


@line('fancier new dogs "a dog in the snow" --model stabilityai/sd-turbo --variety 0.3')
def varies(terminal: Terminal, folder: Path) -> None:
    shows_the_gallery(terminal)
    leave(terminal)
    with opened(folder, "dogs") as population:
        assert population.config["settings"]["variety"] == pytest.approx(0.3)
        assert population.genome(0).settings.variety == pytest.approx(0.3)


@line("fancier models")
def lists_models(terminal: Terminal, folder: Path) -> None:
    told = done(terminal)
    assert re.search(r"^portraits ", told, re.M)
    assert re.search(r"^stabilityai/sd-turbo\S* .* 1 ", told, re.M)


@line("fancier model cats")
def names_the_model_of_a_population(terminal: Terminal, folder: Path) -> None:
    name, state = done(terminal).splitlines()[-2:]
    assert re.fullmatch(r"stabilityai/sd-turbo@[0-9a-f]{40}", name)
    assert state in ("its files are those that painted picture 0", "it has painted nothing yet")


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
