"""`fancier new`: make a population with its first page, and open it."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

from tui.app.entering import enter
from tui.cli import opening
from tui.cli.fetching import fetch_missing
from tui.cli.output import note, say
from tui.drawing import terminal


def run(args: Any) -> int:
    """Make the population; open it unless told not to."""
    home = opening.home_at(args.home)
    if args.model:
        fetch_missing(args.model)
    config = opening.founding_config(
        args.name,
        args.prompt,
        negative=args.negative,
        model=args.model,
        size=args.size,
        seed=args.seed,
        page=args.page,
        cut_guidance=args.cut_guidance,
    )
    if args.images:
        from populations.exchange.importing import read

        images = cycle([read(file, plainly=True) for file in args.images])
        sources = list(islice(images, config["page"]))
        created, _ = opening.found(home, config, sources, depth=args.depth)
    else:
        created = opening.create(home, config)
    if args.no_open or args.as_json or not terminal.is_there():
        for line in opening.remarks(config):
            note(line)
        say(
            args,
            {"name": args.name, "created": created},
            f"made '{args.name}' with {len(created)} individuals: "
            f"open it with 'fancier open \"{args.name}\"'",
        )
        return 0
    return enter(home, args.name, blocks=args.blocks)
