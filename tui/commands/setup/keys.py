"""`fancier keys`: every key of the app, as the config file writes it."""

from __future__ import annotations

from argparse import ArgumentParser

from tui.cli import options
from tui.cli.output import say

SUMMARY = "list the keys of the app, in the format of the config file"
Options = options.Common


def declare(parser: ArgumentParser) -> None:
    options.as_json(parser)


def run(args: Options) -> int:
    """Print all keys."""
    from tui import keys
    from tui.app.config import config_file, read_config

    changed = read_config().keys
    known = {
        b.id: {
            "key": changed.get(b.id, b.key),
            "does": b.tooltip or b.description,
            "changed": b.id in changed,
        }
        for b in keys.everything()
        if b.id
    }
    width = max(len(id) for id in known)
    lines = [f"# copy lines to {config_file()} and change them there", "[keys]"]
    for id, entry in known.items():
        name = f'"{id}"'
        lines.append(f'{name:<{width + 2}} = "{entry["key"]}"  # {entry["does"]}')
    say(args, {"file": str(config_file()), "keys": known}, "\n".join(lines))
    return 0
