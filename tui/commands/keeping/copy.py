"""`fancier copy`: a second population that begins as the first is now."""

from __future__ import annotations

from typing import Any

from tui.cli import opening
from tui.cli.output import say


def run(args: Any) -> int:
    """Copy it."""
    from populations.home.shelf import copy_population

    copy_population(opening.home_at(args.home), args.name, args.new)
    say(args, {"name": args.new}, f"copied '{args.name}' to '{args.new}'")
    return 0
