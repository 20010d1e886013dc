"""Which protocol for real pixels is used, and that asking leaves nothing behind."""

import importlib
import os
import pty
import re
import termios
import threading

import numpy as np
import pytest
from PIL import Image

from tui import graphics
from tui.graphics import Graphics, choose

OK = b"\x1b_Gi=31;OK\x1b\\"


NAMED = b"\x1bP>|%s\x1b\\"


@pytest.mark.parametrize(
    ("answer", "chosen"),
    [
        (OK + NAMED % b"kitty(0.35.2)" + b"\x1b[?62;c", Graphics.KITTY),
        (OK + NAMED % b"kitty(0.28.0)" + b"\x1b[?62;c", Graphics.KITTY),
        (OK + NAMED % b"ghostty 1.1.0" + b"\x1b[?62;c", Graphics.KITTY),
        (OK + NAMED % b"kitty(0.26.5)" + b"\x1b[?62;c", None),
        (OK + NAMED % b"Konsole 24.08" + b"\x1b[?62;c", None),
        (OK + NAMED % b"WezTerm 2024" + b"\x1b[?62;4c", Graphics.SIXEL),
        (OK + b"\x1b[?62;c", None),
        (NAMED % b"kitty(0.35.2)" + b"\x1b[?62;c", None),
        (b"\x1b[?62;4;22c", Graphics.SIXEL),
        (b"\x1b[?62;22c", None),
        (b"\x1b[?4c", None),
        (OK, None),
        (b"", None),
    ],
)
def test_the_protocol_follows_from_the_answer(answer, chosen):
    assert choose(answer) is chosen


@pytest.fixture
def terminal():
    """A terminal's two ends: what the program has, and what the terminal has."""
    outside, inside = pty.openpty()
    yield inside, outside
    os.close(inside)
    os.close(outside)


def test_asking_ends_with_the_answer_that_every_terminal_gives(terminal):
    inside, outside = terminal

    def answer():
        asked = b""
        while not asked.endswith(b"\x1b[c"):
            asked += os.read(outside, 1024)
        os.write(outside, NAMED % b"kitty(0.40.0)" + OK + b"\x1b[?62;c")

    before = termios.tcgetattr(inside)
    other = threading.Thread(target=answer)
    other.start()
    assert choose(graphics._ask(inside, inside)) is Graphics.KITTY
    other.join()
    assert termios.tcgetattr(inside) == before


def test_a_silent_terminal_costs_a_moment_and_is_left_as_it_was(terminal, monkeypatch):
    monkeypatch.setattr(graphics, "PATIENCE", 0.05)
    inside, _ = terminal
    before = termios.tcgetattr(inside)
    assert graphics._ask(inside, inside) == b""
    assert termios.tcgetattr(inside) == before


@pytest.mark.parametrize("environ", [{"TMUX": "x"}, {"TEXTUAL_DRIVER": "web"}, {}])
def test_nothing_is_asked_in_tmux_in_a_browser_or_without_a_terminal(environ, monkeypatch):
    monkeypatch.setattr(graphics, "_ask", lambda *_: pytest.fail("asked"))
    assert graphics.detect(environ) is None


def test_colours_are_told_before_the_first_is_used():
    pytest.importorskip("textual_image")
    from tui.widgets.real import colours_first

    told = '\x1bP0;0;0q"1;1;4;12#0;2;9;9;9!4~-#1;2;1;2;3!4~#0~-\x1b\\'
    first = '\x1bP0;0;0q"1;1;4;12#0;2;9;9;9#1;2;1;2;3#0!4~-#1!4~#0~-\x1b\\'
    assert colours_first(told) == first


def test_sixels_are_made_with_their_colours_first():
    sixel = pytest.importorskip("textual_image.widget.sixel")
    importlib.import_module("tui.widgets.real")
    pixels = np.arange(48 * 48 * 3, dtype=np.uint8).reshape(48, 48, 3)
    made = sixel.image_to_sixels(Image.fromarray(pixels))
    colour = r"#\d+;2;\d+;\d+;\d+"
    assert re.fullmatch(rf'\x1bP[\d;]*q"[\d;]*({colour})+((?!{colour}).)+', made, re.DOTALL)
