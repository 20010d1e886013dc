"""ctrl-c ends a command without a traceback, also while Python still reads the program."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT
from terminal import surroundings, typed

INTERRUPTING = """\
import os, signal, sys
from tui.cli import program

class Interrupting:
    count = 0

    def find_spec(name, path=None, target=None):
        Interrupting.count += 1
        if {at!r} in (name, Interrupting.count):
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupting)
sys.argv = ["fancier", *{words!r}]
program()
"""
"""The program, with ctrl-c pressed when a module is imported."""

AT_THE_TERMINAL = """\
import os, signal, sys, termios

set_it, calls = termios.tcsetattr, []

def happens(*how):
    calls.append(how)
    if len(calls) == {call}:
        {what}
    set_it(*how)

termios.tcsetattr = happens
from tui.cli import program
sys.argv = ["fancier", *{words!r}]
program()
"""
"""The program, where something happens when the terminal is set: for early keys, or back."""
PRESSED = "os.kill(os.getpid(), signal.SIGINT)"
TERMINATED = "set_it(*how); os.kill(os.getpid(), signal.SIGTERM)"

EARLY = ["tui.cli.command_line", "argparse", "evolve.errors", "tui.cli.catalogue"]
LATER = ["tui.commands.viewing", "tui.commands.viewing.list", "populations.home.summary"]


def command(folder: Path, at: str | int, *words: str) -> str:
    """Return a command line with ctrl-c at the import of a module, or at an import by number."""
    text = INTERRUPTING.format(at=at, words=words)
    (folder / "interrupted.py").write_text(text)
    return f"env PYTHONPATH={ROOT} {sys.executable} interrupted.py"


def at_the_terminal(folder: Path, call: int, what: str, *words: str) -> str:
    """Return a command line where something happens at a call that sets the terminal."""
    text = AT_THE_TERMINAL.format(call=call, what=what, words=words or ("open", "nobody"))
    (folder / "interrupted.py").write_text(text)
    return f"env PYTHONPATH={ROOT} {sys.executable} interrupted.py"


@pytest.mark.parametrize("module", EARLY)
def test_ctrl_c_before_a_command_has_begun_ends_it_without_a_word(tmp_path, module):
    with typed(command(tmp_path, module, "list"), tmp_path) as terminal:
        assert terminal.end() == 130
        assert terminal.printed == ""


@pytest.mark.parametrize("module", LATER)
def test_ctrl_c_while_a_command_begins_ends_it_with_a_line(tmp_path, module):
    with typed(command(tmp_path, module, "list"), tmp_path) as terminal:
        assert terminal.end() == 130
        assert terminal.printed == "fancier: interrupted; all work so far is saved\n"


def test_ctrl_c_in_the_help_is_no_traceback(tmp_path):
    with typed(command(tmp_path, "evolve.installed_packages", "--version"), tmp_path) as terminal:
        assert terminal.end() == 130


@pytest.mark.parametrize("count", [1, 2, 4, 8, 16, 32, 64, 128])
def test_ctrl_c_at_any_import_shows_no_traceback(tmp_path, count):
    with typed(command(tmp_path, count, "list"), tmp_path) as terminal:
        assert terminal.end() == 130
        assert len(terminal.printed.splitlines()) <= 1


@pytest.mark.parametrize("call", [1, 2])
@pytest.mark.parametrize("what", [PRESSED, f"set_it(*how); {PRESSED}"])
def test_ctrl_c_while_the_terminal_is_set_leaves_it_as_it_was(tmp_path, call, what):
    with typed(at_the_terminal(tmp_path, call, what), tmp_path) as terminal:
        assert terminal.end() == 130


@pytest.mark.parametrize("call", [1, 2, 3, 4, 5, 6])
def test_a_start_that_is_terminated_leaves_the_terminal_as_it_was(tmp_path, call):
    with typed(at_the_terminal(tmp_path, call, TERMINATED, "--home", "."), tmp_path) as terminal:
        assert terminal.end() == 128 + signal.SIGTERM


def test_a_terminal_that_cannot_be_set_back_is_no_traceback(tmp_path):
    line = at_the_terminal(tmp_path, 2, "set_it(*how); raise termios.error")
    with typed(line, tmp_path) as terminal:
        assert terminal.end() == 1
        assert terminal.printed.startswith("fancier: no population named 'nobody'")


def test_a_command_that_ignores_ctrl_c_goes_on_ignoring_it(tmp_path):
    line = command(tmp_path, "tui.cli.command_line", "list").split()
    done = subprocess.run(
        line,
        cwd=tmp_path,
        env=surroundings(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert (done.returncode, done.stderr) == (0, "")
