"""`fancier export`: pictures as PNG with their recipe inside, or a contact sheet."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.errors import ArchiveError, GenomeError
from tui import opening
from tui.output import say

if TYPE_CHECKING:
    from populations import Population


def run(args: Any) -> int:
    """Write the files and name them."""
    with closing(opening.open_population(args, write=False)) as population:
        ids = _wanted(args, population)
        try:
            files = (
                _sheet(args.to, population, ids) if args.sheet else _pngs(args.to, population, ids)
            )
        except OSError as error:
            raise ArchiveError(f"cannot write to {args.to}: {error.strerror or error}") from None
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
    for i in args.ids:
        if i in empty:
            raise GenomeError(
                f"individual {i} is not painted: 'fancier paint {args.name} --ids {i}'"
            )
    return list(dict.fromkeys(args.ids))


def _pngs(to: Path, population: Population, ids: list[int]) -> list[Path]:
    from populations.recipe import write_png

    if to.suffix.lower() == ".png":
        if len(ids) != 1:
            raise GenomeError(f"{len(ids)} pictures do not fit in one file: give a folder")
        to.parent.mkdir(parents=True, exist_ok=True)
        files = [to]
    else:
        to.mkdir(parents=True, exist_ok=True)
        files = [to / f"{population.name}-{i:05d}.png" for i in ids]
    for i, file in zip(ids, files, strict=True):
        write_png(file, population, i)
    return files


def _sheet(to: Path, population: Population, ids: list[int]) -> list[Path]:
    from populations.sheet import contact_sheet

    file = to if to.suffix.lower() == ".png" else to / f"{population.name}-sheet.png"
    file.parent.mkdir(parents=True, exist_ok=True)
    contact_sheet(population, ids).save(file)
    return [file]
