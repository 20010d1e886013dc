"""Which protocol for real pixels is used, and that asking leaves nothing behind."""

import os
import pty
import termios
import threading

import pytest

from tui import graphics
from tui.graphics import Graphics, choose

OK = b"\x1b_Gi=31;OK\x1b\\"


@pytest.mark.parametrize(
    ("answer", "environ", "chosen"),
    [
        (OK + b"\x1b[?62;c", {}, Graphics.KITTY),
        (b"\x1b[?62;4;22c", {}, Graphics.SIXEL),
        (OK + b"\x1b[?62;4c", {"TERM_PROGRAM": "WezTerm"}, Graphics.SIXEL),
        (OK + b"\x1b[?62;c", {"KONSOLE_VERSION": "240802"}, None),
        (OK + b"\x1b[?62;c", {"TERM_PROGRAM": "WarpTerminal"}, None),
        (b"\x1b[?62;22c", {}, None),
        (b"\x1b[?4c", {}, None),
        (OK, {}, None),
        (b"", {}, None),
        (b"\x1b_Gi=31;ENOTSUP:no\x1b\\\x1b[?62c", {}, None),
    ],
)
def test_the_protocol_follows_from_the_answer(answer, environ, chosen):
    assert choose(answer, environ) is chosen


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
        os.write(outside, OK + b"\x1b[?62;c")

    before = termios.tcgetattr(inside)
    other = threading.Thread(target=answer)
    other.start()
    assert choose(graphics._ask(inside, inside), {}) is Graphics.KITTY
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
