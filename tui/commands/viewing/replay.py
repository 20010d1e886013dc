"""`fancier replay`: paint again from the record, and say whether it is the same picture.

What other files of the model painted is not painted again: that it looks otherwise proves nothing.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from evolve.errors import ArchiveError, GenomeError
from tui.cli import opening, options
from tui.cli.fetching import require_here
from tui.cli.output import progress, say

if TYPE_CHECKING:
    from evolve.genome import Genome
    from evolve.session.archive import Picture

MOST_ROWS = 1024
"""More than any forward has."""

SUMMARY = "paint again from the record and compare"


class Options(options.Common):
    """What `fancier replay` is asked with."""

    name: str
    ids: list[int]


def declare(parser: ArgumentParser) -> None:
    """Add its options."""
    parser.add_argument("name", metavar="NAME|FILE.png")
    parser.add_argument("ids", nargs="*", type=int, metavar="ID")
    options.device(parser, default=options.UNLESS_BEFORE)
    options.as_json(parser)


def run(args: Options) -> int:
    """Replay individuals of a population, or a PNG that carries its recipe."""
    file = Path(args.name)
    if file.suffix.lower() == ".png":
        from populations.exchange.recipe import read_recipe

        recipe = read_recipe(file)
        model = recipe.model
        wanted = [_Wanted(recipe.individual, recipe.genome, recipe.picture, recipe.record)]
    else:
        model, wanted = _saved(args)
    before, wanted = _parted(model, wanted)
    results = [
        _result(one, after) for one, after in zip(wanted, _paint(model, wanted), strict=True)
    ]
    same = sum(bool(r["identical"]) for r in results)
    text = [
        f"{r['id']}: differs by up to {r['max_pixel_difference']} of 255"
        for r in results
        if not r["identical"]
    ]
    if before:
        text.append(
            f"model '{model}' has changed since {_counted(before)} painted: "
            "what is saved stays, and it would paint another picture today"
        )
    if wanted:
        text.append(f"{same} of {len(results)} identical")
    changed = [{"id": one.id, "identical": None, "model_changed": True} for one in before]
    say(args, {"results": sorted(results + changed, key=lambda r: r["id"])}, "\n".join(text))
    return 0 if same == len(results) and not before else 1


def _counted(pictures: list[_Wanted]) -> str:
    if len(pictures) == 1:
        return f"{pictures[0].id} was"
    return f"{len(pictures)} pictures were"


def _parted(model: str, wanted: list[_Wanted]) -> tuple[list[_Wanted], list[_Wanted]]:
    """Return those that other files of the model painted, and those to paint again."""
    from evolve.models.catalog import describe
    from evolve.models.files.fingerprint import has_changed, identity

    require_here(model)
    now = identity(describe(model))
    before = [one for one in wanted if has_changed(one.record, now)]
    return before, [one for one in wanted if not has_changed(one.record, now)]


def _result(one: _Wanted, after: Picture) -> dict[str, Any]:
    import numpy as np

    before = one.picture
    difference = (
        int(np.abs(before.astype(int) - after.astype(int)).max())
        if before.shape == after.shape
        else 255
    )
    return {"id": one.id, "identical": difference == 0, "max_pixel_difference": difference}


class _Wanted(NamedTuple):
    """What is to be painted again."""

    id: int
    genome: Genome
    picture: Picture
    record: Mapping[str, Any]

    @property
    def rows(self) -> int | None:
        """The rows that its forwards had: 0 if it was painted alone, None if nobody knows.

        A file that somebody sent may tell anything.
        """
        rows = self.record.get("rows", "")
        if rows is None:
            return 0
        return rows if type(rows) is int and 1 <= rows <= MOST_ROWS else None


def _saved(args: Options) -> tuple[str, list[_Wanted]]:
    with closing(opening.open_population(args.home, args.name, write=False)) as population:
        failed = population.failed()
        ids = args.ids or [i for i in population.kept_pictures().tolist() if i not in failed]
        if not ids:
            raise ArchiveError(
                f"nothing of '{args.name}' is painted yet: 'fancier paint \"{args.name}\"'"
            )
        opening.require(population, ids)
        wanted = []
        for i in ids:
            picture = population.picture(i)
            if picture is None:
                raise GenomeError(f"individual {i} has no picture to compare with")
            wanted.append(_Wanted(i, population.genome(i), picture, population.record(i)))
        return str(population.config["model"]), wanted


def _paint(model: str, wanted: list[_Wanted]) -> list[Picture]:
    """Paint each with the rows that its record tells, in as few renderers as that takes."""
    from evolve.rendering.process.starting import load_renderer

    painted: dict[int, Picture] = {}
    if not wanted:
        return []
    with progress("painting") as bar:
        task = bar.add_task("", total=len(wanted), note="")
        for rows in dict.fromkeys(one.rows for one in wanted):
            some = [k for k, one in enumerate(wanted) if one.rows == rows]
            with load_renderer(model, rows=rows) as renderer:
                pictures = renderer.paint(
                    [wanted[k].genome for k in some], done=lambda: bar.advance(task)
                )
            painted.update(zip(some, pictures, strict=True))
    return [painted[k] for k in range(len(wanted))]
