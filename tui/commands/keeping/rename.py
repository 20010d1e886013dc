"""`fancier rename`: another name for a population."""

from __future__ import annotations

from typing import Any

from tui.cli import opening
from tui.cli.output import say


def run(args: Any) -> int:
    """Rename it."""
    from populations.home.shelf import rename_population

    rename_population(opening.home_at(args.home), args.name, args.new)
    say(args, {"name": args.new}, f"'{args.name}' is '{args.new}' now")
    return 0
