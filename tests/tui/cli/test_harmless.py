"""No command and no screen lets through what a terminal would obey, whoever wrote it."""

import ast
import json
import re
import shutil
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fake_session import FakeSession
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from stage import Stage, on_stage
from textual.color import Color
from textual.events import Paste
from textual.widgets import Input, Label

import tui
from evolve.errors import FancierError
from evolve.genome import Concept, Prompt
from evolve.search.individual import Origin
from evolve.session import events
from evolve.text import clean
from populations import Population
from populations.studio.new import CreateRequest, config_of
from populations.studio.opening import search_on
from tui.cli import main, output
from tui.drawing.plain import HarmlessFilter

EVIL = "a\x1b]0;owned\x07 \x1b[2J\x9b31m \x9d0;x\x9c\u202egnp\u2069 \x7f\nline\r\ttab\x00"
ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
TEXTS = st.text(st.sampled_from([*EVIL, *"\x1b\x9b\u2028\u200f\udcff", "é", "|"]), min_size=1)


def test_only_one_module_prints():
    root = Path(tui.__file__).parent
    printing = {
        file.relative_to(root).as_posix()
        for file in root.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("print", "sys.stdout.write", "sys.stderr.write")
    }
    assert printing == {
        "cli/output.py",
        "serve/served.py",
    }  # which passes on what the other has printed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(TEXTS)
def test_nothing_that_is_printed_acts(capsys: pytest.CaptureFixture[str], text: str) -> None:
    output.say(Namespace(as_json=False), {}, text)
    output.tell(text)
    output.note(text)
    output.complain(FancierError(text))
    output.table(["name", "prompt"], [[text, "b"], ["c", text]])
    printed = capsys.readouterr()
    assert not ACTING.search(printed.out + printed.err)
    output.table(["name", "prompt"], [[text, "b"], ["c", text]])
    assert len(capsys.readouterr().out.splitlines()) == 4
    output.say(Namespace(as_json=True), {"text": text}, "")
    line = capsys.readouterr().out
    assert not ACTING.search(line.removesuffix("\n"))
    assert json.loads(line) == {"text": text}


@pytest.mark.parametrize("text", ["<lora:x:1> :smile:", "[bold]hat[/bold]", "\\\\[/]"])
def test_a_table_shows_texts_as_they_are(capsys, text):
    output.table(["name", "prompt"], [["a", text]])
    assert capsys.readouterr().out.splitlines()[2].removeprefix("a").strip() == text


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a population that a stranger made, to be copied."""
    home = tmp_path_factory.mktemp("made")
    config = config_of(CreateRequest(name="faces", prompt="a woman", seed=1, page=2))
    prompt = Prompt((Concept(EVIL),), (Concept(EVIL),))
    config["prompt"] = prompt.to_json()
    founders = [
        replace(
            founder,
            genome=replace(founder.genome, prompt=prompt),
            origin=Origin("found", {"file": EVIL, EVIL: 1}),
        )
        for founder in search_on(config).ask(2)
    ]
    Population.create(home, "faces", config, rows=founders).close()
    return home


@pytest.fixture
def hostile(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a population that a stranger made."""
    monkeypatch.setenv("FANCIER_HOME", str(shutil.copytree(made, tmp_path / "home")))
    return "faces"


LINES = """
list|show faces|show faces 0|tree faces|branch faces|models|check faces|open faces --branch \x1b[1m
export faces 0 --to \x9b1m|rename faces a\u202e|import faces \x1b]0;x\x07.png|paint faces --ids \x1b
models \x1b[1m|rate faces \x9b|branch faces \x1b[1m|run \x1b --images 1|replay \x1b.png
trash --restore \x1b|new \u200f "a man"|\x1b[1m|list \x9b1m
"""


@pytest.mark.parametrize("line", LINES.strip().replace("\n", "|").split("|"))
@pytest.mark.parametrize("as_json", [False, True])
def test_no_command_lets_anything_through(hostile, line, as_json, capsys):
    words = line.split(" ")
    if as_json and words[0] == "open":
        return
    main([*words, "--json"] if as_json else words)
    printed = capsys.readouterr()
    assert printed.out + printed.err
    assert not ACTING.search(printed.out + printed.err)


def test_a_prompt_of_several_lines_has_one_row_in_the_list(hostile, capsys):
    assert main(["list"]) == 0
    heading, _, row = capsys.readouterr().out.splitlines()
    assert heading.split()[:3] == ["name", "individuals", "rated"]
    assert row.split()[:3] == ["faces", "2", "0"]


def drawn(stage: Stage) -> Iterator[str]:
    """Give all the text on the screen, as it is handed to the terminal."""
    for strip in stage.app.screen._compositor.render_strips():
        yield from (segment.text for segment in strip if not segment.control)


def session(text: str = EVIL) -> FakeSession:
    """Return a session whose population a stranger made."""
    it = FakeSession(generations=(12, 12))
    prompt = Prompt((Concept(text), Concept("b", 2.0)), (Concept(text),))
    it.archive.individuals = [
        replace(
            one,
            genome=replace(one.genome, prompt=prompt),
            origin=Origin("mutate", {"of": EVIL, EVIL: 2}),
        )
        for one in it.archive.individuals
    ]
    return it


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        ("", (160, 50)),
        ("i", (80, 24)),
        ("enter", (160, 50)),
        ("c", (80, 24)),
        ("t", (160, 50)),
        ("e", (80, 24)),
        ("w", (160, 50)),
        ("B", (80, 24)),
    ],
)
async def test_no_screen_lets_anything_through(keys, size):
    it = session()
    it.forks.append((EVIL, 5))
    async with on_stage(it, size=size, draws=True) as stage:
        await stage.press(*([keys] if keys else []))
        it.emit(events.Notice(EVIL))
        it.fail(23, EVIL)
        await stage.pilot.pause()
        lines = list(drawn(stage))
        assert any("\\x1b" in line for line in lines)
        assert not [line for line in lines if ACTING.search(line) or "\n" in line]


@pytest.mark.parametrize("key", ["e", "N", "A", "e up"])
async def test_no_field_holds_what_acts_or_cannot_be_cut(key):
    text = f"\u200d\u200d日本 {EVIL}"
    it = session(text)
    it.words, it.archive.written = text, {12: text}
    async with on_stage(it) as stage:
        await stage.press(*key.split())
        fields = [field.value for field in stage.app.screen.query(Input)]
        labels = [str(each.content) for each in stage.app.screen.query("#prompt").results(Label)]
        assert any("日本" in shown for shown in (*fields, *labels))
        assert all(clean(shown) == shown for shown in (*fields, *labels))


async def test_what_is_pasted_can_be_cut(stage):
    await stage.press("slash")
    stage.app.post_message(Paste("\u200d\u200d日本"))
    await stage.pilot.pause()
    assert stage.app.screen.query_one(Input).value == "  日本"


@given(st.lists(TEXTS))
def test_whatever_a_widget_draws_is_held_back_without_moving_the_rest(texts):
    before = [Segment(text) for text in texts]
    after = HarmlessFilter().apply(before, Color(0, 0, 0))
    assert not ACTING.search("".join(segment.text for segment in after))
    assert [s.cell_length for s in after] == [s.cell_length for s in before]
