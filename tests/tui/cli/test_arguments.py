"""Each command declares what it reads, and can be asked without loading anything heavy."""

import argparse
import ast
import importlib
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import tui.commands
from evolve.errors import ModelError
from evolve.genome.settings import GENES, SAMPLERS
from populations.core.retention import BEST, LAST
from populations.studio.breeding.edit import COUNT
from populations.studio.new import DEFAULT_DEPTH, DEFAULT_PAGE
from populations.studio.running.run_request import RESERVE_MB
from tui.cli import build_parser, catalogue, main
from tui.cli.options import Common

FOLDER = Path(tui.commands.__path__[0])
NAMES = list(catalogue.names())
HEAVY = {"torch", "zarr", "textual", "numpy", "rich", "PIL", "diffusers", "transformers"}


def given_to(command: str) -> set[str]:
    """Return what the command line gives a command."""
    parser = build_parser()
    (action,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    own = action.choices[command]
    own.declare()
    dests = {a.dest for a in [*parser._actions, *own._actions]} | set(parser._defaults)
    return dests - {"help", "version", "command"}


@pytest.mark.parametrize("name", NAMES)
def test_the_options_of_a_command_are_what_its_parser_gives(name):
    """So that mypy knows every attribute that a command reads."""
    classes = catalogue.load(name).Options.__mro__
    declared = {option for each in classes for option in inspect.get_annotations(each)}
    assert declared == given_to(name)


def test_the_bare_program_is_given_what_every_command_is():
    assert catalogue.load(None).Options is Common


@pytest.mark.parametrize("file", sorted(FOLDER.rglob("*.py")), ids=lambda file: file.stem)
def test_no_command_takes_its_arguments_untyped(file):
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.arg) and node.arg == "args":
            assert node.annotation is not None
            assert ast.unparse(node.annotation) == "Options"


def test_every_group_has_a_heading_and_no_two_commands_have_one_name():
    folders = {file.parent.name for file in FOLDER.glob("*/__init__.py")}
    assert folders == set(tui.commands.GROUPS)
    for group in tui.commands.GROUPS:
        assert importlib.import_module(f"tui.commands.{group}").__doc__
    files = sorted(file.stem for file in FOLDER.glob("*/[a-z]*.py"))
    assert files == sorted(NAMES)


def test_the_help_lists_every_command_in_its_group_and_fits_80_columns(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    heading, found = "", {}
    for line in lines:
        if line.endswith(":") and not line.startswith(" "):
            heading = line
        elif (words := line.split()) and line.startswith("  ") and words[0] in NAMES:
            found[words[0]] = heading
    assert list(found) == NAMES
    groups = catalogue.names()
    assert {(groups[a] == groups[b]) == (found[a] == found[b]) for a in found for b in found} == {
        True
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_help_of_a_command_says_how_it_is_called(name, capsys):
    assert main([name, "--help"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"usage: fancier {name} ")
    summary = catalogue.load(name).SUMMARY  # names in it, such as Tab, stay as they are
    assert f"{summary[0].upper()}{summary[1:]}." in " ".join(printed.split())


@pytest.mark.parametrize("columns", [70, 80])
def test_the_help_breaks_no_name_at_its_hyphens(columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    for name in NAMES:
        assert main([name, "--help"]) == 0
        options = capsys.readouterr().out.partition("\n\n")[2]
        assert not re.findall(r"\w-$", options, re.MULTILINE)


def test_the_help_states_the_numbers_and_samplers_that_hold(capsys):
    """It states them in words of its own, as help loads nothing heavy."""
    genes = {name: f"{GENES[name].low:g} to {GENES[name].high:g}" for name in GENES}
    for name, texts in {
        "new": (
            f"{', '.join(SAMPLERS[:-1])} or {SAMPLERS[-1]} (default",
            f"(CFG scale), {genes['guidance_scale']}; 1 is off",
            f"shift of the encoded words, {genes['variety']},",
            f"pictures per page (default: {DEFAULT_PAGE})",
            f"from pure noise (default: {DEFAULT_DEPTH:g})",
        ),
        "edit": (f"number of children (default: {COUNT})",),
        "run": (
            f"the {BEST} best scores and the last {LAST} generations",
            f"free on the disk (default: {RESERVE_MB})",
        ),
    }.items():
        assert main([name, "--help"]) == 0
        printed = " ".join(capsys.readouterr().out.split())
        for text in texts:
            assert text in printed
    run = build_parser().parse_args(["run", "faces", "--images", "1"])
    assert run.reserve == RESERVE_MB


def test_help_loads_nothing_heavy():
    """Neither that of the program, which imports every command, nor that of any command."""
    code = (
        "import sys; from tui.cli import main; main(['--help']); "
        "[main([name, '--help']) for name in sys.argv[1:]]; "
        f"sys.stderr.write(str(sorted({HEAVY} & set(sys.modules))))"
    )
    line = [sys.executable, "-c", code, *NAMES]
    done = subprocess.run(line, capture_output=True, text=True, env=os.environ, check=True)
    assert done.stderr == "[]"


def test_a_command_alone_is_imported():
    code = (
        "import sys; from tui.cli import main; main(['rename', '--help']); "
        "sys.stderr.write(str([n for n in sys.modules if n.startswith('tui.commands.')]))"
    )
    line = [sys.executable, "-c", code]
    done = subprocess.run(line, capture_output=True, text=True, env=os.environ, check=True)
    assert done.stderr == "['tui.commands.keeping', 'tui.commands.keeping.rename']"


@pytest.mark.parametrize(
    ("before", "after"), [(["--device", "cpu"], []), ([], ["--device", "cpu"])]
)
def test_shared_options_stand_before_a_command_or_after_it(before, after):
    parser = build_parser()
    given = parser.parse_args([*before, "paint", "faces", *after])
    assert (given.device, given.name, given.command) == ("cpu", "faces", "paint")


@pytest.mark.parametrize(
    ("line", "usual"),
    [
        ("export faces --to pictures 3 7", "export faces 3 7 --to pictures"),
        ("tree faces --png family.png 7", "tree faces 7 --png family.png"),
        ("show faces --json 3", "show faces 3 --json"),
        ("branch faces --at 3 second", "branch faces second --at 3"),
        ("rate faces 3=4 --by me 7=5", "rate faces 3=4 7=5 --by me"),
        ("note faces 3 --by me mouth", "note faces 3 mouth --by me"),
        ("import more a.png --depth 0.2 b.png", "import more a.png b.png --depth 0.2"),
    ],
)
def test_options_may_stand_between_other_arguments(line, usual):
    parser = build_parser()
    assert parser.parse_args(line.split()) == parser.parse_args(usual.split())


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("new hats a man with a hat", "man with a hat: put a text of several words in quotes; see"),
        ("show faces --json 3 7", "7; see 'fancier show --help'"),
        ("show faces --jsn 3", "--jsn 3; see 'fancier show --help'"),
        ("note faces 3 --by me -- -hat", "-- -hat; see 'fancier note --help'"),
        ("list faces", "faces; see 'fancier list --help'"),
    ],
)
def test_what_a_command_does_not_take_is_refused(line, error, capsys):
    assert main(line.split()) == 2
    assert capsys.readouterr().err.startswith(f"fancier: unrecognized arguments: {error}")


def test_an_empty_device_is_the_best_one_and_an_unknown_one_is_refused_where_it_is_read():
    assert build_parser().parse_args(["--device", ""]).device == ""
    with pytest.raises(ModelError, match="unknown device 'toaster': use cuda"):
        build_parser().parse_args(["--device", "cpu,toaster"])
