"""`fancier replay`: paint again from the record, and say whether it is the same picture."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from evolve.errors import ArchiveError, GenomeError
from tui import opening
from tui.fetching import fetch_missing
from tui.output import progress, say

if TYPE_CHECKING:
    from evolve.archive import Picture
    from evolve.genome import Genome


def run(args: Any) -> int:
    """Replay individuals of a population, or a PNG that carries its recipe."""
    file = Path(args.name)
    if file.suffix.lower() == ".png":
        from populations.recipe import read_recipe

        recipe = read_recipe(file)
        model, wanted = recipe.model, [(recipe.individual, recipe.genome, recipe.picture)]
    else:
        model, wanted = _saved(args)
    results = []
    for (i, _, before), after in zip(wanted, _paint(model, [g for _, g, _ in wanted]), strict=True):
        difference = (
            int(np.abs(before.astype(int) - after.astype(int)).max())
            if before.shape == after.shape
            else 255
        )
        results.append({"id": i, "identical": difference == 0, "max_pixel_difference": difference})
    same = sum(bool(r["identical"]) for r in results)
    text = [
        f"{r['id']}: differs by up to {r['max_pixel_difference']} of 255"
        for r in results
        if not r["identical"]
    ]
    say(args, {"results": results}, "\n".join([*text, f"{same} of {len(results)} identical"]))
    return 0 if same == len(results) else 1


def _saved(args: Any) -> tuple[str, list[tuple[int, Genome, Picture]]]:
    with closing(opening.open_population(args, write=False)) as population:
        failed = population.failed()
        ids = args.ids or [i for i in population.kept_pictures().tolist() if i not in failed]
        if not ids:
            raise ArchiveError(
                f"nothing of '{args.name}' is painted yet: 'fancier paint {args.name}'"
            )
        opening.require(population, ids)
        wanted = []
        for i in ids:
            picture = population.picture(i)
            if picture is None:
                raise GenomeError(f"individual {i} has no picture to compare with")
            wanted.append((i, population.genome(i), picture))
        return str(population.config["model"]), wanted


def _paint(model: str, genomes: list[Genome]) -> list[Picture]:
    from evolve.rendering.process import load_renderer

    fetch_missing(model)
    with load_renderer(model) as renderer, progress("painting") as bar:
        task = bar.add_task("", total=len(genomes), note="")
        return renderer.paint(genomes, done=lambda: bar.advance(task))
