"""What commands print: JSON for scripts on stdout, tables and progress for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.errors import ArchiveError

if TYPE_CHECKING:
    from rich.progress import Progress


def say(args: Any, data: Mapping[str, Any], text: str) -> None:
    """Print `data` as one JSON object if `--json` was given, else `text`."""
    print(json.dumps(data, ensure_ascii=False, allow_nan=False) if args.as_json else text)


def note(text: str) -> None:
    """Print a line on stderr that is worth knowing but stops nothing; nothing if it is empty."""
    if text:
        print(f"note: {text}", file=sys.stderr)


def table(columns: list[str], rows: list[list[str]]) -> None:
    """Print a table, one line a row; what the terminal is too narrow for is cut off."""
    from rich import box
    from rich.console import Console
    from rich.table import Column, Table

    headed = [Column(name, no_wrap=True) for name in columns]
    drawn = Table(*headed, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        drawn.add_row(*row)
    wide = None if sys.stdout.isatty() else 10_000  # a file or a pager takes all of it
    Console(highlight=False, markup=False, width=wide).print(drawn)


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """Show a progress bar on stderr with time left; plain and silent where that is no terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True, highlight=False)
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
        yield bar


@contextmanager
def writing(to: Path) -> Iterator[Path]:
    """Give a file to write, which becomes `to` at the end or vanishes after an error.

    Raises:
        ArchiveError: It cannot be written.
    """
    from populations.files import replacing

    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with replacing(to) as unfinished:
            yield unfinished
    except OSError as error:
        raise ArchiveError(f"cannot write to {to}: {error.strerror or error}") from None
