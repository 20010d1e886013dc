"""Which protocol for real pixels is used, and that asking leaves nothing behind."""

import os
import pty
import termios
import threading

import pytest

from tui.drawing.kinds import Graphics
from tui.drawing.pixels import graphics
from tui.drawing.pixels.graphics import Surface, read

QUESTIONS = graphics._KITTY + graphics._VERSION + graphics._CELL + graphics._ATTRIBUTES

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
        (NAMED % b"iTerm2 3.5.10" + b"\x1b[?62;4c", Graphics.ITERM2),
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
    assert read(answer).graphics is chosen


@pytest.mark.parametrize(
    ("name", "has"),
    [
        (b"kitty(0.39.1)", False),
        (b"kitty(0.40.0)", True),
        (b"ghostty 1.1.3", False),
        (b"ghostty 1.2.0", True),
        (b"foot(1.19.0)", False),
        (b"foot(1.20.1)", True),
        (b"VTE(7600)", False),
        (b"VTE(7802)", True),
        (b"XTerm(379)", False),
        (b"", False),
    ],
)
def test_octants_are_drawn_by_terminals_that_know_them_without_a_font(name, has):
    assert read(NAMED % name + b"\x1b[?62;c").octants is has


def test_the_size_of_a_cell_and_the_number_of_colours_are_read():
    surface = read(b"\x1b[6;17;8t\x1b[?1;0;16S\x1b[?62;4c")
    assert (surface.cell, surface.registers) == ((8, 17), 16)
    assert read(b"\x1b[6;0;0t\x1b[?62;4c").cell == (10, 20)


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
    assert read(graphics._ask(inside, inside, QUESTIONS)).graphics is Graphics.KITTY
    other.join()
    assert termios.tcgetattr(inside) == before


def test_a_silent_terminal_costs_a_moment_and_is_left_as_it_was(terminal, monkeypatch):
    monkeypatch.setattr(graphics, "PATIENCE", 0.05)
    inside, _ = terminal
    before = termios.tcgetattr(inside)
    assert graphics._ask(inside, inside, QUESTIONS) == b""
    assert termios.tcgetattr(inside) == before


@pytest.mark.parametrize("typed", [b"l3", b"\x1b[A\x1b[5~", b"\r", b"\x1b", "ü".encode()])
def test_what_is_typed_among_the_answers_is_kept(typed):
    answers = NAMED % b"kitty(0.40.0)" + OK + b"\x1b[6;17;8t\x1b[?1;0;16S\x1b[?62;4c"
    assert graphics._ANSWERS.sub(b"", typed + answers) == typed
    assert graphics._ANSWERS.sub(b"", answers + typed) == typed


@pytest.mark.parametrize("environ", [{"TEXTUAL_DRIVER": "web"}, {}])
def test_nothing_is_asked_in_a_browser_or_without_a_terminal(environ, monkeypatch):
    monkeypatch.setattr(graphics, "_ask", lambda *_: pytest.fail("asked"))
    assert graphics.detect(environ) == Surface()


class Inside:
    """A standard stream that is a terminal."""

    def isatty(self):
        return True

    def fileno(self):
        return -1


@pytest.fixture
def in_tmux(monkeypatch, tmp_path):
    """Stand in for tmux, which says this of itself, around a terminal without graphics."""

    def stand_in(name, passes):
        tmux = tmp_path / "tmux"
        tmux.write_text(f"#!/bin/sh\necho '{name}'\necho '{passes}'\n")
        tmux.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
        for stream in ("stdin", "stdout"):  # here: pytest changes them after its fixtures
            monkeypatch.setattr(graphics.sys, stream, Inside())

    monkeypatch.setattr(graphics, "PATIENCE", 10)
    monkeypatch.setattr(graphics, "_ask", lambda *_: NAMED % b"tmux 3.4" + b"\x1b[?62;c")
    monkeypatch.setattr(graphics, "_cell", lambda _: None)
    return stand_in


@pytest.mark.parametrize(
    ("name", "passes", "chosen"),
    [
        ("kitty(0.40.0)", "on", Graphics.KITTY),
        ("ghostty 1.2.0", "all", Graphics.KITTY),
        ("kitty(0.40.0)", "off", None),
        ("XTerm(379)", "on", None),
        ("", "", None),
    ],
)
def test_tmux_says_what_is_outside_and_whether_it_lets_pictures_through(
    in_tmux, name, passes, chosen
):
    in_tmux(name, passes)
    surface = graphics.detect({"TMUX": "x"})
    assert surface.graphics is chosen
    assert surface.octants is (name in ("kitty(0.40.0)", "ghostty 1.2.0"))
    assert chosen is None or surface.through


def test_tmux_that_is_not_there_or_hangs_is_no_trouble(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert graphics._outside() == Surface()


def test_over_ssh_iterm_is_known_by_its_environment(monkeypatch):
    for stream in ("stdin", "stdout"):
        monkeypatch.setattr(graphics.sys, stream, Inside())
    monkeypatch.setattr(graphics, "_ask", lambda *_: b"\x1b[?62;4c")
    monkeypatch.setattr(graphics, "_cell", lambda _: None)
    assert graphics.detect({"LC_TERMINAL": "iTerm2"}).graphics is Graphics.ITERM2
