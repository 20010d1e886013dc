"""`fancier export`: pictures as PNG with their recipe inside, contact sheets, lines of descent."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.errors import ArchiveError, GenomeError
from tui import opening
from tui.output import say, writing

if TYPE_CHECKING:
    from PIL.Image import Image

    from populations import Population


def run(args: Any) -> int:
    """Write the files and name them."""
    with closing(opening.open_population(args, write=False)) as population:
        ids = _wanted(args, population)
        write = _sheet if args.sheet else _line if args.line else _pngs
        files = write(args.to, population, ids)
    say(args, {"files": [str(f) for f in files]}, "\n".join(map(str, files)))
    return 0


def _wanted(args: Any, population: Population) -> list[int]:
    count = len(population.births())
    empty = set(population.unpainted()) | set(population.failed())
    if args.all or (args.sheet and not args.ids):
        ids = [i for i in range(count) if i not in empty]
        if not ids:
            raise ArchiveError(
                f"nothing of '{args.name}' is painted yet: 'fancier paint {args.name}'"
            )
        return ids
    opening.require(population, args.ids)
    if args.line:
        return _descent(args.ids, population)
    for i in args.ids:
        if i in empty:
            raise GenomeError(
                f"individual {i} is not painted: 'fancier paint {args.name} --ids {i}'"
            )
    return list(dict.fromkeys(args.ids))


def _descent(ends: list[int], population: Population) -> list[int]:
    """Return the painted individuals on the line of descent from the founder, or the first id."""
    from populations.lineage import line

    if len(ends) > 2:
        raise GenomeError("a line has two ends: give one id, or an ancestor and a descendant")
    whole = line(population.births(), ends[-1], ends[0] if len(ends) == 2 else None)
    painted = [i for i in whole if population.picture(i) is not None]
    if not painted:
        raise ArchiveError(f"nobody on the line of {ends[-1]} is painted")
    return painted


def _pngs(to: Path, population: Population, ids: list[int]) -> list[Path]:
    from populations.recipe import write_png

    if to.suffix.lower() != ".png":
        files = [to / f"{population.name}-{i:05d}.png" for i in ids]
    elif len(ids) == 1:
        files = [to]
    else:
        raise GenomeError(f"{len(ids)} pictures do not fit in one file: give a folder")
    for i, file in zip(ids, files, strict=True):
        with writing(file):
            write_png(file, population, i)
    return files


def _sheet(to: Path, population: Population, ids: list[int]) -> list[Path]:
    from populations.sheet import contact_sheet

    return _one(to, f"{population.name}-sheet.png", contact_sheet(population, ids))


def _line(to: Path, population: Population, ids: list[int]) -> list[Path]:
    from populations.sheet import strip

    return _one(to, f"{population.name}-line-{ids[-1]}.png", strip(population, ids))


def _one(to: Path, name: str, image: Image) -> list[Path]:
    file = to if to.suffix.lower() == ".png" else to / name
    with writing(file):
        image.save(file, "PNG")
    return [file]
