"""`fancier tree`: lineages, as text or as a picture."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.errors import GenomeError
from tui.cli import options, values
from tui.cli.output import say

if TYPE_CHECKING:
    from populations import Population

FEW = 60
"""Individuals up to which everyone is shown."""

SUMMARY = "draw the family tree, as text or as an image"


class Options(options.Common):
    name: str
    as_of: str | None
    ids: list[int]
    png: Path | None
    svg: Path | None


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    options.as_of(parser)
    parser.add_argument(
        "ids",
        nargs="*",
        type=values.individual,
        metavar="ID",
        help="one id: its family; two ids: their common ancestors",
    )
    parser.add_argument(
        "--png", type=Path, metavar="FILE", help="write it as an image with thumbnails"
    )
    parser.add_argument("--svg", type=Path, metavar="FILE", help="write it as a scalable image")
    options.as_json(parser)


def run(args: Options) -> int:
    """Draw the lineage of everyone notable, the family of one individual, or how two are kin."""
    from populations.exchange.own_file import require_called
    from populations.lineage import descent
    from populations.lineage.text_tree import draw
    from populations.studio.opening import open_saved, require

    for file, ending, kind in ((args.png, ".png", "a PNG"), (args.svg, ".svg", "an SVG")):
        if file:  # both or none are written
            require_called(file, ending, kind)
    ids = list(dict.fromkeys(args.ids))
    with open_saved(args.home, args.name, write=False, as_of=args.as_of) as population:
        require(population, ids)
        shown = _shown(ids, population)
        births = population.births()
        label = _labels(population, shown, ids)
        data: dict[str, Any] = {
            "name": population.name,
            "id": ids[0] if len(ids) == 1 else None,
            "individuals": [{"id": i, "parents": list(births[i].parents)} for i in sorted(shown)],
            "files": [str(file) for file in _pictures(args, population, shown)],
        }
        lines = [] if args.as_json else list(draw(births, shown, label))
        if len(ids) == 2:
            one, two = ids
            data["shared"] = descent.common_ancestor(births, one, two)
            lines += ["", _kinship(one, two, data["shared"])]
    say(args, data, "\n".join(data["files"] or lines))
    return 0


def _kinship(one: int, two: int, shared: int | None) -> str:
    """Return how two individuals are kin, in words; `shared` is their youngest common ancestor."""
    if shared is None:
        return f"{one} and {two} are not related."
    if shared in (one, two):
        return f"{max(one, two)} descends from {shared}."
    return f"The latest common ancestor of {one} and {two} is {shared}."


def _shown(ids: Sequence[int], population: Population) -> set[int]:
    """Return the ids to draw: all if they are few, else those worth a look and their ancestors.

    Of one individual it is everyone that it descends from and that descends from it, of two
    everyone that they descend from.
    """
    from populations.lineage import descent
    from populations.lineage.text_tree import notable

    births = population.births()
    if not ids:
        everyone = set(range(len(births)))
        return everyone if len(births) <= FEW else notable(births, population.verdicts())
    if len(ids) > 2:
        raise GenomeError(
            "give two ids at most: one for its family, two for their common ancestors"
        )
    before = {a for i in ids for a in (i, *descent.ancestors(births, i))}
    if len(ids) == 2:
        return before
    after = set(descent.descendants(births, ids[0]))
    if len(after) > FEW:
        after &= notable(births, population.verdicts())
    return after | before


def _labels(
    population: Population, shown: set[int], subjects: Sequence[int]
) -> Callable[[int], str]:
    """Return an individual in one line, with how many of its children are not shown."""
    from populations.core.captions import named
    from populations.core.making import made

    births, verdicts = population.births(), population.verdicts()
    born_in, branches = population.born_in(), population.branches()
    hidden = Counter(births.mains[births.mains >= 0].tolist())
    hidden -= Counter(int(births.mains[i]) for i in shown)

    def label(i: int) -> str:
        parts = [named(i, verdicts.get(i)), made(births[i])]
        if i in verdicts and (score := verdicts[i].score) is not None:
            parts.append(f"{score:.2f}")
        if hidden[i]:
            parts.append(f"(+{hidden[i]})")
        if born_in[i] != (born_in[births[i].parents[0]] if births[i].parents else 0):
            parts.append(f"[{branches[born_in[i]].name}]")
        parts += [f"-> [{branch.name}]" for branch in branches if branch.at == i]
        if i in subjects:
            parts.append("<-")
        return "  ".join(parts)

    return label


def _pictures(args: Options, population: Population, shown: set[int]) -> list[Path]:
    from populations.exchange.new_file import writing
    from populations.exchange.own_file import marked_png
    from populations.lineage import tree_image

    if args.png:
        with writing(args.png, known=True) as unfinished:
            tree_image.png(population, shown).save(unfinished, "PNG", pnginfo=marked_png())
    if args.svg:
        with writing(args.svg, known=True) as unfinished:
            unfinished.write_bytes(tree_image.svg(population, shown))
    return [file for file in (args.png, args.svg) if file]
