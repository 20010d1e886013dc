"""`fancier model`: which model paints a population, and where it is now."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from tui.cli import completion, options
from tui.cli.fetching import fetch_missing
from tui.cli.output import say

if TYPE_CHECKING:
    from populations import Population

SUMMARY = "show the model of a population, or where it was moved to"


class Options(options.Common):
    name: str
    now: str | None


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    now = parser.add_argument(
        "--is",
        dest="now",
        metavar="MODEL",
        help="the model's new place, or another model that paints from the same noise: a folder, "
        "a .safetensors file or owner/name, with +LORA if it has one",
    )
    completion.completed(now, completion.models)
    options.as_json(parser)


def run(args: Options) -> int:
    """Show which model paints a population, and whether it is the one that painted so far."""
    return _show(args) if args.now is None else _move(args, args.now)


def _move(args: Options, model: str) -> int:
    from populations.studio.models.moving import move_model

    moved = move_model(args.home, args.name, model, card_of=fetch_missing)
    data = {
        "name": args.name,
        "model": moved.name,
        "changed": list(moved.change.parts) if moved.change else [],
        "others": list(moved.others),
    }
    lines = [f"'{args.name}' goes on with {moved.name}"]
    if moved.change:
        lines.append(f"note: {moved.change.brief}")
    if moved.others:
        named = ", ".join(f"'{name}'" for name in moved.others)
        lines.append(f"so do others that missed it: {named}")
    say(args, data, "\n".join(lines))
    return 0


def _show(args: Options) -> int:
    from populations.studio.opening import open_saved

    with open_saved(args.home, args.name, write=False) as population:
        data, lines = _state(population)
    say(args, {"name": args.name, **data}, "\n".join(lines))
    return 0


def _state(population: Population) -> tuple[dict[str, Any], list[str]]:
    from evolve.errors import ModelError
    from evolve.models.files.fingerprint import identity
    from populations.studio.models.changed_model import change_of
    from populations.studio.models.own_model import card_of_population

    data: dict[str, Any] = {"model": population.model, "here": True, "changed": []}
    lines = [population.model]
    try:
        now = identity(card_of_population(population))
    except ModelError as error:
        return {**data, "here": False}, [*lines, str(error)]
    if change := change_of(population, lambda: now):
        return {**data, "changed": list(change.parts)}, [*lines, change.line]
    latest = population.latest_painting()
    if latest is None:
        return data, [*lines, "it has painted nothing yet"]
    return data, [*lines, f"its files are those that painted picture {latest[0]}"]
