"""`fancier new`: make a population with its first page, and open it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from tui.cli import completion, opening, options, values
from tui.cli.fetching import fetch_missing
from tui.cli.output import note, say

SUMMARY = "create a population and open it"


class Options(options.FoundingOptions, options.StartingOptions):
    name: str
    prompt: str
    images: list[Path] | None
    page: int | None
    among: int | None
    taste_of: str
    no_open: bool


def declare(parser: ArgumentParser) -> None:
    parser.add_argument(
        "name",
        metavar="NAME",
        help="name of the new population: letters, digits, spaces, -, _ and .",
    )
    parser.add_argument("prompt", metavar="PROMPT", help="what to paint, in a few words")
    options.founding(parser)
    parser.add_argument(
        "--from",
        dest="images",
        nargs="+",
        type=Path,
        metavar="IMAGE",
        help="start from variations of these pictures, or of all in a folder",
    )
    options.starting(parser)
    parser.add_argument(
        "--page", type=values.count, metavar="N", help="pictures per page (default: 12)"
    )
    parser.add_argument(
        "--among",
        type=values.count,
        metavar="N",
        help="by taste: paint N candidates for each page and show the best of them; 1 for none "
        "(default: three times a page, or two, if the model paints them in a few seconds)",
    )
    taste_of = parser.add_argument(
        "--taste-of",
        default="",
        metavar="NAME",
        help="begin with what you liked in this population of the same model (default: with none)",
    )
    completion.completed(taste_of, completion.populations)
    options.look(parser)
    options.painting_ahead(parser)
    parser.add_argument("--no-open", action="store_true", help="create it without opening it")
    options.device(parser)
    options.as_json(parser)


def run(args: Options) -> int:
    """Make the population; open it except with --no-open."""
    from tui.drawing import terminal

    opens = not (args.no_open or args.as_json) and terminal.is_there()
    if opens:
        opening.begin_renderer(args.model)
    from populations.core.captions import counted
    from populations.studio.founding_remarks import founding_remarks
    from populations.studio.models.measured import needed_variety, seeds_remark
    from populations.studio.new import DEFAULT_MODEL, CreateRequest, create
    from tui.app.start import enter

    home = opening.home_at(args.home)
    request = CreateRequest(
        **args.founding,
        **args.starting,
        prompt=args.prompt,
        page=args.page,
        images=tuple(args.images or ()),
        among=args.among,
        taste_of=args.taste_of,
    )
    card = fetch_missing(args.model or DEFAULT_MODEL)
    with create(home, request, card=card) as population:
        created, config = list(population.ids()), population.config
    if not opens:  # else the app says it
        note(seeds_remark(needed_variety(card), config) if args.variety is None else "")
        for line in founding_remarks(card, config):
            note(line)
        say(
            args,
            {"name": args.name, "created": created},
            f"created '{args.name}' with {counted(len(created), 'individual')}; "
            f"open it with 'fancier open \"{args.name}\"'",
        )
        return 0
    return enter(home, args.name, blocks=args.blocks, ahead=args.ahead)
