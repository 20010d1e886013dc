"""No command reads an argument that its own parser does not give."""

from __future__ import annotations

import argparse
import ast
from pathlib import Path

import pytest

import tui.commands
from tui.cli import build_parser
from tui.cli.arguments import COMMANDS

FOLDER = Path(tui.commands.__path__[0])


def given_to(command: str) -> set[str]:
    """Return what the command line may give a command."""
    parser = build_parser()
    (choices,) = (
        action.choices
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    own = [] if command == "home" else choices[command]._actions
    always = {action.dest for action in parser._actions} | set(parser._defaults)
    return always | {action.dest for action in own}


def calls_with_all_of(tree: ast.AST) -> set[str]:
    """Return the functions that are given `args` whole."""
    return {
        ast.unparse(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(argument, ast.Name) and argument.id == "args"
    }


def stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


@pytest.mark.parametrize("command", [*COMMANDS, "home"])
def test_a_command_reads_only_what_its_own_parser_gives(command: str) -> None:
    tree = ast.parse(next(FOLDER.glob(f"*/{command}.py")).read_text("utf-8"))
    read = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "args"
    }
    assert read <= given_to(command)


@pytest.mark.parametrize("command", [*COMMANDS, "home"])
def test_a_command_hands_its_arguments_to_nobody_else(command: str) -> None:
    """Another module would read what only other commands have."""
    tree = ast.parse(next(FOLDER.glob(f"*/{command}.py")).read_text("utf-8"))
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    own |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and stored(node)}
    assert calls_with_all_of(tree) <= own | {"say"}


def test_every_module_of_a_command_is_a_command() -> None:
    assert {file.stem for file in FOLDER.glob("*/*.py")} == {*COMMANDS, "home", "__init__"}
