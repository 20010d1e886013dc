"""`fancier import`: pictures from elsewhere become founders."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.errors import ArchiveError, ModelError
from tui.cli import opening, options
from tui.cli.fetching import require_here
from tui.cli.output import progress, say

if TYPE_CHECKING:
    from populations import Population
    from populations.exchange.importing import Source

SUMMARY = "make founders of pictures from elsewhere"


class Options(options.Founding, options.Starting):
    """What `fancier import` is asked with."""

    name: str
    files: list[Path]
    prompt: str | None
    picture: bool


def declare(parser: ArgumentParser) -> None:
    """Add its options."""
    options.population(parser, "the population; made if it is not there")
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="a picture of fancier, A1111, ComfyUI, Fooocus, InvokeAI, NovelAI, SD.Next or SwarmUI "
        "comes with its recipe, any other as a picture",
    )
    parser.add_argument("--prompt", help="what they show, if they do not say it")
    parser.add_argument(
        "--picture", action="store_true", help="take only the picture, not what it says of itself"
    )
    options.starting(parser)
    options.founding(parser)
    options.device(parser, default=options.UNLESS_BEFORE)
    options.as_json(parser)


def run(args: Options) -> int:
    """Import the files into a population, which is made if it is not there; all or none."""
    from populations import population_path
    from populations.core.captions import numbers
    from populations.exchange import importing

    if any(file.suffix.lower() == ".zip" for file in args.files):
        return _unpack(args)
    sources = importing.read_all(args.files, plainly=args.picture)
    if population_path(opening.home_at(args.home), args.name).exists():
        with closing(opening.open_population(args.home, args.name)) as population:
            created, notes = _append(args, population, sources)
    else:
        created, notes = opening.found(
            opening.home_at(args.home),
            _config(args, sources[0]),
            sources,
            depth=args.depth,
            prompt=args.prompt or "",
            negative=args.negative,
        )
    kinds = [source.kind for source in sources]
    data = {"name": args.name, "created": created, "kinds": kinds, "notes": notes}
    done = f"imported {len(created)} as {numbers(created)} of '{args.name}'{_counted(kinds)}"
    say(args, data, "\n".join([done, *notes]))
    return 0


def _counted(kinds: list[str]) -> str:
    """Return which came with a recipe, as `: 2 with a recipe of ComfyUI, 1 as a picture`."""
    said = [
        f"{count} with a recipe of {kind}" if kind else f"{count} as a picture"
        for kind, count in Counter(kinds).items()
    ]
    return f": {', '.join(said)}"


def _unpack(args: Options) -> int:
    """Make the population that another machine exported whole."""
    from populations.exchange.parcel import unpack

    if len(args.files) > 1:
        raise ArchiveError("a whole population is imported alone: give one file")
    with progress("checking") as bar:
        task = bar.add_task("", total=None, note="")
        count = unpack(
            args.files[0],
            opening.home_at(args.home),
            args.name,
            progress=lambda done, count: bar.update(task, completed=done, total=count),
        )
    notes = _lacking(args)
    data = {"name": args.name, "created": list(range(count)), "notes": notes}
    say(args, data, "\n".join([f"imported '{args.name}' with {count} individuals", *notes]))
    return 0


def _lacking(args: Options) -> list[str]:
    """Return what to get before more can be painted: nothing is got because a stranger names it."""
    with closing(opening.open_population(args.home, args.name, write=False)) as population:
        try:
            require_here(population.model)
        except ModelError as error:
            return [str(error)]
    return []


def _append(
    args: Options, population: Population, sources: list[Source]
) -> tuple[list[int], list[str]]:
    from populations.exchange.importing import Founding

    if args.model or args.size or args.seed is not None or args.cut_guidance:
        raise ArchiveError(
            f"population '{args.name}' is there already: "
            "leave --model, --size, --seed and --cut-guidance out"
        )
    births = population.births()
    with opening.encoder(population.model) as encode:
        founding = Founding(
            population.config,
            encode,
            prompt=args.prompt or "",
            negative=args.negative,
            depth=args.depth,
        )
        generation = births[-1].generation + 1 if births else 0
        population.append(founding.rows(sources, first=len(births), generation=generation))
    return list(range(len(births), len(births) + len(sources))), founding.notes


def _config(args: Options, source: Source) -> dict[str, Any]:
    """Return how to set up the population that the first file founds."""
    from evolve.genome import Prompt

    words, recipe = source.prompt, source.recipe
    if words is None and args.prompt:
        words = Prompt.parse(args.prompt, args.negative)
    if words is None:
        raise ArchiveError(f"{source.file} does not say what it shows: say it with --prompt")
    size = args.size
    if recipe and not size:
        size = (recipe.picture.shape[1], recipe.picture.shape[0])
    config = opening.founding_config(
        args.name,
        str(words),
        model=args.model or (recipe.model if recipe else None),
        size=size,
        seed=args.seed,
        cut_guidance=args.cut_guidance,
    )
    return {**config, "prompt": words.to_json()}
