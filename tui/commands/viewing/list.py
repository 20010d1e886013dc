"""`fancier list`: the populations of the home folder."""

from __future__ import annotations

from argparse import ArgumentParser

from tui.cli import opening, options
from tui.cli.output import say, table, tell

SUMMARY = "list the populations"
Options = options.Common


def declare(parser: ArgumentParser) -> None:
    options.as_json(parser)


def run(args: Options) -> int:
    """Print them."""
    from populations import list_populations
    from populations.format.lock import written_by

    home = opening.home_at(args.home)
    populations = list_populations(home)
    if args.as_json:
        say(args, {"populations": populations}, "")
    elif not populations:
        tell(f"no populations in '{home}' yet; create one with 'fancier new NAME \"PROMPT\"'")
    else:
        table(
            ["name", "individuals", "rated", "size", "last used", "model", "prompt"],
            [
                [
                    p["name"],
                    p["individuals"],
                    p["rated"],
                    f"{p['bytes'] / 1e6:.1f} MB",
                    f"open ({written_by(p['open'])})"
                    if p["open"]
                    else p["last_used"] and p["last_used"][:16].replace("T", " "),
                    p["model"],
                    p.get("problem") or p["prompt"],
                ]
                for p in populations
            ],
            cut=["prompt", "model"],
            spare=["size", "last used", "model", "prompt"],
        )
    return 0
