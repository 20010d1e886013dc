"""`fancier open`: a population in the app."""

from __future__ import annotations

from typing import Any

from tui.app.entering import enter
from tui.cli import opening


def run(args: Any) -> int:
    """Open the population in the app, where it was left or as it was, for looking only or not."""
    return enter(
        opening.home_at(args.home),
        args.name,
        branch=args.branch,
        read_only=args.read_only,
        as_of=args.as_of,
        blocks=args.blocks,
    )
