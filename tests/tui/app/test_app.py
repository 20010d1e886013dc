"""The ways into the app, and what they may not do."""

import gc
import inspect
import os
import subprocess
import sys
import weakref

import pytest
from fake_session import FakeSession
from places import HELPERS
from shelf import Shelf
from stage import on_stage
from textual import events as keyboard
from textual.strip import Strip

from evolve.session import events
from populations.studio.showing.saved_session import SavedSession
from populations.studio.showing.saved_shelf import SavedShelf
from populations.studio.showing.viewing import Viewing
from tui.app import start
from tui.app.application import Fancier
from tui.app.config import Config
from tui.drawing import terminal
from tui.widgets.pictures.wall import CardView


def test_importing_the_app_loads_nothing_heavy():
    code = (
        "import sys, tui, tui.app; assert 'textual' not in sys.modules; "
        "import tui.app.application; "
        "print(sorted({'torch', 'zarr', 'diffusers', 'transformers'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def asked_of(fake):
    return {n for n in vars(fake) if n[0] != "_" and callable(getattr(fake, n))}


@pytest.mark.parametrize(
    ("fake", "real", "own"),
    [
        (FakeSession, SavedSession, {"emit", "step", "sketch", "finish", "fail", "release"}),
        (Shelf, SavedShelf, set()),
    ],
)
def test_fakes_have_nothing_that_what_they_stand_for_lacks(fake, real, own):
    assert asked_of(fake) - set(dir(real)) == own


@pytest.mark.parametrize(
    ("fake", "real"), [(FakeSession, SavedSession), (FakeSession, Viewing), (Shelf, SavedShelf)]
)
def test_fakes_are_asked_as_what_they_stand_for(fake, real):
    def asked(method):
        return [(each.name, each.kind) for each in inspect.signature(method).parameters.values()]

    both = asked_of(fake) & set(dir(real))
    assert len(both) > 5
    for name in both:
        assert asked(getattr(fake, name)) == asked(getattr(real, name)), name


def test_tmux_is_given_true_colours():
    environ = {"TMUX": "/tmp/x"}
    terminal.prepare(environ)
    assert environ["TEXTUAL_COLOR_SYSTEM"] == "truecolor"


@pytest.mark.parametrize(
    "environ", [{}, {"TMUX": "x", "NO_COLOR": "1"}, {"TMUX": "x", "TEXTUAL_COLOR_SYSTEM": "256"}]
)
def test_colours_are_left_alone_elsewhere(environ):
    before = environ.get("TEXTUAL_COLOR_SYSTEM")
    terminal.prepare(environ)
    assert environ.get("TEXTUAL_COLOR_SYSTEM") == before


@pytest.fixture
def session(monkeypatch):
    """A session whose gallery is run without a terminal and left with q."""
    it = FakeSession()
    run = Fancier.run

    async def leave(pilot):
        while it.listener is None:
            await pilot.pause(0.01)
        for event in it.last_words:
            it.emit(event)
        await pilot.press("q")

    it.last_words = []
    monkeypatch.setattr(Fancier, "run", lambda self: run(self, headless=True, auto_pilot=leave))
    monkeypatch.setattr(terminal, "is_there", lambda _: True)
    return it


def test_run_gallery_closes_the_session_and_returns_0(session):
    assert start.run_gallery(session, "faces", Config()) == 0
    assert session.closed == 1


def test_run_gallery_reports_a_session_that_broke(session, capsys):
    session.last_words = [events.Stopped("the disk is full: free some space")]
    assert start.run_gallery(session, "faces", Config()) == 1
    assert "fancier: the disk is full: free some space\n" in capsys.readouterr().err
    assert session.closed == 1


async def test_no_color_turns_pictures_grey(monkeypatch):
    shown = []
    for _ in range(2):
        async with on_stage() as stage:
            thumb = stage.gallery.query(CardView).first()
            strip = thumb.render_lines(thumb.size.region)[0]
            colours = {s.style.bgcolor.triplet for s in strip if s.style}
            shown.append(all(c.red == c.green == c.blue for c in colours))
        monkeypatch.setenv("NO_COLOR", "1")
    assert shown == [False, True]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_losing_the_terminal_ends_the_app_with_everything_saved():
    # In a process of its own: libraries that other tests load do not all bear a signal.
    code = (
        "import asyncio, os, signal, sys\n"
        "sys.path[:0] = [sys.argv[1], sys.argv[1] + '/../evolve']\n"
        "from stage import on_stage\n"
        "async def main():\n"
        "    async with on_stage() as stage:\n"
        "        os.kill(os.getpid(), signal.SIGHUP)\n"
        "        await stage.until(lambda: stage.app.return_value == 128 + signal.SIGHUP)\n"
        "    print(stage.session.closed)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(HELPERS / "tui")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "1"


async def test_ctrl_z_suspends_the_app_from_anywhere(monkeypatch):
    suspended = []
    monkeypatch.setattr(Fancier, "action_suspend_process", lambda self: suspended.append(self))
    async with on_stage() as stage:
        await stage.press("ctrl+z", "w", "ctrl+z")
        assert suspended == [stage.app] * 2


async def test_closed_screens_leave_nothing_behind():
    def lines():
        gc.collect()
        return sum(type(each) is Strip for each in gc.get_objects())

    async with on_stage(draws=True) as stage:
        held = []
        for _ in range(3):
            for key in ("enter", "t", "s"):
                await stage.press(key, "escape")
            held.append(lines())
        assert held[-1] < held[0] + 50


async def test_no_screen_that_was_closed_is_alive():
    async with on_stage(draws=True) as stage:
        await stage.press("5", "p")  # a favourite
        closed = []
        for key in ("enter", "t", "s", "c", "w", "S", "F", "A", "question_mark", "ctrl+p"):
            await stage.press(key)
            if stage.app.screen is not stage.gallery:
                closed.append((key, weakref.ref(stage.app.screen)))
                await stage.press("escape")
        stage.app.post_message(keyboard.Resize(stage.app.size, stage.app.size))
        await stage.press("l", "h")
        assert len(closed) >= 6
        assert stage.app.screen is stage.gallery
        gc.collect()
        alive = {key for key, screen in closed[:-1] if screen() is not None}
        assert not alive


async def test_ctrl_c_and_ctrl_q_quit_from_anywhere():
    for key in ("ctrl+c", "ctrl+q"):
        async with on_stage() as stage:
            await stage.press("s", key)
        assert stage.session.closed == 1


async def test_ctrl_c_copies_what_is_selected_in_a_field_before_it_quits(stage):
    await stage.press("slash", *"hats", "shift+home", "ctrl+c")
    assert stage.app.clipboard == "hats"
    assert stage.app._exit is False
    await stage.press("ctrl+c")
    assert stage.app._exit is True


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_keys_that_come_too_late_for_the_app_are_not_typed_into_the_shell():
    code = (
        "import select, sys, tty; sys.path[:0] = [sys.argv[1], sys.argv[1] + '/../evolve']\n"
        "from fake_session import FakeSession\n"
        "from tui.app import start\n"
        "from tui.app.application import Fancier\n"
        "from tui.app.config import Config\n"
        "def closing(self):\n"
        "    tty.setraw(0)\n"
        "    print('closing', flush=True)\n"
        "    select.select([0], [], [], 20)\n"
        "Fancier.run = closing\n"
        "start.run_gallery(FakeSession(), 'faces', Config())\n"
        "print('left', len(select.select([0], [], [], 0)[0]), flush=True)\n"
    )
    keyboard, terminal = os.openpty()
    done = subprocess.Popen(
        [sys.executable, "-c", code, str(HELPERS / "tui")], stdin=terminal, stdout=terminal
    )
    os.close(terminal)
    seen = b""
    while b"left" not in seen[-8:]:
        seen += os.read(keyboard, 1)
        if seen.endswith(b"closing"):
            os.write(keyboard, b"qq\x1b\x1bx")
    assert os.read(keyboard, 1) + os.read(keyboard, 1) == b" 0"
    assert done.wait() == 0
    os.close(keyboard)
