"""Which commands there are: every module in the folders of `tui.commands` is one."""

from __future__ import annotations

import importlib
import pkgutil
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import cache
from typing import Protocol, cast

from tui import commands
from tui.cli import options


class Command(Protocol):
    """The module of a command."""

    SUMMARY: str
    """Its line in the help."""
    Options: type[options.Common]
    """The values of its options."""

    def declare(self, parser: ArgumentParser) -> None:
        """Add its options to its parser."""

    def run(self, args: options.Common) -> int:
        """Run the command, and return the exit status."""


@cache
def names() -> dict[str, str]:
    """Return the group of each command by its name, in the order of the help."""
    return {
        module.name: group
        for group in commands.GROUPS
        for module in pkgutil.iter_modules([f"{commands.__path__[0]}/{group}"])
    }


def load(name: str | None) -> Command:
    """Import the module of a command; None is `fancier` without one."""
    path = "home" if name is None else f"{names()[name]}.{name}"
    return cast(Command, importlib.import_module(f"tui.commands.{path}"))


def listing() -> Iterator[str]:
    """Yield the lines of the help that list all commands, group by group."""
    groups = names()
    width = max(map(len, groups))
    for group in commands.GROUPS:
        heading = importlib.import_module(f"tui.commands.{group}").__doc__ or group
        yield f"\n{heading.removesuffix('.')}:"
        for name in (name for name, its in groups.items() if its == group):
            yield f"  {name:<{width}}  {load(name).SUMMARY}"
