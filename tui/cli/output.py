"""What commands print: JSON for scripts on stdout, tables and progress for people.

Nothing else in this package prints. What is printed may quote a stranger (a prompt, a licence, the
name of a file), so that what a terminal would obey is spelled out here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from evolve.errors import FancierError
from evolve.text import escaped, one_line, visible
from tui.drawing import streams

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from tui.cli.options import Common


GAP = 3
"""Cells between two columns."""
LEAST = 12
"""Cells of a column that is cut."""


class UsageError(FancierError):
    """A command was asked in an invalid way: exit status 2."""


def say(args: Common, data: Mapping[str, Any], text: str) -> None:
    """Print `data` as one JSON object if `--json` was given, else `text`."""
    if not args.as_json:
        return tell(text)
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower()
    text = json.dumps(data, ensure_ascii=not encoding.startswith("utf"), allow_nan=False)
    print(escaped(text))


def tell(text: str = "") -> None:
    """Print lines for a person on stdout."""
    print(visible(text))


def aside(text: str) -> None:
    """Print lines for a person on stderr; if they can no longer be read, the work goes on."""
    with suppress(OSError, ValueError):
        print(visible(text), file=sys.stderr, flush=True)


def note(text: str) -> None:
    """Print a line on stderr that is worth knowing but stops nothing; nothing if it is empty."""
    if text:
        aside(f"note: {text}")


def complain(text: object) -> None:
    """Print on stderr what was wrong and what helps."""
    aside(f"fancier: {text}")


def table(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    cut: Sequence[str] = (),
    spare: Sequence[str] = (),
) -> None:
    """Print a table, one line a row.

    Args:
        columns: Their headings.
        rows: A value for each column; None, which is not known, becomes a dash.
        cut: The columns that are cut where the terminal is too narrow.
        spare: The columns that are left out, in this order, where that is not enough.
    """
    from rich import box
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Column, Table

    cells = [[one_line("-" if cell is None else str(cell)) for cell in row] for row in rows]
    widths = {
        name: max(map(cell_len, [name, *(row[place] for row in cells)]))
        for place, name in enumerate(columns)
    }
    shared = widths
    if sys.stdout.isatty():  # a file or a pager takes all of it
        shared = share(widths, Console().width, cut=cut, spare=spare)
    headed = [Column(name, no_wrap=True, width=width) for name, width in shared.items()]
    drawn = Table(*headed, box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for row in cells:
        drawn.add_row(*(cell for name, cell in zip(columns, row, strict=True) if name in shared))
    console = Console(highlight=False, markup=False, emoji=False, width=taken(shared))
    try:
        console.print(drawn)
    except SystemExit:  # which rich makes of a closed pipe
        raise BrokenPipeError from None


def share(
    widths: Mapping[str, int], room: int, *, cut: Sequence[str] = (), spare: Sequence[str] = ()
) -> dict[str, int]:
    """Return the cells of each column that is shown.

    Args:
        widths: What each column would take.
        room: What there is.
        cut: The columns of long texts, which are cut to `LEAST` cells, the widest first.
        spare: What is left out, in this order, where that is not enough. All others stay whole, if
            need be beyond the edge.
    """
    whole, gone = dict(widths), list(spare)
    while True:
        shared = _cut(whole, room, [name for name in cut if name in whole])
        if taken(shared) <= room or not gone:
            return shared
        whole.pop(gone.pop(0), None)


def taken(shared: Mapping[str, int]) -> int:
    """Return the cells of a whole line."""
    return sum(shared.values()) + GAP * (len(shared) - 1)


def _cut(widths: Mapping[str, int], room: int, cut: Sequence[str]) -> dict[str, int]:
    """Return the widths with the widest of some brought down until all fit."""
    shared = dict(widths)
    while (excess := taken(shared) - room) > 0:
        widest = max((shared[name] for name in cut), default=0)
        if widest <= LEAST:
            break
        alike = [name for name in cut if shared[name] == widest]
        floor = max([LEAST, *(shared[name] for name in cut if shared[name] < widest)])
        for name in alike:
            shared[name] -= min(widest - floor, -(-excess // len(alike)))
    return shared


@contextmanager
def busy(what: str) -> Iterator[None]:
    """Show on stderr that something goes on; nothing where that is no terminal."""
    from rich.console import Console

    spinner = "dots" if streams.writes_unicode() else "line"  # the dots are of braille
    console = Console(stderr=True)
    shown = console.status(what, spinner=spinner) if sys.stderr.isatty() else nullcontext()
    with shown:
        yield


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give what shows on stderr how many are done of how many, from its first call on."""
    with ExitStack() as stack:

        @cache
        def begun() -> tuple[Progress, TaskID]:
            bar = stack.enter_context(_bar(what))
            return bar, bar.add_task("", total=None)

        def show(done: int, total: int) -> None:
            bar, task = begun()
            bar.update(task, completed=done, total=total)

        yield show


def _bar(what: str) -> Progress:
    """Return a progress bar on stderr with time left; nothing where that is no terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    console = Console(stderr=True, highlight=False)
    return Progress(*columns, console=console, disable=not sys.stderr.isatty())
