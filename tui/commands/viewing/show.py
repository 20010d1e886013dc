"""`fancier show`: a population, or one of its individuals, in full."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from evolve.text import one_line
from tui.cli import options, values
from tui.cli.output import say, table, tell
from tui.commands.breeding.branch import heads

if TYPE_CHECKING:
    from populations import Population

SUMMARY = "show a population or one of its individuals"


class Options(options.Common):
    name: str
    branch: str | None
    as_of: str | None
    id: int | None


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    options.branch(parser, default="all")
    options.as_of(parser)
    parser.add_argument(
        "id", nargs="?", type=values.individual, metavar="ID", help="individual to show in full"
    )
    options.as_json(parser)


def run(args: Options) -> int:
    """Show the population, or the individual."""
    from evolve.genome import Prompt
    from populations.studio.opening import open_saved, require

    with open_saved(args.home, args.name, write=False, as_of=args.as_of) as population:
        shown = population if args.branch is None else population.branch(args.branch)
        everyone = shown.ids()
        ids = everyone if args.id is None else [args.id]
        require(population, ids)
        individuals = describe(population, list(ids), with_taste=args.as_json)
        data = {
            "name": population.name,
            "model": population.model,
            "prompt": str(Prompt.from_json(population.config["prompt"])),
            "seed": population.config["seed"],
            "commits": population.commits,
            "branches": heads(population),
            "page": last_page(population, everyone),
            "individuals": individuals,
        }
    if args.as_json:
        say(args, data, "")
    elif args.id is not None:
        _print_one(individuals[0])
    else:
        _print_all(data)
    return 0


def last_page(population: Population, ids: Sequence[int]) -> list[int]:
    """Return those `ids` that are of the newest generation: the page the app opens at."""
    births, page = population.births(), []
    for i in reversed(ids):
        if births[i].generation != births[ids[-1]].generation:
            break
        page.append(i)
    return page[::-1]


def describe(population: Population, ids: list[int], *, with_taste: bool) -> list[dict[str, Any]]:
    """Return individuals as the plain values that `show --json` prints."""
    from evolve.scoring.looks.distance import Distances
    from populations.studio.taste import expected_of

    births, verdicts = population.births(), population.verdicts()
    failed, unpainted = population.failed(), set(population.unpainted())
    scores, born_in = population.scores(), population.born_in()
    notes = population.notes()
    distances = Distances(births, population.sight)
    tastes = expected_of(population, ids) if with_taste else {}
    names = [branch.name for branch in population.branches()]
    rows = []
    for i in ids:
        birth, verdict, far = births[i], verdicts.get(i), distances.to_parent(i)
        rows.append(
            {
                "id": i,
                "generation": birth.generation,
                "branch": names[born_in[i]],
                "parents": list(birth.parents),
                "operator": birth.origin.operator,
                "params": dict(birth.origin.params),
                "distance": None if far is None else round(far, 4),
                "taste": tastes.get(i),
                "painted": i not in failed and i not in unpainted,
                "failed": failed.get(i),
                "rating": verdict.rating if verdict else None,
                "pinned": bool(verdict and verdict.pinned),
                "rejected": bool(verdict and verdict.rejected),
                "place": verdict.place if verdict else None,
                "note": notes.get(i),
                "scores": {name: of[i] for name, of in scores.items() if i in of},
                "genome": population.genome(i).to_json(),
            }
        )
    return rows


def _print_all(data: dict[str, Any]) -> None:
    from evolve.search.individual import Origin
    from populations.core.making import making

    tell(
        f"{data['name']}: {one_line(data['prompt'])}  "
        f"({data['model']}, seed {data['seed']}, commit {data['commits']})"
    )
    table(
        ["id", "branch", "gen", "parents", "made by", "state", "rating", "scores"],
        [
            [
                i["id"],
                i["branch"],
                i["generation"] + 1,  # as the app counts them
                " + ".join(map(str, i["parents"])),
                making(Origin(i["operator"], i["params"])),
                _state(i),
                "*" * (i["rating"] or 0)
                + (" x" if i["rejected"] else "")
                + (" pin" if i["pinned"] else ""),
                "  ".join(f"{k} {v:.2f}" for k, v in i["scores"].items()),
            ]
            for i in data["individuals"]
        ],
        cut=["scores", "parents", "made by"],
        spare=["scores", "parents", "made by"],
    )


def _print_one(individual: dict[str, Any]) -> None:
    from evolve.genome import Prompt
    from evolve.search.individual import Origin
    from populations.core.making import making

    genome = individual["genome"]
    prompt = Prompt.from_json(genome["prompt"])
    parents = " and ".join(map(str, individual["parents"])) or "none"
    tell(
        f"individual {individual['id']}, generation {individual['generation'] + 1}, "
        f"{_state(individual)}"
    )
    lines = {
        "parents": parents,
        "made by": making(Origin(individual["operator"], individual["params"])),
        "distance": "" if individual["distance"] is None else f"{individual['distance']:.2f}",
        "prompt": str(prompt),
        "without": prompt.unwanted,
        **genome["settings"],
        "rating": _judged(individual),
        "note": individual["note"] or "",
        **{name: f"{value:.3f}" for name, value in individual["scores"].items()},
    }
    width = max(map(len, lines)) + 2
    for name, value in lines.items():
        if value != "":
            tell(f"{name:<{width}}{one_line(str(value))}")


def _judged(individual: dict[str, Any]) -> str:
    from tui.controller.picking import ORDINALS

    rating, place = individual["rating"], individual["place"]
    parts = [str(rating)] * bool(rating) + [f"picked {ORDINALS[place or 0]}"] * bool(place)
    parts += ["pinned"] * individual["pinned"] + ["rejected"] * individual["rejected"]
    return ", ".join(parts)


def _state(individual: dict[str, Any]) -> str:
    from evolve.session.drafting import DROPPED  # the engine comes with it

    if individual["failed"]:
        return "dropped" if individual["failed"] == DROPPED else "failed"
    return "painted" if individual["painted"] else "unpainted"
