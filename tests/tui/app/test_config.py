"""The config file, and the ways to draw without blocks."""

import re
import tomllib
from pathlib import Path

import pytest
from fake_session import FakeSession
from rich.segment import Segment
from stage import on_stage
from textual.color import Color

from evolve.errors import FancierError
from tui import keys
from tui.app.application import Fancier
from tui.app.config import SETTINGS, Config, config_file, read_config
from tui.cli import build_parser, main
from tui.drawing import terminal
from tui.drawing.blocks import Blocks
from tui.drawing.kinds import Graphics
from tui.drawing.pixels.graphics import Surface
from tui.drawing.plain import PlainFilter
from tui.screens.gallery import Gallery


@pytest.fixture
def environ(tmp_path):
    return {"FANCIER_CONFIG": str(tmp_path / "config.toml")}


def write(environ, text):
    config_file(environ).write_text(text, "utf-8")


def test_without_a_file_all_is_as_by_default(environ):
    assert read_config(environ) == Config()


def test_the_command_line_goes_before_the_environment_and_that_before_the_file(environ):
    write(environ, 'blocks = "half"\ntheme = "nord"\n[keys]\n"breed.breed" = "f5"\n')
    assert read_config(environ) == Config(blocks="half", theme="nord", keys={"breed.breed": "f5"})
    environ["FANCIER_BLOCKS"] = "sextant"
    assert read_config(environ).blocks == "sextant"
    assert read_config(environ, "ascii").blocks == "ascii"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("blocks = ", "config.toml' cannot be read"),
        ("theme = nord", r"Invalid value \(at line 1, column 9\): put texts in quotes"),
        ("ahead = true\nahead = false\n", r"\(at line 2, column 14\): set each name only once"),
        ('[keys]\n"breed.breed" = "M"\n[keys]\n', r"\(at line 3, .*: write \[keys\] only once"),
        ('blocks = "round"', "config.toml': unknown blocks 'round': use auto, kitty, iterm2, si"),
        (
            'colour = "red"',
            "sets 'colour', but there are only blocks, theme, pixels, ahead, pictures, keys",
        ),
        (
            '[keys]\n"breed.breed" = "f5,F6"',
            r"config.toml': 'breed.breed' has the unknown key 'F6': write it like b, B, f5",
        ),
        ('[keys]\n"breed.breed" = ""', "'breed.breed' has the unknown key ''"),
        ("[keys]\nx = 3", 'write keys as "breed.breed" = "f5"'),
        ('[keys]\n"breed.bred" = "B"', "unknown key 'breed.bred': 'fancier keys' lists"),
        (
            '[keys]\n"breed.breed" = "f5,M"\n"look.zoom" = "M"',
            "'M' is the key of 'breed.breed' and of 'look.zoom': change one of them",
        ),
        ('[keys]\n"rate.pin" = "?"', "'question_mark' is the key of 'rate.pin' and of 'app.help'"),
        (
            '[keys]\n"list.new" = "ctrl+p"',
            r"'ctrl\+p' is the key of 'list.new' and of 'app.palette'",
        ),
        ('theme = "mud"', "unknown theme 'mud': use one of"),
        ('pixels = "no"', "config.toml': pixels is 'no': make it true or false"),
        ("ahead = 1", "config.toml': ahead is 1: make it true or false"),
        ("pictures = 7", "config.toml': pictures is 7: make it a text in quotes"),
        ("blocks = true", "config.toml': blocks is True: make it a text in quotes"),
        ('keys = "B"', r"config.toml': keys is 'B': make it a table: \[keys\]"),
    ],
)
def test_a_file_without_sense_is_refused_in_a_line_that_names_it(environ, text, line):
    write(environ, text)
    with pytest.raises(FancierError, match=line) as caught:
        read_config(environ)
    assert "\n" not in str(caught.value)


def test_unknown_blocks_of_the_environment_are_not_blamed_on_the_file(environ):
    environ["FANCIER_BLOCKS"] = "round"
    with pytest.raises(FancierError, match=r"^\$FANCIER_BLOCKS: unknown blocks 'round': use auto"):
        read_config(environ)


def test_two_keys_may_change_places(environ):
    write(environ, '[keys]\n"breed.breed" = "m"\n"breed.mutate" = "b"\n')
    assert read_config(environ).keys == {"breed.breed": "m", "breed.mutate": "b"}


def test_the_file_of_the_guide_sets_all_there_is(environ):
    guide = Path(__file__).parents[3] / "docs/guide.md"
    (text,) = re.findall(r"```toml\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)
    write(environ, text)
    assert read_config(environ) == Config(
        blocks="half",
        theme="nord",
        pixels=False,
        ahead=False,
        pictures="~/faces",
        keys={"breed.breed": "f5"},
    )
    assert set(SETTINGS) == set(tomllib.loads(text))


@pytest.mark.parametrize(
    ("argv", "blocks"),
    [
        ([], None),
        (["--ascii"], "ascii"),
        (["open", "x", "--no-images"], "none"),
        (["--blocks", "half", "open", "x"], "half"),
        (["new", "x", "a man", "--blocks", "sextant"], "sextant"),
    ],
)
def test_what_pictures_are_made_of_is_said_on_the_command_line(argv, blocks):
    assert build_parser().parse_args(argv).blocks == blocks


@pytest.mark.parametrize(
    ("text", "argv", "ahead"),
    [
        ("", ["open", "x"], True),
        ("ahead = false", ["open", "x"], False),
        ("", ["--no-ahead"], False),
        ("ahead = true", ["open", "x", "--no-ahead"], False),
        ("", ["--no-ahead", "new", "x", "a man"], False),
    ],
)
def test_painting_ahead_is_turned_off_by_the_file_or_the_command_line(environ, text, argv, ahead):
    write(environ, text)
    assert read_config(environ, ahead=build_parser().parse_args(argv).ahead).ahead is ahead


def test_every_binding_has_a_name_of_its_own_and_is_listed(capsys):
    every = keys.everything()
    assert len({b.id for b in every}) == len(every)
    assert main(["keys"]) == 0
    printed = capsys.readouterr().out
    assert all(f'"{binding.id}"' in printed for binding in every)


async def test_keys_and_theme_are_those_of_the_file():
    session = FakeSession()
    gallery = Gallery(session, name="faces")
    app = Fancier(gallery, Config(theme="nord", keys={"rate.5": "F"}))
    async with app.run_test() as pilot:
        while session.listener is None:
            await pilot.pause()
        await pilot.press("F", "5")
        await pilot.pause()
        assert [j.value for j in session.judgements] == [5]
        assert app.theme == "nord"


async def test_ascii_draws_nothing_else():
    session = FakeSession()
    gallery = Gallery(session, name="faces", blocks=Blocks.ASCII)
    app = Fancier(gallery, Config(blocks="ascii"))
    async with app.run_test(size=(120, 36)) as pilot:
        while gallery.controller.pictures.get(11) is None:
            await pilot.pause(0.01)
        for key in ("5", "o", "question_mark", "escape", "s"):
            await pilot.press(key)
            await pilot.pause()
            strips = app.screen._compositor.render_strips()
            drawn = "".join(segment.text for strip in strips for segment in strip)
            assert drawn.isascii(), [c for c in drawn if not c.isascii()]


def test_plain_text_keeps_its_length():
    segments = PlainFilter().apply([Segment("▸ 12° — é…")], Color(0, 0, 0))
    assert segments[0].text == "> 12d ? ?~"


async def test_without_images_words_tell_of_pictures():
    async with on_stage(blocks=Blocks.NONE) as stage:
        (face, *_) = stage.gallery.query_one("Wall").faces
        assert "chance. a smiling woman" in face.words
        view = stage.gallery.query("CardView").first()
        drawn = "".join(s.text for line in view.render_lines(view.size.region) for s in line)
        assert "smiling" in drawn
        assert "▀" not in drawn


def test_where_pictures_are_saved_can_be_set(environ, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_PICTURES_DIR", str(tmp_path / "Bilder"))
    assert read_config(environ).album() == tmp_path / "Bilder" / "fancier"
    write(environ, 'pictures = "~/faces"\n')
    assert read_config(environ).album() == tmp_path / "faces"
    environ["FANCIER_PICTURES"] = "~nobody-of-that-name/x"
    assert read_config(environ).album() == Path("~nobody-of-that-name/x").absolute()
    environ["FANCIER_PICTURES"] = "/elsewhere"
    assert str(read_config(environ).album()) == "/elsewhere"


@pytest.mark.parametrize(
    ("config", "environ", "graphics", "blocks"),
    [
        (Config(), {}, Graphics.SIXEL, Blocks.OCTANT),
        (Config(), {"NO_COLOR": "1"}, None, Blocks.OCTANT),
        (Config(pixels=False), {}, None, Blocks.OCTANT),
        (Config(blocks="half"), {}, None, Blocks.HALF),
        (Config(blocks="none"), {}, None, Blocks.NONE),
        (Config(blocks="kitty"), {}, Graphics.KITTY, Blocks.OCTANT),
        (Config(blocks="iterm2"), {"NO_COLOR": "1"}, Graphics.ITERM2, Blocks.OCTANT),
    ],
)
def test_pixels_are_shown_where_there_are_any_unless_blocks_are_asked_for(
    monkeypatch, config, environ, graphics, blocks
):
    there = Surface(graphics=Graphics.SIXEL, octants=True)
    monkeypatch.setattr("tui.app.config.detect", lambda _: there)
    drawn, surface = terminal.look(config, environ := dict(environ))
    assert (drawn, surface.graphics) == (blocks, graphics)
    assert (environ.get("TEXTUAL_COLOR_SYSTEM") == "truecolor") is (graphics is not None)


def test_pixels_asked_for_pass_through_tmux(monkeypatch):
    monkeypatch.setattr("tui.app.config.detect", lambda _: Surface())
    assert Config(blocks="kitty").surface({"TMUX": "x"}).through


def test_the_console_of_linux_shows_half_blocks(monkeypatch):
    monkeypatch.setattr("tui.app.config.detect", lambda _: Surface())
    assert terminal.look(Config(), {"TERM": "linux"})[0] is Blocks.HALF
    assert terminal.look(Config(blocks="quadrant"), {"TERM": "linux"})[0] is Blocks.QUADRANT
    assert terminal.look(Config(), {"TERM": "xterm"})[0] is Blocks.QUADRANT


def test_a_terminal_that_only_prints_is_refused(monkeypatch):
    monkeypatch.setattr(terminal, "is_there", lambda _: True)
    with pytest.raises(FancierError, match="TERM='dumb': open it in another terminal"):
        terminal.need({"TERM": "dumb"})
    terminal.need({"TERM": "xterm"})
    terminal.need({"TERM": "dumb", "TEXTUAL_DRIVER": "tui.serve"})
