"""`fancier replay`: paint again from the record, and report whether it is the same picture.

What other files of the model painted is not painted again: a difference would prove nothing.
"""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.cli import completion, opening, options, values
from tui.cli.output import UsageError, counting, say

if TYPE_CHECKING:
    from populations import Population
    from populations.studio.replay import Replayed

SUMMARY = "repaint pictures from their records and compare"


class Options(options.Common):
    name: str
    ids: list[int]


def declare(parser: ArgumentParser) -> None:
    name = parser.add_argument(
        "name", metavar="NAME|FILE.png", help="a population, or an exported picture"
    )
    completion.completed(name, completion.populations_or_files)
    parser.add_argument(
        "ids", nargs="*", type=_individual, metavar="ID", help="individuals (default: all)"
    )
    options.device(parser)
    options.as_json(parser)


def run(args: Options) -> int:
    """Replay individuals of a population, or a PNG that carries its recipe."""
    from populations.exchange.picture_file import SUFFIXES
    from populations.home.names import population_names
    from populations.studio.opening import open_saved
    from populations.studio.replay import recorded_in, recorded_in_file, replay

    file = Path(args.name)
    opened: AbstractContextManager[Population | None] = nullcontext()
    if file.suffix.lower() == ".png":
        if args.ids:
            raise UsageError(f"'{file}' is one picture: leave the ids out")
    elif file.name != args.name or (  # a path
        (file.suffix.lower() in SUFFIXES or os.path.isfile(args.name))
        and args.name not in population_names(opening.home_at(args.home))
    ):
        raise UsageError(f"'{args.name}' is not a PNG: name one exported picture, or a population")
    else:
        opened = open_saved(args.home, args.name, write=False)
    with opened as population:
        model, recorded = (
            recorded_in_file(file) if population is None else recorded_in(population, args.ids)
        )
        with counting("painting") as show:
            replayed = replay(model, recorded, on_progress=show)
    results = [_result(one) for one in replayed]
    again = [one for one in replayed if not one.model_changed]
    before = [one for one in replayed if one.model_changed]
    same = sum(one.identical for one in again)
    lines = [
        f"{one.individual}: differs by up to {one.difference} of 255{_why(one)}"
        for one in again
        if not one.identical
    ]
    if before:
        lines.append(
            f"model '{model}' has changed since {_counted(before)} painted: "
            "saved pictures are kept, but it would paint different ones today"
        )
    if again:
        lines.append(f"{same} of {len(again)} identical")
    say(args, {"results": sorted(results, key=lambda r: int(r["id"]))}, "\n".join(lines))
    return 0 if same == len(replayed) else 1


def _individual(text: str) -> int:
    """Return the id of an individual; a file is what `*.png` of a shell leads to."""
    if text.lower().endswith(".png"):
        raise ArgumentTypeError(f"'{text}' is another file: name one at a time")
    return values.individual(text)


def _result(one: Replayed) -> dict[str, Any]:
    if one.model_changed:
        return {"id": one.individual, "identical": None, "model_changed": True}
    return {
        "id": one.individual,
        "identical": one.identical,
        "max_pixel_difference": one.difference,
        "conditions": {name: list(pair) for name, pair in one.conditions.items()},
        "altered": one.altered,
    }


def _why(one: Replayed) -> str:
    """Return what may have made a picture another one, in brackets."""
    from populations.studio.models.conditions import in_words

    altered = "the file was altered after it was exported" if one.altered else ""
    reasons = "; ".join(filter(None, (altered, in_words(one.conditions))))
    return f" ({reasons})" if reasons else ""


def _counted(pictures: list[Replayed]) -> str:
    if len(pictures) == 1:
        return f"{pictures[0].individual} was"
    return f"{len(pictures)} pictures were"
