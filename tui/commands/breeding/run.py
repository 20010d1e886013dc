"""`fancier run`: breed without a person, judged by a score."""

from __future__ import annotations

import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from evolve.errors import ArchiveError, ModelError
from tui.cli import opening, options, values
from tui.cli.fetching import fetch_missing, require_here
from tui.cli.output import aside, note, progress, say

if TYPE_CHECKING:
    from evolve.scoring.protocol import Scorer
    from evolve.session.headless import Progress
    from populations import Population
    from populations.format.disk import Disk

SUMMARY = "breed without a person, judged by a score"


class Options(options.Founding):
    """What `fancier run` is asked with."""

    name: str
    prompt: str | None
    branch: str
    page: int | None
    images: int | None
    minutes: float | None
    fitness: tuple[str, str | None]
    clip: str | None
    keep: str
    reserve: int
    strategy: str


def declare(parser: ArgumentParser) -> None:
    """Add its options."""
    options.population(parser, "the population; made if it is not there (then --prompt is needed)")
    parser.add_argument("--prompt", help="what to paint")
    options.branch(parser)
    options.founding(parser)
    parser.add_argument(
        "--page", type=values.count, metavar="N", help="pictures per generation (12)"
    )
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument(
        "--images",
        type=values.count,
        metavar="N",
        help="until the population has N pictures in all",
    )
    budget.add_argument("--minutes", type=values.minutes, metavar="M", help="for M minutes")
    parser.add_argument(
        "--fitness",
        type=values.fitness,
        default=("clip", None),
        metavar="clip|words[:TEXT]",
        help="what pictures are judged by, against their own prompt or against TEXT: CLIP, or "
        "words: what the model's own reader finds of what is asked for (portraits alone)",
    )
    parser.add_argument(
        "--clip", metavar="MODEL", help="the CLIP to judge with: a folder or a hub name"
    )
    parser.add_argument(
        "--keep",
        choices=("all", "best", "none"),
        default="all",
        help="which pictures to keep: all; best: what is rated or pinned, the 24 with the best "
        "scores and the last 2 generations; none. Others can be painted again",
    )
    parser.add_argument(
        "--reserve",
        type=values.megabytes,
        default=200,
        metavar="MB",
        help="stop while so much is still free on the disk (200)",
    )
    parser.add_argument(
        "--strategy",
        choices=("evolve", "best-of-n"),
        default="evolve",
        help="breed from the best (evolve), or only draw at random (best-of-n)",
    )
    options.device(parser, default=options.UNLESS_BEFORE)
    options.as_json(parser)


def run(args: Options) -> int:
    """Breed up to the budget; the same line called again goes on."""
    from populations.format.disk import Disk

    population = _open_or_make(args)
    with closing(population), _stop_signals() as stopped:
        started = time.monotonic()
        disk = Disk(population.path, args.reserve)
        _estimate(args, population, disk)
        done, used = _breed(args, population, lambda: bool(stopped) or disk.is_low, started)
        if not used and not stopped:
            raise ArchiveError(disk.problem)
        result = _result(args, done, used, time.monotonic() - started)
        best = result["best"]
        say(
            args,
            result,
            f"{result['images']} images in {result['generations']} generations"
            + (f", best {best['id']} with {result['fitness']} {best['score']:.2f}" if best else "")
            + ("" if used else "; interrupted: call it again to go on"),
        )
    return 0 if used else 130


def _breed(
    args: Options, population: Population, stop: Callable[[], bool], started: float
) -> tuple[Progress, bool]:
    from evolve.search import Policy
    from evolve.session.headless import Run
    from populations.core.retention import drop_pictures

    policy = Policy(founders=10**9, antithetic=False) if args.strategy == "best-of-n" else Policy()
    search = opening.search_on(population.config, population, policy)
    require_here(str(population.config["model"]))
    with (
        closing(opening.renderer_for(population)()) as renderer,
        progress("breeding") as bar,
    ):
        scorer = _scorer(args, population)
        task = bar.add_task("", total=args.images, note="loading the model")

        def show(state: Progress) -> None:
            best = f"best {state.best[1]:.2f}" if state.best else ""
            note = f"generation {state.generations}  {best}"
            bar.update(task, completed=state.images, note=note)

        def tidy() -> None:
            drop_pictures(population, args.keep, scorer.name)

        breeding = Run(
            population.branch(args.branch),
            search,
            renderer,
            scorer,
            page=int(population.config["page"]),
            stop=stop,
            on_progress=show,
            on_generation=tidy,
        )
        deadline = started + args.minutes * 60 if args.minutes else None
        used = breeding.to(args.images, deadline)
    return breeding.progress, used


def _estimate(args: Options, population: Population, disk: Disk) -> None:
    """Say on stderr how much a run will take, if that can be told before."""
    from populations.core.retention import bytes_of_picture

    if args.images is None or args.keep != "all":
        return
    count = max(0, args.images - len(population))
    aside(
        f"{count} more pictures take about {count * bytes_of_picture(population) / 1e6:.0f} MB; "
        f"{disk.free / 1e6:.0f} MB are free"
    )


def _open_or_make(args: Options) -> Population:
    """Open the population, or make it; refuse other words, model, size or seed than it has."""
    from populations import population_path

    home = opening.home_at(args.home)
    if not population_path(home, args.name).exists():
        if args.prompt is None:
            raise ArchiveError(f"there is no population '{args.name}': give --prompt to make it")
        if args.model:
            fetch_missing(args.model)
        config = opening.founding_config(
            args.name,
            args.prompt,
            negative=args.negative,
            model=args.model,
            size=args.size,
            seed=args.seed,
            page=args.page,
            cut_guidance=args.cut_guidance,
        )
        for line in opening.remarks(config):
            note(line)
        opening.create(home, config, min(config["page"], args.images or config["page"]))
        return opening.open_population(args.home, args.name)
    population = opening.open_population(args.home, args.name)
    wanted: dict[str, Any] = {
        "model": _model_name(args.model, population),
        "seed": args.seed,
        "size": list(args.size) if args.size else None,
        "prompt": _prompt(args, population),
        "page": args.page,
        "cut_guidance": args.cut_guidance,
    }
    try:
        opening.same_founding(population, {k: v for k, v in wanted.items() if v is not None})
    except ModelError:
        population.close()
        raise
    return population


def _prompt(args: Options, population: Population) -> dict[str, Any] | None:
    """Return the prompt that was given; `--negative` alone stands beside the population's own."""
    if args.prompt is None and not args.negative:
        return None
    from evolve.genome import Prompt

    words = population.prompt if args.prompt is None else args.prompt
    return Prompt.parse(words, args.negative).to_json()


def _model_name(name: str | None, population: Population) -> str | None:
    from evolve.models.catalog import describe
    from evolve.models.names import is_meant

    have = str(population.config["model"])
    if name is None or is_meant(have, name):
        return None
    return describe(name).name


def _scorer(args: Options, population: Population) -> Scorer:
    from evolve.genome import Prompt
    from evolve.models.catalog import describe
    from evolve.scoring.clip import Clip
    from evolve.scoring.cut_score import CutScore

    kind, text = args.fitness
    if kind == "words":
        from evolve.scoring.words import Words

        if args.clip:
            raise ModelError("--clip names a CLIP, and --fitness words asks none: leave one out")
        words = Words(describe(population.model), text=text)
        if text is None:
            words.require(Prompt.from_json(population.config["prompt"]))
        return words
    if args.clip:
        return CutScore(Clip(args.clip, text=text, label=f"clip[{args.clip}]"))
    folder = describe(population.model).clip
    if folder is None:
        raise ModelError(
            f"model '{population.config['model']}' brings no CLIP: name one with --clip, "
            "a folder or a hub name like openai/clip-vit-base-patch32"
        )
    return CutScore(Clip(folder, text=text))


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """Collect the first ctrl-c or termination, so that the run can end with everything saved.

    A second one ends the process at once, as usual; nothing saved is lost by that either.
    """
    received: list[int] = []

    def note(number: int, _: object) -> None:
        received.append(number)
        signal.signal(number, signal.SIG_DFL)
        aside("stopping …")

    before = {s: signal.signal(s, note) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _result(args: Options, done: Progress, used: bool, seconds: float) -> dict[str, Any]:
    best = done.best
    return {
        "images": done.images,
        "generations": done.generations,
        "passes": done.passes,
        "seconds": round(seconds, 3),
        "fitness": ":".join(part for part in args.fitness if part),
        "strategy": args.strategy,
        "best": {"id": best[0], "score": best[1]} if best else None,
        "mean_score": done.mean_score,
        "stopped": "budget" if used else "interrupted",
    }
