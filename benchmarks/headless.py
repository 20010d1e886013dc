"""Is a search without a person worth its electricity? Every strategy at equal cost.

For each prompt and seed, each strategy spends 25, 50 and 100 full pictures (all forwards counted,
those of drafts too) by a score. The picture that scores best is then read by two judges that no
strategy asked: the mean log-probability of what the prompt asks for, and whether all of it is
there.

    python -m benchmarks.headless [--work DIR] [--prompts N] [--seeds 2] [--budgets 25 50 100]
        [--strategies NAME ...] [--fitness words ...] [--locked] [--second] [--tune] [--table]
        [--all-prompts] [--silent]

Prompts are those of `benchmarks.searching.prompts` (`--choose` draws others); the first eight
are for tuning (`--tune`), the others for judging. With `--silent` they are the hard prompts of
`benchmarks.portraits.hard`, and the score alone knows them: what is painted by is `BARE`.
Everything is kept in DIR: what was painted is shared between strategies and runs, results are JSON
lines, and the same command goes on where it stopped. `--table` prints what there is.

The second judge is asked with `--second` alone, which is for the figures that are reported.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from fakes import MemoryArchive

from benchmarks.portraits.hard import hard
from benchmarks.portraits.held_out import Held
from benchmarks.scripting.command_line import parser_of
from benchmarks.scripting.kept_lines import add_line, read_lines
from benchmarks.searching import prompts
from benchmarks.searching.measures import HeldOut, variety
from benchmarks.searching.shared_paintings import SharedPaintings
from benchmarks.searching.shared_scores import SharedScores
from benchmarks.searching.table import print_tables
from evolve import Clip, CutScore, Prompt, Search, describe, load_renderer
from evolve.genome import Genome
from evolve.rendering.painting import paint
from evolve.rendering.protocol import Finished, Job, Renderer
from evolve.scoring.fitness import Fitness
from evolve.scoring.protocol import Scorer
from evolve.scoring.words import Words
from evolve.search.plan import Plan
from evolve.session.archive import Picture
from evolve.session.headless.run import Run
from evolve.strategies.names import NAMES
from evolve.strategies.registry import strategy_of
from evolve.strategies.strategy import Situation, founders

MODEL = "portraits"
PAGE = 12
UNGUIDED = 8
IN_REACH = -1.14
"""A prompt of which all unguided pictures score less by words is left out: one of its four things
is surely missing in each, which is where that score ends."""
TUNED_ON = 8
BARE = "a portrait of a person"
"""What is painted by where the score alone knows what is looked for."""
POOLS = 6
"""So many first populations are enough for one seed of all that: painting them takes hours."""
LOCKED = ("guidance_scale", "steps", "sampler")


def faces(*, silent: bool) -> list[Held]:
    """What is looked for; the first `TUNED_ON` are for tuning."""
    return [face for face in hard() if prompts.is_told(face)] if silent else prompts.prompts()


def search_of(what: dict[str, Any]) -> Search:
    """A search that has nothing yet."""
    card = describe(MODEL)
    prompt: int = what["prompt"]
    text = BARE if what["silent"] else faces(silent=False)[prompt].prompt
    return Search(
        seed=1000 * (prompt % POOLS if what["silent"] else prompt) + what["seed"],
        prompt=Prompt.parse(text),
        shape=card.latent,
        settings=card.settings,
        plan=Plan(locked=LOCKED) if what["locked"] else None,
    )


@cache
def fitness_of(name: str, text: str | None, work: Path) -> Fitness:
    """What guides: words, clip, or both by ranks; by a text that is no prompt, or by the prompt."""
    return Fitness(
        tuple(SharedScores(_scorer(one, text), work / f"{one}.jsonl") for one in name.split("+"))
    )


def _scorer(name: str, text: str | None) -> Scorer:
    card = describe(MODEL)
    assert card.clip is not None
    return Words(card, text=text) if name == "words" else CutScore(Clip(card.clip, text=text))


def right(
    renderer: Renderer, judge: HeldOut, face: Held, count: int, *, seed: int, text: str
) -> int:
    """Return how many founders of a text, of so many, show all that is looked for."""
    card = describe(MODEL)
    search = Search(seed=seed, prompt=Prompt.parse(text), shape=card.latent, settings=card.settings)
    _, pictures = painted_founders(renderer, search, count)
    return sum(judge.read(picture, face).solved for picture in pictures)


def painted_founders(
    renderer: Renderer, search: Search, count: int
) -> tuple[list[Genome], list[Picture]]:
    """Return the first founders of a search with their pictures."""
    drawn = founders(Situation(search=search, ids=[], page=count), count)
    jobs = [Job(place, one.genome) for place, one in enumerate(drawn)]
    painted = {e.id: e.picture for e in paint(renderer, jobs) if isinstance(e, Finished)}
    return [job.genome for job in jobs], [painted[job.id] for job in jobs]


def choose(renderer: Renderer, count: int, each: int = 3) -> None:
    """Write the prompts whose median founder is not right, as the first judge reads it."""
    judge = HeldOut("first")

    def is_hard(seed: int, face: Held) -> bool:
        return right(renderer, judge, face, each, seed=seed, text=face.prompt) <= each // 2

    prompts.choose(count, is_hard)


def wanted(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """All that is to be measured, prompt by prompt."""
    of = faces(silent=args.silent)
    known = range(len(of))
    part: Sequence[int] = known[:TUNED_ON] if args.tune else known[TUNED_ON:]
    if not args.all_prompts:
        part = [face for face in part if prompts.is_told(of[face])]
    for seed in range(1, args.seeds + 1):
        for face in part[: args.prompts]:
            for fitness in args.fitness:
                for strategy in args.strategies:
                    for budget in args.budgets:
                        for locked in (False, True) if args.locked else (False,):
                            yield {
                                "prompt": face,
                                "seed": seed,
                                "fitness": fitness,
                                "strategy": strategy,
                                "budget": budget,
                                "locked": locked,
                                "silent": args.silent,
                            }


def unguided(
    what: dict[str, Any], renderer: Renderer, fitness: Fitness, judges: Sequence[HeldOut]
) -> dict[str, list[float]]:
    """What pictures come to that nothing guides: scores and readings of the first founders."""
    search = search_of({**what, "locked": False})
    genomes, pictures = painted_founders(renderer, search, UNGUIDED)
    found = {one.name: one.score(pictures, genomes).tolist() for one in fitness.scorers}
    if is_out_of_reach(found):
        return found
    face = face_of(what)
    read = {j.name: [j.read(p, face).log_probability for p in pictures] for j in judges}
    return {**found, **read}


def face_of(what: dict[str, Any]) -> Held:
    """What a search looks for."""
    return faces(silent=bool(what["silent"]))[int(what["prompt"])]


def is_out_of_reach(without: dict[str, list[float]]) -> bool:
    """Whether no unguided picture shows a search where to go, which a prompt alone can do."""
    return "words" in without and max(without["words"]) < IN_REACH


def measured(
    what: dict[str, Any],
    renderer: Renderer,
    fitness: Fitness,
    judges: Sequence[HeldOut],
    without: dict[str, list[float]],
) -> dict[str, Any]:
    """Run one search and measure it; `without` is what pictures come to that nothing guides."""
    name, _, settings = what["strategy"].partition(":")
    strategy = strategy_of(name, json.loads(settings) if settings else None)
    search = search_of(what)
    full = search.founding.settings.steps
    archive = MemoryArchive()
    run = Run(archive, search, renderer, fitness, page=PAGE, strategy=strategy)
    began = time.monotonic()
    run.to(None, forwards=what["budget"] * full)
    done = run.progress
    assert done.best is not None
    best, _ = done.best
    picture, face = archive.picture(best), face_of(what)
    assert picture is not None
    last = list(archive.ids())[-PAGE:]
    readings = {judge.name: judge.read(picture, face) for judge in judges}
    return {
        **what,
        "score": {one.name: done.best_scores[one.name] for one in fitness.scorers},
        "unguided": without,
        "full_pictures": done.cost.full_pictures,
        "decodes": done.cost.decodes,
        "scores": done.cost.scores,
        "individuals": len(archive.ids()),
        "variety": variety([archive.embedding(i) for i in last]),
        "last": float(np.mean([done.scores[i] for i in last if i in done.scores])),
        **{name: reading.log_probability for name, reading in readings.items()},
        **{f"{name}_solved": reading.solved for name, reading in readings.items()},
        "seconds": round(time.monotonic() - began, 1),
    }


def key_of(what: dict[str, Any]) -> str:
    """What identifies one search."""
    names = ("prompt", "seed", "fitness", "strategy", "budget", "locked")
    silent = ["silent"] if what.get("silent") else []  # files from before know no such searches
    return json.dumps([what[name] for name in names] + silent)


def arguments() -> argparse.Namespace:
    """Return what is asked for on the command line."""
    parser = parser_of(__doc__)
    parser.add_argument("--work", type=Path, default=Path("headless-work"))
    parser.add_argument("--prompts", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--budgets", type=int, nargs="+", default=[25, 50, 100])
    parser.add_argument("--strategies", nargs="+", default=list(NAMES))
    parser.add_argument(
        "--fitness", nargs="+", default=["words"], choices=("words", "clip", "words+clip")
    )
    parser.add_argument("--locked", action="store_true", help="also with guidance locked")
    parser.add_argument("--second", action="store_true", help="also by the second judge")
    parser.add_argument(
        "--all-prompts", action="store_true", help="also those that reader and judges misread"
    )
    parser.add_argument(
        "--silent", action="store_true", help="the score alone knows what is looked for"
    )
    parser.add_argument("--tune", action="store_true", help="on the prompts for tuning")
    parser.add_argument("--choose", action="store_true", help="draw other prompts")
    parser.add_argument("--table", action="store_true", help="print what there is")
    parser.add_argument("--minutes", type=float, help="measure for so long")
    return parser.parse_args()


def measure(args: argparse.Namespace, known: set[str]) -> Iterator[dict[str, Any]]:
    """Run what is wanted and not known yet, for as long as is allowed."""
    until = time.monotonic() + 60 * args.minutes if args.minutes else None
    with load_renderer(MODEL) as renderer:
        shared = SharedPaintings(renderer, args.work / "pictures")
        if args.choose:
            choose(shared, TUNED_ON + 64)
        judges = [HeldOut(n) for n in (("first", "second") if args.second else ("first",))]
        bare: dict[tuple[tuple[int, int], str], dict[str, list[float]]] = {}
        for what in wanted(args):
            if until is not None and time.monotonic() > until:
                break
            if key_of(what) in known:
                continue
            text = face_of(what).prompt if what["silent"] else None
            guide, name = fitness_of(what["fitness"], text, args.work), what["fitness"]
            place = (what["prompt"], what["seed"])
            if (place, name) not in bare:
                bare[place, name] = unguided(what, shared, guide, judges)
            without = bare[place, name]
            if not is_out_of_reach(without):
                yield measured(what, shared, guide, judges, without)


def main() -> None:
    """Measure what is missing and print tables."""
    args = arguments()
    args.work.mkdir(parents=True, exist_ok=True)
    file = args.work / ("tuning.jsonl" if args.tune else "results.jsonl")
    results = read_lines(file)
    if not args.table:
        for result in measure(args, {key_of(result) for result in results}):
            results.append(result)
            add_line(file, result)
            print(line_of(result), file=sys.stderr, flush=True)
    chosen = {key_of(what) for what in wanted(args)}
    measured_so_far = [result for result in results if key_of(result) in chosen]
    texts = [face.prompt for face in faces(silent=args.silent)]
    print_tables(measured_so_far, texts)
    in_reach = [r for r in measured_so_far if not is_out_of_reach(r["unguided"])]
    if in_reach and len(in_reach) < len(measured_so_far):
        print("\nprompts in reach alone:")
        print_tables(in_reach, texts)


def line_of(result: dict[str, Any]) -> str:
    """What one search came to."""
    score = " ".join(f"{value:.3f}" for value in result["score"].values())
    return (
        f"{result['prompt']:4d} {result['fitness']:<10} {result['strategy'][:30]:<12}"
        f"{result['budget']:4d}{score:>16}{result['first']:8.3f}{result['seconds']:7.1f} s"
    )


if __name__ == "__main__":
    main()
