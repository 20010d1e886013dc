"""`fancier lost`: where, on the way from a better ancestor, the picture changed the most."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli import completion, options, values
from tui.cli.output import say, table, tell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image

    from evolve.scoring.clip import Clip
    from evolve.session.archive import Picture
    from populations import Population
    from populations.lineage.lost import Change, Embed

SUMMARY = "find where in a line of descent the picture changed most"


class Options(options.Common):
    name: str
    id: int
    earlier: int
    to: Path | None
    clip: str | None


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    parser.add_argument("id", type=values.individual, metavar="ID", help="later individual")
    parser.add_argument(
        "earlier", type=values.individual, metavar="EARLIER", help="earlier ancestor"
    )
    parser.add_argument(
        "--to", type=Path, metavar="FILE.png", help="write the pictures side by side to a file"
    )
    clip = parser.add_argument(
        "--clip",
        metavar="MODEL",
        help="CLIP model to compare with: a folder or a hub name (default: the model's own)",
    )
    completion.completed(clip, completion.models)
    options.as_json(parser)


def run(args: Options) -> int:
    """Print the steps of the line, and the one with the largest change."""
    from populations.core.making import made
    from populations.exchange.new_file import require_png, save_png
    from populations.lineage import lost
    from populations.studio.opening import open_saved, require

    if args.to:
        require_png(args.to)

    with open_saved(args.home, args.name, write=False) as population:
        require(population, [args.id, args.earlier])
        steps = lost.changes(population, args.id, args.earlier, _embed(args, population))
        worst, births = lost.most(steps), population.births()
        if args.to:
            save_png(_strip(population, steps, worst), args.to)
    rows = [
        {
            "from": step.before,
            "to": step.after,
            "operator": births[step.after].origin.operator,
            "pixels": round(step.pixels, 4),
            "clip": None if step.meaning is None else round(step.meaning, 4),
        }
        for step in steps
    ]
    data = {
        "name": args.name,
        "changes": rows,
        "most": {"from": worst.before, "to": worst.after},
        "files": [str(args.to)] if args.to else [],
    }
    if args.as_json:
        say(args, data, "")
        return 0
    table(
        ["from", "to", "made by", "pixels", "clip", ""],
        [
            [
                step.before,
                step.after,
                made(births[step.after]),
                f"{step.pixels:.1%}",
                "" if step.meaning is None else f"{step.meaning:.3f}",
                "<- largest" if step is worst else "",
            ]
            for step in steps
        ],
        cut=["made by"],
    )
    tell(
        f"The largest change is from {worst.before} to {worst.after}; "
        f"{worst.before} is the last picture before it."
    )
    return 0


def _embed(args: Options, population: Population) -> Embed | None:
    """Return what embeds pictures; None if no CLIP comes with the model and none was named."""
    from populations.studio.models.own_model import card_if_there

    card = card_if_there(population.model)  # without it pixels can be compared all the same
    source = args.clip or (None if card is None else card.clip)
    if source is None:
        return None

    @cache
    def clip() -> Clip:
        from evolve.scoring.clip import Clip  # loaded once it is known that there are pictures

        return Clip(source)

    def embed(pictures: Sequence[Picture]) -> NDArray[np.float64]:
        return clip().embed(pictures)

    return embed


def _strip(population: Population, steps: list[Change], worst: Change) -> Image:
    from populations.core.captions import named
    from populations.exchange.contact_sheet import mosaic

    verdicts = population.verdicts()
    ids = [steps[0].before, *(step.after for step in steps)]
    captions = [""] + [
        f"{step.pixels:.1%}"
        + ("" if step.meaning is None else f"  {step.meaning:.3f}")
        + ("  largest" if step is worst else "")
        for step in steps
    ]
    cells = [
        (population.painted(i), [named(i, verdicts.get(i)), text])
        for i, text in zip(ids, captions, strict=True)
    ]
    return mosaic(cells, columns=8)
