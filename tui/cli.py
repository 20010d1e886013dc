"""The command line: `fancier COMMAND …`.

Only what parses arguments is imported here; each command imports its own needs when it runs, so
that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from evolve.errors import FancierError
from tui.config import BLOCKS

DESCRIPTION = """\
fancier: breed images by eye.

Paint many pictures from a few words, say which you like, and breed the next ones from them.
Start with 'fancier' alone, or with:

  fancier new faces "a smiling woman with red hair"
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0, 1 could not, 2 wrong usage, 130 interrupted."""
    parser = build_parser()
    args = parser.parse_args(argv)
    if args.command == "export" and not (args.ids or ((args.all or args.sheet) and not args.line)):
        parser.error("say which individuals to export: ids, or --all, or --sheet")
    if args.command == "models" and args.get and not args.model:
        parser.error("say which model to get: owner/name")
    module = importlib.import_module(f"tui.commands.{args.command or 'home'}")
    try:
        return int(module.run(args) or 0)
    except FancierError as error:
        print(f"fancier: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("fancier: interrupted; everything up to now is saved", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `fancier list | head`
        sys.stderr.close()
        return 1


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = _Parser(
        prog="fancier",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="'fancier COMMAND --help' tells more about a command.",
    )
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="print the version")
    _home(parser)
    _look(parser)
    parser.set_defaults(command=None, as_json=False, branch="main", as_of=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

    new = _command(commands, "new", "make a population and open it")
    _name(new, "its name: letters, digits, - and _")
    new.add_argument("prompt", metavar="PROMPT", help="what to paint, in a few words")
    _founding(new)
    new.add_argument(
        "--from",
        dest="images",
        nargs="+",
        type=Path,
        metavar="IMAGE",
        help="begin with variations of these pictures",
    )
    _starting(new)
    new.add_argument("--page", type=_count, default=12, metavar="N", help="pictures per page (12)")
    _look(new, default=argparse.SUPPRESS)
    new.add_argument("--no-open", action="store_true", help="only make it")

    opened = _command(commands, "open", "open a population in the app", json=False)
    _name(opened)
    _branch(opened)
    _look(opened, default=argparse.SUPPRESS)

    serve = _command(commands, "serve", "show the app in a browser", json=False)
    serve.add_argument("name", nargs="?", metavar="NAME", help="a population; else the list")
    serve.add_argument(
        "--host", default="127.0.0.1", metavar="H", help="address to listen at (127.0.0.1)"
    )
    serve.add_argument("--port", type=_port, default=8000, metavar="P", help="port (8000)")
    serve.add_argument(
        "--token", metavar="T", help="what the browser has to know (a new one each time)"
    )

    run = _command(commands, "run", "breed without a person, judged by a score")
    _name(run, "the population; made if it is not there (then --prompt is needed)")
    run.add_argument("--prompt", help="what to paint")
    _branch(run)
    _founding(run)
    run.add_argument("--page", type=_count, metavar="N", help="pictures per generation (12)")
    budget = run.add_mutually_exclusive_group(required=True)
    budget.add_argument(
        "--images", type=_count, metavar="N", help="until the population has N pictures in all"
    )
    budget.add_argument("--minutes", type=_minutes, metavar="M", help="for M minutes")
    run.add_argument(
        "--fitness",
        type=_fitness,
        metavar="clip[:TEXT]",
        help="what pictures are judged by: CLIP against their own prompt, or against TEXT",
    )
    run.add_argument(
        "--clip", metavar="MODEL", help="the CLIP to judge with: a folder or a hub name"
    )
    run.add_argument(
        "--keep",
        choices=("all", "best", "none"),
        default="all",
        help="which pictures to keep: all; best: what is rated or pinned, the 24 with the best "
        "scores and the last 2 generations; none. Others can be painted again",
    )
    run.add_argument(
        "--reserve",
        type=_megabytes,
        default=200,
        metavar="MB",
        help="stop while so much is still free on the disk (200)",
    )
    run.add_argument(
        "--strategy",
        choices=("evolve", "best-of-n"),
        default="evolve",
        help="breed from the best (evolve), or only draw at random (best-of-n)",
    )

    paint = _command(commands, "paint", "paint what has no picture yet")
    _name(paint)
    paint.add_argument(
        "--ids", type=_ids, metavar="ID,ID", help="only these, also if failed before"
    )

    rate = _command(commands, "rate", "rate pictures from a script")
    _name(rate)
    rate.add_argument(
        "ratings", nargs="+", type=_rating, metavar="ID=VALUE", help="1 to 5; 0 takes it back"
    )
    rate.add_argument("--by", default="script", metavar="WHO", help="who says so")

    breed = _command(commands, "breed", "make children, as the b key does in the app")
    _name(breed)
    _branch(breed)
    breed.add_argument("--count", type=_count, metavar="N", help="how many (one page)")
    breed.add_argument("--parents", type=_ids, default=(), metavar="ID,ID", help="of these alone")
    breed.add_argument(
        "--strength", type=_degrees, metavar="DEG", help="step in degrees, 0 (a copy) to 90"
    )
    breed.add_argument(
        "--region",
        type=_region,
        metavar="X0,Y0,X1,Y1",
        help="paint the one parent anew inside this box only: left, top, right, bottom in shares "
        "of the picture (0.3,0.6,0.7,0.9) or, above 1, in pixels; widened to whole latent cells",
    )
    breed.add_argument(
        "--depth",
        type=_depth,
        metavar="D",
        help="how far back to pure noise painting over begins, up to 1 (all the way)",
    )

    _command(commands, "list", "list the populations")
    rename = _command(commands, "rename", "give a population another name")
    _name(rename)
    rename.add_argument("new", metavar="NEW", help="its new name")
    copy = _command(commands, "copy", "copy a population as it is now")
    _name(copy)
    copy.add_argument("new", metavar="NEW", help="the name of the copy")
    delete = _command(commands, "delete", "move populations to the trash")
    delete.add_argument("names", nargs="+", metavar="NAME", help="the populations")
    trash = _command(commands, "trash", "list what is in the trash, take it back or remove it")
    what = trash.add_mutually_exclusive_group()
    what.add_argument("--restore", metavar="NAME", help="take this one back")
    what.add_argument("--empty", action="store_true", help="remove all of it for ever")
    show = _command(commands, "show", "tell what a population or one of its individuals is")
    _name(show)
    _branch(show, default=None)
    _as_of(show)
    show.add_argument("id", nargs="?", type=int, metavar="ID")

    branch = _command(commands, "branch", "go on from an earlier point; the old way stays")
    _name(branch)
    branch.add_argument(
        "new", nargs="?", metavar="NEWBRANCH", help="its name; without one, list the branches"
    )
    branch.add_argument(
        "--at",
        type=_point,
        metavar="ID|@COMMIT",
        help="from the page of an individual, or from a commit (now)",
    )

    tree = _command(commands, "tree", "draw who descends from whom")
    _name(tree)
    _as_of(tree)
    tree.add_argument("id", nargs="?", type=int, metavar="ID", help="only its family")
    tree.add_argument("--png", type=Path, metavar="FILE", help="as a picture with thumbnails")
    tree.add_argument("--svg", type=Path, metavar="FILE", help="the same, to zoom into")

    lost = _command(commands, "lost", "find where on a line of descent the most changed")
    _name(lost)
    lost.add_argument("id", type=int, metavar="ID", help="who lost it")
    lost.add_argument("earlier", type=int, metavar="EARLIER", help="an ancestor who still had it")
    lost.add_argument("--to", type=Path, metavar="FILE.png", help="the pictures as a strip")
    lost.add_argument("--clip", metavar="MODEL", help="the CLIP to see with: a folder or hub name")

    export = _command(commands, "export", "write pictures as PNG, with their recipe inside")
    _name(export)
    _as_of(export)
    export.add_argument(
        "ids", nargs="*", type=int, metavar="ID", help="which; else --all is needed"
    )
    export.add_argument("--to", type=Path, required=True, metavar="DIR|FILE")
    export.add_argument(
        "--line", action="store_true", help="those from the founder (or a first ID) to an ID"
    )
    shape = export.add_mutually_exclusive_group()
    shape.add_argument("--sheet", action="store_true", help="one contact sheet with captions")
    shape.add_argument(
        "--walk", action="store_true", help="a clip from each to the next: .gif, .webp or .mp4"
    )
    export.add_argument("--all", action="store_true", help="every painted individual")

    bring = _command(commands, "import", "make founders of pictures from elsewhere")
    _name(bring, "the population; made if it is not there")
    bring.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="a PNG of fancier, A1111 or InvokeAI comes with its recipe, any other as a picture",
    )
    bring.add_argument("--prompt", help="what they show, if they do not say it")
    bring.add_argument(
        "--picture", action="store_true", help="take only the picture, not what it says of itself"
    )
    _starting(bring)
    _founding(bring)

    replay = _command(commands, "replay", "paint again from the record and compare")
    replay.add_argument("name", metavar="NAME|FILE.png")
    replay.add_argument("ids", nargs="*", type=int, metavar="ID")

    check = _command(commands, "check", "verify a population against its own record")
    _name(check)
    check.add_argument("--repair", action="store_true", help="mend what can be mended")

    models = _command(commands, "models", "list the models")
    models.add_argument("model", nargs="?", metavar="MODEL", help="tell more about this one")
    models.add_argument(
        "--get", action="store_true", help="download it from the hub first, or what is new of it"
    )
    _command(commands, "keys", "list the keys of the app, as the config file sets them")
    _command(commands, "doctor", "look at terminal, device and memory, and say what to change")
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line: what was wrong, and where to read more."""

    def error(self, message: str) -> NoReturn:
        print(f"fancier: {message}; see '{self.prog} --help'", file=sys.stderr)
        raise SystemExit(2)


class _ShowVersion(argparse.Action):
    """Prints the version, looked up only now: that takes longer than parsing."""

    def __call__(self, *_: object) -> NoReturn:
        from importlib.metadata import version

        print(f"fancier {version('fancier')}")
        raise SystemExit(0)


def _command(
    commands: argparse._SubParsersAction[_Parser],
    name: str,
    text: str,
    *,
    json: bool = True,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=text, description=text.capitalize() + "."
    )
    _home(parser, default=argparse.SUPPRESS)
    if json:
        parser.add_argument(
            "--json", dest="as_json", action="store_true", help="print one JSON object on stdout"
        )
    return parser


def _home(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    parser.add_argument(
        "--home",
        type=Path,
        default=default,
        metavar="DIR",
        help="where populations are kept ($FANCIER_HOME, else your data folder)",
    )


def _look(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Let a person say what pictures are made of; each later option replaces an earlier one."""
    parser.add_argument(
        "--blocks",
        choices=BLOCKS,
        default=default,
        help="what pictures are made of (quadrant); sextant is finer where the font has it",
    )
    for name, blocks, text in (
        ("--ascii", "ascii", "draw with ASCII characters only"),
        ("--no-images", "none", "tell of pictures in words, for screen readers"),
    ):
        parser.add_argument(
            name, dest="blocks", action="store_const", const=blocks, default=default, help=text
        )


def _name(parser: argparse.ArgumentParser, text: str = "the population") -> None:
    parser.add_argument("name", metavar="NAME", help=text)


def _founding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--negative", default="", metavar="TEXT", help="what not to paint")
    parser.add_argument(
        "--model",
        metavar="M",
        help="the model to paint with: portraits (the default), owner/name on the hub, a folder "
        "or a .safetensors file; M+LORA[:WEIGHT] adds a LoRA",
    )
    parser.add_argument("--size", type=_size, metavar="WxH", help="in pixels (the model's own)")
    parser.add_argument("--seed", type=_seed, metavar="S", help="the same seed, the same pictures")


def _branch(parser: argparse.ArgumentParser, default: str | None = "main") -> None:
    text = f"only this branch ({default or 'all'})"
    parser.add_argument("--branch", default=default, metavar="B", help=text)


def _as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", metavar="COMMIT|TIME", help="as it was after a commit, or at a time (ISO 8601)"
    )


def _starting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--depth",
        type=_depth,
        default=0.5,
        metavar="D",
        help="how far to go back from a picture towards noise: above 0 (it) to 1 (0.5)",
    )


def _fitness(text: str) -> str | None:
    """Return the text pictures are judged by; None for each one's own prompt."""
    kind, colon, words = text.partition(":")
    if kind != "clip" or (colon and not words.strip()):
        raise argparse.ArgumentTypeError(f"unknown fitness '{text}': use clip, or clip:TEXT")
    return words.strip() or None


def _point(text: str) -> tuple[str, int]:
    kind, number = ("commit", text[1:]) if text.startswith("@") else ("at", text)
    return kind, _whole(number, 0, 2**62)


def _count(text: str) -> int:
    return _whole(text, 1, 1_000_000)


def _port(text: str) -> int:
    return _whole(text, 1, 65535)


def _seed(text: str) -> int:
    return _whole(text, 0, 2**63 - 1)


def _whole(text: str, low: int, high: int) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number") from None
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{value} is not between {low} and {high}")
    return value


def _megabytes(text: str) -> int:
    return _whole(text, 0, 10**9)


def _minutes(text: str) -> float:
    return _number(text, 0.01, 100_000)


def _degrees(text: str) -> float:
    return _number(text, 0, 90)


def _depth(text: str) -> float:
    return _number(text, 0.01, 1)


def _region(text: str) -> tuple[float, float, float, float]:
    parts = text.split(",")
    if len(parts) != 4:
        raise argparse.ArgumentTypeError(f"'{text}' is not X0,Y0,X1,Y1, like 0.3,0.6,0.7,0.9")
    left, top, right, bottom = (_number(part, 0, 8192) for part in parts)
    return left, top, right, bottom


def _number(text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number") from None
    if not low <= value <= high:  # also refuses nan
        raise argparse.ArgumentTypeError(f"{text} is not between {low:g} and {high:g}")
    return value


def _ids(text: str) -> tuple[int, ...]:
    ids = tuple(_whole(part, 0, 2**62) for part in text.split(",") if part.strip())
    if not ids:
        raise argparse.ArgumentTypeError("there are no ids in it")
    return ids


def _rating(text: str) -> tuple[int, int]:
    individual, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"'{text}' is not ID=VALUE, like 7=4")
    return _whole(individual, 0, 2**62), _whole(value, 0, 5)


def _size(text: str) -> tuple[int, int]:
    width, times, height = text.lower().partition("x")
    if not times:
        raise argparse.ArgumentTypeError(f"'{text}' is not WxH, like 128x128")
    return _whole(width, 8, 8192), _whole(height, 8, 8192)


if __name__ == "__main__":
    sys.exit(main())
