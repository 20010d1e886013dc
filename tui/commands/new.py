"""`fancier new`: make a population with its first page, and open it."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

from tui import opening, terminal
from tui.fetching import fetch_missing
from tui.output import note, say


def run(args: Any) -> int:
    """Make the population; open it unless told not to."""
    home = opening.home_of(args)
    if args.model:
        fetch_missing(args.model)
    config = opening.founding_of(args)
    if args.images:
        from populations.importing import read

        images = cycle([read(file, plainly=True) for file in args.images])
        created, _ = opening.found(args, config, list(islice(images, config["page"])))
    else:
        created = opening.create(home, config)
    if args.no_open or args.as_json or not terminal.is_there():
        note(opening.words_never_seen(config))
        say(
            args,
            {"name": args.name, "created": created},
            f"made '{args.name}' with {len(created)} individuals: "
            f"open it with 'fancier open \"{args.name}\"'",
        )
        return 0
    from tui.commands import open as open_command

    return open_command.run(args)
