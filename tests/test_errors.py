"""Errors are one line of one form: a path in it stands in quotes."""

import ast
import re
from collections.abc import Iterable

from places import ROOT

PATH = re.compile(
    r"(?:^|\.|\bor )(?:file|folder|path|home|filename|trash|journal|to|cache_folder\(\))$|^page$"
    r"|^(?:population\.)?model$"
    r"|^(?:file|folder|path)\.(?:name|stem|parent)$|\w / \w"
)
"""What stands for a path in code."""
ERRORS = re.compile(r"(?:Error|complain|refused\.append)$")


def unquoted(text: str) -> list[str]:
    """Return the errors in code that have a path without quotes."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [
        ast.unparse(line)
        for call in calls
        if ERRORS.search(ast.unparse(call.func))
        for argument in call.args
        for line in ast.walk(argument)
        if isinstance(line, ast.JoinedStr) and any(_bare(line))
    ]


def _bare(line: ast.JoinedStr) -> Iterable[str]:
    """Give the paths in a text that are neither in quotes nor numbers."""
    before = ""
    for part in line.values:
        if isinstance(part, ast.Constant):
            before += str(part.value)
        elif isinstance(part, ast.FormattedValue) and part.format_spec is None:
            is_quoted = before.count("'") % 2 or before.endswith('"') or part.conversion == ord("r")
            if not is_quoted and PATH.search(ast.unparse(part.value)):
                yield ast.unparse(part.value)


def test_a_path_without_quotes_is_found() -> None:
    text = """
raise ArchiveError(f"'{file}' is no picture: name a PNG")
raise ArchiveError(f"get it with 'fancier models --get {file}', in {file.parent / name!r}")
raise ArchiveError(f"{size / 1e6:.0f} MB of {file.name}: name a PNG")
"""
    assert unquoted(text) == ["f'{size / 1000000.0:.0f} MB of {file.name}: name a PNG'"]


def test_paths_in_errors_are_in_quotes() -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for package in ("evolve", "populations", "tui")
        for path in (ROOT / package).rglob("*.py")
        if "training" not in path.parts and (lines := unquoted(path.read_text("utf-8")))
    }
    assert found == {}
