"""`fancier import`: pictures from elsewhere become founders."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from evolve.errors import ArchiveError
from tui.cli import opening, options
from tui.cli.output import counting, say

SUMMARY = "import pictures as founders, or a whole population"


class Options(options.FoundingOptions, options.StartingOptions):
    name: str
    files: list[Path]
    prompt: str | None
    picture: bool
    branch: str | None


def declare(parser: ArgumentParser) -> None:
    options.population(parser, "the population; created if it does not exist")
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="pictures, or folders of them: those of fancier, A1111, ComfyUI, Fooocus, InvokeAI, "
        "NovelAI, SD.Next and SwarmUI keep their recipe; or one exported population (.zip)",
    )
    parser.add_argument("--prompt", metavar="TEXT", help="prompt for files that carry none")
    parser.add_argument(
        "--picture", action="store_true", help="import only the picture, without its metadata"
    )
    options.branch(parser)
    options.starting(parser)
    options.founding(parser)
    options.device(parser)
    options.as_json(parser)


def run(args: Options) -> int:
    """Import the files into a population, which is made if it is not there; all or none."""
    from populations.core.captions import counted, numbered
    from populations.studio.import_files import ImportRequest, import_files

    if any(file.suffix.lower() == ".zip" for file in args.files):
        return _unpack(args)
    imported = import_files(
        opening.home_at(args.home),
        ImportRequest(
            **args.founding,
            **args.starting,
            files=tuple(args.files),
            prompt=args.prompt,
            picture_only=args.picture,
            branch=args.branch,
        ),
    )
    created = imported.created
    data = {
        "name": args.name,
        "branch": imported.branch,
        "created": created,
        "kinds": imported.kinds,
        "notes": imported.notes,
    }
    done = (
        f"imported {counted(len(created), 'picture')} as {numbered(created)} of '{args.name}' "
        f"(branch {imported.branch}){_counted(imported.kinds)}"
    )
    say(args, data, "\n".join([done, *imported.brief]))
    return 0


def _counted(kinds: Sequence[str]) -> str:
    """Return which came with a recipe, as `: 2 with a recipe of ComfyUI, 1 as a picture`."""
    counts = [
        f"{count} with a recipe of {kind}" if kind else f"{count} as a picture"
        for kind, count in Counter(kinds).items()
    ]
    return f": {', '.join(counts)}"


def _unpack(args: Options) -> int:
    """Make the population that another machine exported whole."""
    from populations.core.captions import counted
    from populations.studio.import_files import import_population

    if len(args.files) > 1:
        raise ArchiveError("import one whole population at a time: give one .zip file")
    given = {**args.founding, "prompt": args.prompt, "picture": args.picture or None}
    given |= {"branch": args.branch, **args.starting}
    names = [name for name, value in given.items() if name != "name" and value not in (None, "")]
    if names:
        unused = ", ".join(f"--{name.replace('_', '-')}" for name in names)
        raise ArchiveError(f"a whole population comes as it was: leave out {unused}")
    home = opening.home_at(args.home)
    with counting("checking") as show:
        imported = import_population(home, args.name, args.files[0], on_progress=show)
    data = {"name": args.name, "created": imported.created, "notes": imported.notes}
    done = f"imported '{args.name}' with {counted(len(imported.created), 'individual')}"
    say(args, data, "\n".join([done, *imported.notes]))
    return 0
