"""Modules import one way: no circles, and each layer only what is below it."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from places import ROOT

PACKAGES = ("evolve", "populations", "tui")
LAYERS = (
    ("evolve",),
    ("populations",),
    ("tui.drawing", "tui.keys", "tui.app.config"),
    ("tui.controller", "tui.cli"),
    ("tui.widgets",),
    ("tui.dialogs",),
    ("tui.screens",),
    ("tui.app",),
    (
        "tui.commands",
        "tui.cli.catalogue",
        "tui.cli.command_line",
        "tui.cli.__init__",
        "tui.cli.__main__",
        "tui.serve",
    ),
)
"""From below: a module imports what is in its own layer or below it. The longest name counts."""
WHERE_USED = {
    *("torch", "diffusers", "transformers", "tokenizers", "safetensors", "huggingface_hub"),
    *("openvino", "av", "rich", "textual", "tqdm", "argcomplete"),  # heavy, or optional
    *("fcntl", "termios", "tty", "resource"),  # not on every system
}
"""What may be imported inside functions without a comment that says why."""
IMPORTS = ast.Import | ast.ImportFrom


@cache
def modules() -> dict[str, Path]:
    """Return every module of this project by its dotted name."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}


def named(dotted: str) -> str | None:
    """Return the module of this project that a dotted name stands for, if it does for any."""
    return next((m for m in (dotted, f"{dotted}.__init__") if m in modules()), None)


@cache
def parsed(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text("utf-8"))


@cache
def imports(name: str) -> frozenset[str]:
    """Return what a module imports, also inside functions and for type checking."""
    found: set[str | None] = set()
    for node in ast.walk(parsed(name)):
        if isinstance(node, ast.Import):
            found |= {named(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module, f"{name}: a relative import"
            found |= {named(f"{node.module}.{a.name}") or named(node.module) for a in node.names}
    return frozenset(module for module in found if module not in (None, name))


def at_once(name: str) -> Iterable[str]:
    """Give what is imported with a module: modules of this project, and packages of others."""
    waiting = list[ast.AST](parsed(name).body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (named(alias.name) or alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                own = named(f"{node.module}.{alias.name}") or named(node.module)
                yield own or node.module.split(".")[0]
        elif isinstance(node, ast.If | ast.Try) and "TYPE_CHECKING" not in ast.dump(node):
            waiting += ast.iter_child_nodes(node)


def circles(graph: dict[str, Iterable[str]]) -> list[list[str]]:
    """Return groups of modules that import each other, by any way round (Tarjan 1972)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        stack.append(name)
        for other in graph[name]:
            if other not in order:
                visit(other)
            if other in stack:
                lowest[name] = min(lowest[name], lowest[other])
        if lowest[name] == order[name]:
            group = stack[stack.index(name) :]
            del stack[stack.index(name) :]
            if len(group) > 1:
                groups.append(sorted(group))

    for name in graph:
        if name not in order:
            visit(name)
    return groups


def layer(name: str) -> int:
    """Return the number of the layer of a module: that of the longest name that fits."""
    fitting = [
        (len(prefix), number)
        for number, prefixes in enumerate(LAYERS)
        for prefix in prefixes
        if name == prefix or name.startswith(f"{prefix}.")
    ]
    return max(fitting)[1] if fitting else -1


def test_circles_are_found():
    graph = {"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": ["e"], "e": ["d"], "f": ["a"]}
    assert sorted(circles(graph)) == [["a", "b", "c"], ["d", "e"]]


def test_no_modules_import_each_other_in_a_circle():
    assert circles({name: imports(name) for name in modules()}) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_module_imports_only_what_is_below_it(package):
    inside = [name for name in modules() if name.startswith(f"{package}.")]
    assert inside
    upwards = [
        f"{name} imports {other}"
        for name in inside
        for other in imports(name)
        if layer(other) > layer(name) >= 0
    ]
    assert upwards == []


def test_what_merges_calls_can_be_lifted_out_of_this_project() -> None:
    inside = "evolve.rendering.batching."
    batching = [name for name in modules() if name.startswith(inside)]
    assert f"{inside}fibres" in batching
    outside = {(name, m) for name in batching for m in imports(name) if not m.startswith(inside)}
    assert outside == set()


def test_what_saves_and_shows_pictures_loads_no_library_that_paints_them() -> None:
    """Each takes seconds, and memory in every app that only looks."""
    paints = {"torch", "diffusers", "transformers"}
    through: dict[str, set[str]] = {}

    def loaded(name: str) -> set[str]:
        if name not in through:
            through[name] = set()
            for other in at_once(name):
                through[name] |= loaded(other) if other in modules() else {other} & paints
        return through[name]

    outside = [name for name in modules() if name.startswith(("populations.", "tui."))]
    assert {name: found for name in outside if (found := loaded(name))} == {}


def unexplained(text: str, tree: ast.AST) -> list[int]:
    """Return the lines of imports inside functions with no reason beside or just above them.

    A reason also holds for the imports directly below.
    """
    functions = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    if not any(isinstance(n, IMPORTS) for function in functions for n in ast.walk(function)):
        return []
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = {token.start[0] for token in tokens if token.type == tokenize.COMMENT}
    bare: set[int] = set()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        inside = [n for n in ast.walk(function) if isinstance(n, IMPORTS)]
        explained, after = False, 0
        for node in sorted(inside, key=lambda node: node.lineno):
            lines = range(node.lineno - 1, (node.end_lineno or node.lineno) + 1)
            explained = bool(comments & {*lines}) or (explained and node.lineno - after <= 2)
            after = lines[-1]
            module = node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
            if not explained and (module or "").split(".")[0] not in WHERE_USED:
                bare.add(node.lineno)
    return sorted(bare)


def test_an_import_inside_a_function_without_its_reason_is_found() -> None:
    text = """
def run():
    import torch
    import json
    # numpy comes with these
    from evolve import genome
    from evolve import search

    x = genome, search
    from evolve import session
    from evolve import models  # only then
"""
    assert unexplained(text, ast.parse(text)) == [4, 10]


def test_imports_inside_functions_give_their_reason() -> None:
    """Those of a command need none: its module is imported for the help (see `tui.commands`)."""
    found = {
        name: lines
        for name, path in modules().items()
        if not name.startswith(("tui.commands.", "evolve.models.portraits.training."))
        and (lines := unexplained(path.read_text("utf-8"), parsed(name)))
    }
    assert found == {}


def texts(tree: ast.AST) -> Iterable[str]:
    """Give the texts in code, docstrings left out; whatever is put into them is `{}`."""
    if isinstance(tree, ast.JoinedStr):
        yield "".join(str(getattr(part, "value", "{}")) for part in tree.values)
    elif isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        yield tree.value
    elif not (isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant)):
        for child in ast.iter_child_nodes(tree):
            yield from texts(child)


def test_the_engine_and_the_studio_name_no_options_of_the_command_line() -> None:
    """Their errors are read in notebooks too; commands that help are named as a whole."""
    option = re.compile(r"(?<![\w-])--[a-z]{2,}")
    wrong = [
        (name, text)
        for name in modules()
        if not name.startswith(("tui.", "evolve.models.portraits.training."))
        for text in texts(parsed(name))
        if option.search(text) and "'fancier " not in text
    ]
    assert wrong == []
