"""`fancier export`: pictures with their recipe inside, contact sheets, lines of descent, clips."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.errors import ArchiveError, GenomeError
from tui.cli import opening
from tui.cli.output import progress, say, writing

if TYPE_CHECKING:
    from PIL.Image import Image

    from populations import Population

SUFFIX = ".zip"
"""Of a file that holds a whole population."""

FRAMES = 12
"""Pictures from one individual to the next in a walk."""


def run(args: Any) -> int:
    """Write the files and name them."""
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


def _wanted(args: Any, population: Population) -> list[int]:
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


def _parcel(args: Any, population: Population) -> list[Path]:
    """Write the whole population to one file, from which another machine imports it."""
    from populations.exchange.parcel import pack

    if not args.all or args.ids:
        raise GenomeError(f"{args.to} would hold the whole population: say so with --all")
    if args.as_of:
        raise GenomeError(f"{args.to} would hold the population as it is now: leave --as-of out")
    with writing(args.to) as unfinished:
        pack(population.path, unfinished)
    return [args.to]


def _pngs(args: Any, population: Population, ids: list[int]) -> list[Path]:
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


def _one(args: Any, population: Population, ids: list[int]) -> list[Path]:
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


def _walk(args: Any, population: Population, ids: list[int]) -> list[Path]:
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
