"""Getting a model from the hub before it is needed, with a progress bar on stderr.

The hub is asked only for what this person names, in a command; never for what a population or a
picture names: a stranger could make this machine download anything, and learn its address.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from evolve.text import one_line

if TYPE_CHECKING:
    from evolve.models.catalog import ModelCard
    from evolve.models.hub.fetch import Fetched


def fetch_missing(model: str) -> ModelCard:
    """Return a model that this person named; download what it needs of the hub and is not here.

    Raises:
        ModelError: It is not available; the text says what helps.
    """
    from evolve.models.catalog import describe  # numpy comes with it
    from evolve.models.hub import cache

    try:
        return describe(model)
    except cache.NotHereError:
        from evolve.models.hub import fetch  # only if anything is missing
    with _bar() as report:
        return fetch.fetch_missing(model, report)


def fetch_newest(model: str) -> None:
    """Ask the hub for the newest of all that a model needs of it, and download what is new.

    Raises:
        ModelError: It is not available; the text says what helps.
    """
    # numpy comes with these
    from evolve.models.catalog import on_the_hub
    from evolve.models.hub.fetch import fetch

    for name in on_the_hub(model):
        with _bar() as report:
            fetch(name, report)
    fetch_missing(model)


@contextmanager
def _bar() -> Iterator[Callable[[Fetched], None]]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True, highlight=False, markup=False)
    silent = not sys.stderr.isatty()
    with Progress(*columns, console=console, transient=True, disable=silent) as bar:
        task = bar.add_task("getting the model", total=None)

        def show(fetched: Fetched) -> None:
            bar.update(
                task,
                description=f"getting {one_line(fetched.name)}",
                completed=fetched.done,
                total=fetched.total,
            )

        yield show
