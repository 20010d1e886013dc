"""A population as files: pictures with their recipe, a sheet, a line of descent, a page, or all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from evolve.errors import ArchiveError, GenomeError
from evolve.rendering.process import starting
from evolve.search.operators.crossover import walk
from populations.core.population import Population
from populations.exchange.animation import require_kind, write_animation
from populations.exchange.contact_sheet import contact_sheet, strip
from populations.exchange.new_file import require_png, save_png, writing
from populations.exchange.own_file import require_own
from populations.exchange.parcel import pack
from populations.exchange.recipe import file_name, write_png
from populations.lineage.descent import line
from populations.lineage.gallery_page import write_gallery
from populations.studio.opening import open_saved, require

WHOLE = ".zip"
"""Suffix of a file that holds a whole population."""
INSTEAD = {
    **dict.fromkeys((".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"), ".png"),
    **dict.fromkeys((".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar"), WHOLE),
}
"""By suffixes of files that are not written, what is written instead."""
FRAMES = 12
"""Pictures from one individual to the next in a walk."""

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What to export, and as what."""

    to: Path
    """A folder, or a file; one that ends in .zip takes the whole population."""
    ids: tuple[int, ...] = ()
    """Individuals to export; empty for all that are painted."""
    line: bool = False
    """Those from the founder, or from the first of two `ids`, to the last."""
    form: Literal["pictures", "sheet", "walk", "gallery"] = "pictures"
    """A PNG each (of a line: one strip); one contact sheet; a clip from each to the next; a page
    for browsers.
    """
    whole: bool = False
    """Whether all of it is to be exported; what a .zip takes."""
    as_of: str | None = None
    """The commit or time to show the population as of."""


def export(
    home: Path | None,
    name: str,
    request: ExportRequest,
    *,
    on_progress: Report = lambda done, total: None,
) -> list[Path]:
    """Write the files and return them.

    `on_progress` receives how many pictures of a walk are painted, and how many it has.

    Raises:
        ArchiveError: A file cannot be written or is somebody else's, or there is nothing to export.
        GenomeError: An individual is not there or not painted, or the request is invalid.
    """
    with open_saved(home, name, write=False, as_of=request.as_of) as population:
        suffix = request.to.suffix.lower()
        if request.form == "pictures" and suffix == WHOLE:
            return _whole(population, request)
        if request.form in ("pictures", "sheet") and suffix in (*INSTEAD, WHOLE):
            instead = INSTEAD.get(suffix, WHOLE) if request.form == "pictures" else ".png"
            raise GenomeError(
                f"'{request.to.name}' is not the name of an export: end it with {instead}"
            )
        ids = _wanted(population, request)
        if request.form == "walk":
            return _walk(population, request.to, ids, on_progress)
        if request.form == "gallery":
            return write_gallery(population, ids, request.to)[:1]  # the page leads to the rest
        if request.form == "sheet" or request.line:
            return _one(population, request, ids)
        return _pictures(population, request.to, ids)


def _wanted(population: Population, request: ExportRequest) -> list[int]:
    """Return the ids to export; all of them are painted, except where a walk paints its own."""
    kept = set(population.kept_pictures().tolist())
    empty = {i for i in range(len(population)) if i not in kept} | set(population.failed())
    name = population.name
    require(population, request.ids)
    if request.line:
        ids = [i for i in _descent(request.ids, population) if i not in empty]
        if not ids:
            raise ArchiveError(
                f"none of the line of {request.ids[-1]} is painted yet: "
                f"'fancier paint \"{name}\"' paints it"
            )
        return ids
    if request.ids:
        for i in request.ids:
            if i in empty and request.form != "walk":
                raise GenomeError(
                    f"individual {i} is not painted: 'fancier paint \"{name}\" --ids {i}' paints it"
                )
        return list(dict.fromkeys(request.ids))
    ids = [i for i in range(len(population)) if i not in empty]
    if not ids:
        raise ArchiveError(
            f"nothing of '{name}' is painted yet: 'fancier paint \"{name}\"' paints all of it"
        )
    return ids


def _descent(ends: Sequence[int], population: Population) -> list[int]:
    """Return the line of descent from the founder, or from the first of two ids."""
    if not 1 <= len(ends) <= 2:
        raise GenomeError("a line of descent takes one id, or an ancestor and a descendant")
    return line(population.births(), ends[-1], ends[0] if len(ends) == 2 else None)


def _whole(population: Population, request: ExportRequest) -> list[Path]:
    """Write the whole population to one file, from which another machine imports it."""
    if not request.whole or request.ids:
        raise GenomeError(
            f"'{request.to}' would hold the whole population: ask for all of it, without ids"
        )
    if request.as_of:
        raise GenomeError(f"'{request.to}' would hold the population as it is now: leave as-of out")
    with writing(request.to) as unfinished:
        pack(population.path, unfinished)
    return [request.to]


def _pictures(population: Population, to: Path, ids: Sequence[int]) -> list[Path]:
    if to.suffix.lower() != ".png":
        files = [to / file_name(population, i) for i in ids]
    elif len(ids) == 1:
        files = [to]
    else:
        raise GenomeError(f"{len(ids)} pictures do not fit in one file: give a folder")
    require_own(*files)
    for i, file in zip(ids, files, strict=True):
        with writing(file, known=True) as unfinished:
            write_png(unfinished, population, i)
    return files


def _one(population: Population, request: ExportRequest, ids: Sequence[int]) -> list[Path]:
    """Write all pictures in one."""
    sheet, to = request.form == "sheet", request.to
    name = "sheet" if sheet else f"line-{ids[-1]}"
    file = to if to.suffix.lower() == ".png" else to / f"{population.name}-{name}.png"
    require_png(file)
    save_png((contact_sheet if sheet else strip)(population, ids), file)
    return [file]


def _walk(population: Population, to: Path, ids: Sequence[int], on_progress: Report) -> list[Path]:
    """Paint what lies between each individual and the next."""
    if len(ids) < 2:
        raise GenomeError("a walk leads from one individual to others: give two ids or more")
    require_kind(to)
    require_own(to)
    genomes = walk([population.genome(i) for i in ids], FRAMES)
    done = 0

    def count() -> None:
        nonlocal done
        done += 1
        on_progress(done, len(genomes))

    with starting.load_renderer(population.model) as renderer:
        on_progress(0, len(genomes))
        pictures = renderer.paint(genomes, done=count)
    with writing(to) as unfinished:
        write_animation(unfinished, pictures)
    return [to]
