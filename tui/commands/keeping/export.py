"""`fancier export`: pictures with their recipe inside, contact sheets, lines of descent, clips."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from evolve.errors import ArchiveError, GenomeError
from tui.cli import opening, options
from tui.cli.output import UsageError, progress, say, writing

if TYPE_CHECKING:
    from PIL.Image import Image

    from populations import Population

SUFFIX = ".zip"
"""Of a file that holds a whole population."""

FRAMES = 12
"""Pictures from one individual to the next in a walk."""

SUMMARY = "write pictures as PNG, with their recipe inside"


class Options(options.Common):
    """What `fancier export` is asked with."""

    name: str
    as_of: str | None
    ids: list[int]
    to: Path
    line: bool
    sheet: bool
    walk: bool
    all: bool


def declare(parser: ArgumentParser) -> None:
    """Add its options."""
    options.population(parser)
    options.as_of(parser)
    parser.add_argument(
        "ids", nargs="*", type=int, metavar="ID", help="which; else --all is needed"
    )
    parser.add_argument("--to", type=Path, required=True, metavar="DIR|FILE")
    parser.add_argument(
        "--line", action="store_true", help="those from the founder (or a first ID) to an ID"
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--sheet", action="store_true", help="one contact sheet with captions")
    shape.add_argument(
        "--walk", action="store_true", help="a clip from each to the next: .gif, .webp or .mp4"
    )
    parser.add_argument("--all", action="store_true", help="every painted individual")
    options.device(parser, default=options.UNLESS_BEFORE)
    options.as_json(parser)


def run(args: Options) -> int:
    """Write the files and name them."""
    if not (args.ids or ((args.all or args.sheet) and not args.line)):
        raise UsageError("say which individuals to export: ids, or --all, or --sheet")
    with closing(
        opening.open_population(args.home, args.name, write=False, as_of=args.as_of)
    ) as population:
        if args.to.suffix.lower() == SUFFIX:
            files = _parcel(args, population)
        else:
            write = _walk if args.walk else _one if args.sheet or args.line else _pngs
            files = write(args, population, _wanted(args, population))
    say(args, {"files": [str(f) for f in files]}, "\n".join(map(str, files)))
    return 0


def _wanted(args: Options, population: Population) -> list[int]:
    """Return whom to export; all of them are painted, except where a walk paints its own."""
    kept = set(population.kept_pictures().tolist())
    empty = {i for i in range(len(population)) if i not in kept} | set(population.failed())
    opening.require(population, args.ids)
    if args.line:
        return [i for i in _descent(args.ids, population) if i not in empty]
    if args.ids:
        for i in args.ids:
            if i in empty and not args.walk:
                raise GenomeError(
                    f"individual {i} is not painted: 'fancier paint \"{args.name}\" --ids {i}'"
                )
        return list(dict.fromkeys(args.ids))
    ids = [i for i in range(len(population)) if i not in empty]
    if not ids:
        raise ArchiveError(
            f"nothing of '{args.name}' is painted yet: 'fancier paint \"{args.name}\"'"
        )
    return ids


def _descent(ends: list[int], population: Population) -> list[int]:
    """Return the line of descent from the founder, or from the first of two ids."""
    from populations.lineage.descent import line

    if len(ends) > 2:
        raise GenomeError("a line has two ends: give one id, or an ancestor and a descendant")
    return line(population.births(), ends[-1], ends[0] if len(ends) == 2 else None)


def _parcel(args: Options, population: Population) -> list[Path]:
    """Write the whole population to one file, from which another machine imports it."""
    from populations.exchange.parcel import pack

    if not args.all or args.ids:
        raise GenomeError(f"{args.to} would hold the whole population: say so with --all")
    if args.as_of:
        raise GenomeError(f"{args.to} would hold the population as it is now: leave --as-of out")
    with writing(args.to) as unfinished:
        pack(population.path, unfinished)
    return [args.to]


def _pngs(args: Options, population: Population, ids: list[int]) -> list[Path]:
    from populations.exchange.recipe import write_png

    to: Path = args.to
    if to.suffix.lower() != ".png":
        files = [to / f"{population.name}-{i:05d}.png" for i in ids]
    elif len(ids) == 1:
        files = [to]
    else:
        raise GenomeError(f"{len(ids)} pictures do not fit in one file: give a folder")
    for i, file in zip(ids, files, strict=True):
        with writing(file) as unfinished:
            write_png(unfinished, population, i)
    return files


def _one(args: Options, population: Population, ids: list[int]) -> list[Path]:
    """Write all pictures in one."""
    from populations.exchange.contact_sheet import contact_sheet, strip

    if not ids:
        raise ArchiveError(f"nobody on the line of {args.ids[-1]} is painted")
    name = "sheet" if args.sheet else f"line-{ids[-1]}"
    to: Path = args.to
    file = to if to.suffix.lower() == ".png" else to / f"{population.name}-{name}.png"
    image: Image = (contact_sheet if args.sheet else strip)(population, ids)
    with writing(file) as unfinished:
        image.save(unfinished, "PNG")
    return [file]


def _walk(args: Options, population: Population, ids: list[int]) -> list[Path]:
    """Paint what lies between each individual and the next."""
    from evolve.genome.walk import walk
    from evolve.rendering.process.starting import load_renderer
    from populations.exchange.animation import require_kind, write_animation

    if len(ids) < 2:
        raise GenomeError("a walk leads from one individual to others: give two ids or more")
    to: Path = args.to
    require_kind(to)
    genomes = walk([population.genome(i) for i in ids], FRAMES)
    with load_renderer(population.model) as renderer, progress("painting") as bar:
        task = bar.add_task("", total=len(genomes), note="")
        pictures = renderer.paint(genomes, done=lambda: bar.advance(task))
    with writing(to) as unfinished:
        write_animation(unfinished, pictures)
    return [to]
