"""`fancier delete`: populations into the trash."""

from __future__ import annotations

from typing import Any

from tui import opening
from tui.output import say


def run(args: Any) -> int:
    """Throw them away; until the trash is emptied they can be taken back."""
    from populations.shelf import delete_population

    home = opening.home_of(args)
    for name in args.names:
        delete_population(home, name)
    text = [f"'{n}' is in the trash: 'fancier trash --restore \"{n}\"'" for n in args.names]
    say(args, {"deleted": args.names}, "\n".join(text))
    return 0
