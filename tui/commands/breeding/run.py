"""`fancier run`: breed without a person, guided by a score."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from evolve.strategies.names import DEFAULT, NAMES
from tui.cli import completion, opening, options, values, workers
from tui.cli.fetching import fetch_missing
from tui.cli.output import aside, note, say

if TYPE_CHECKING:
    from populations.studio.running.run_request import RunRequest, RunResult
    from populations.studio.studio import Studio

SUMMARY = "breed without a person, guided by a score"


class Options(options.FoundingOptions, workers.WorkerOptions):
    name: str
    prompt: str | None
    branch: str | None
    page: int | None
    images: int | None
    minutes: float | None
    fitness: str
    clip: str | None
    keep: Literal["all", "best", "none"]
    reserve: int
    steps_budget: int | None
    strategy: str | None
    plain: bool
    report: Path | None


def declare(parser: ArgumentParser) -> None:
    options.population(
        parser, "the population; created if it does not exist (then --prompt is required)"
    )
    parser.add_argument("--prompt", metavar="TEXT", help="what to paint")
    options.branch(parser)
    options.founding(parser)
    parser.add_argument(
        "--page", type=values.count, metavar="N", help="pictures per generation (default: 12)"
    )
    _declare_budget(parser)
    _declare_scoring(parser)
    _declare_results(parser)
    workers.declare(parser)
    options.device(parser)
    options.as_json(parser)


def _declare_budget(parser: ArgumentParser) -> None:
    """Add the options for the budget, and how it is spent."""
    budget = parser.add_mutually_exclusive_group(required=True)
    budget.add_argument(
        "--images",
        type=values.count,
        metavar="N",
        help="stop when the population has N pictures in total",
    )
    budget.add_argument("--minutes", type=values.minutes, metavar="M", help="stop after M minutes")
    budget.add_argument(
        "--steps-budget",
        type=values.count,
        metavar="N",
        help="stop when the population took N sampler steps in total, drafts included: a picture "
        "of 8 steps takes 8",
    )
    parser.add_argument(
        "--strategy",
        choices=tuple(NAMES),
        help="how the budget is spent: "
        + "; ".join(f"{name}: {what}" for name, what in NAMES.items())
        + f" (default: as before, or {DEFAULT})",
    )


def _declare_scoring(parser: ArgumentParser) -> None:
    """Add the options for what judges pictures."""
    scorer = parser.add_argument(
        "--fitness",
        type=values.fitness,
        default="clip",
        metavar="SCORER",
        help="what a picture is scored by. clip or clip:TEXT: its own prompt or TEXT, by CLIP; "
        "words or words:TEXT: how surely the model's own reader finds what is asked for, "
        "a logarithm of which 0 is best (portraits only); taste: what your ratings in this "
        "population taught; like:FILE: how near it is to a picture; MODULE:NAME or a name: a "
        "scorer of another package. "
        "Several: words+clip by mean rank, words,clip by Pareto fronts (default: clip)",
    )
    completion.completed(scorer, completion.scorers)
    clip = parser.add_argument(
        "--clip",
        metavar="MODEL",
        help="CLIP model to score with: a folder or a hub name (default: the model's own)",
    )
    completion.completed(clip, completion.models)


def _declare_results(parser: ArgumentParser) -> None:
    """Add the options for what is kept and shown."""
    parser.add_argument(
        "--keep",
        choices=("all", "best", "none"),
        default="all",
        help="which pictures to keep on disk; best: rated and pinned ones, the 24 best scores and "
        "the last 2 generations. Others can be painted again (default: all)",
    )
    parser.add_argument(
        "--reserve",
        type=values.megabytes,
        default=200,
        metavar="MB",
        help="stop when less than MB megabytes are free on the disk (default: 200)",
    )
    parser.add_argument(
        "--plain",
        action="store_true",
        help="print a line per generation to stderr, for logs, instead of a curve and the best "
        "picture (default where stderr is no terminal)",
    )
    parser.add_argument(
        "--report",
        type=Path,
        metavar="DIR",
        help="at the end, also when stopped, write a page with the best pictures, the scores "
        "against their cost and the lineage to DIR (needs fancier[report])",
    )


def run(args: Options) -> int:
    """Breed up to the budget; the same command run again continues."""
    from populations.studio.new import DEFAULT_PAGE, CreateRequest
    from populations.studio.resume import resume_or_create
    from populations.studio.running.run_scorers import require_judges
    from populations.studio.running.run_strategies import strategy_for
    from tui.running.outcome import in_words, plain
    from tui.running.reporting import reporting
    from tui.running.stopping import stop_signals

    hired = workers.workers_of(args)
    if args.report is not None:
        from populations.studio.reporting.report import require_writable

        require_writable(args.report, args.name)
    request = _request(args)
    studio, lines = resume_or_create(
        opening.home_at(args.home),
        CreateRequest(prompt=args.prompt, page=args.page, **args.founding),
        branch=args.branch,
        card_of=fetch_missing,
        count=min(args.page or DEFAULT_PAGE, args.images) if args.images else None,
        forwards=args.steps_budget,
        workers=hired,
        require=lambda prompt, card, is_new: require_judges(
            request, args.name, prompt, card, is_new=is_new
        ),
    )
    for line in lines:
        note(line)
    with stop_signals() as stopped, studio:
        note(studio.model_change)
        _estimate(studio, request)
        _, remark = strategy_for(studio.archive, request.strategy)
        if remark:
            note(f"'{args.name}' was {remark}")
        with reporting(args.report, studio, request) as done:
            result = done.result = _run(args, studio, request, stopped)
        branch = studio.archive.branch.name
    data = plain(request, result, branch)
    if done.page is not None:
        data["report"] = str(done.page)
        note(f"the report is {done.page}")
    say(args, data, in_words(args.name, request, data))
    # As a shell reports a process that a signal ended.
    return 0 if result.used_up else 128 + stopped[0]


def _request(args: Options) -> RunRequest:
    from populations.studio.running.run_request import RunRequest

    return RunRequest(
        images=args.images,
        minutes=args.minutes,
        fitness=args.fitness,
        clip=args.clip,
        keep=args.keep,
        reserve=args.reserve,
        forwards=args.steps_budget,
        strategy=args.strategy,
    )


def _run(args: Options, studio: Studio, request: RunRequest, stopped: list[int]) -> RunResult:
    from evolve.rendering.protocol import RenderEvent, Restarted
    from tui.running.pace import Goal
    from tui.running.watching import PLAIN, watching

    goal = Goal(images=request.images, forwards=request.forwards, minutes=request.minutes)
    blocks = PLAIN if args.plain else args.blocks
    with watching(studio, goal, fitness=request.fitness, blocks=blocks) as view:

        def hear(event: RenderEvent) -> None:
            if isinstance(event, Restarted):
                view.notice(event.reason)

        def stop() -> bool:
            if stopped:
                view.stop()
            return bool(stopped)

        return studio.run(
            request, stop=stop, on_progress=view.show, on_event=hear, on_notice=view.notice
        )


def _estimate(studio: Studio, request: RunRequest) -> None:
    """Print on stderr how much of the disk a run will take, if that can be known before."""
    from populations.core.captions import counted
    from populations.studio.running.run import estimate

    room = estimate(studio.archive, request)
    if room and room.pictures:
        size = "less than 1 MB" if room.bytes < 1e6 else f"about {room.bytes / 1e6:.0f} MB"
        free = f"{room.free / 1e9:.0f} GB" if room.free > 1e10 else f"{room.free / 1e6:.0f} MB"
        aside(f"{counted(room.pictures, 'more picture')}: {size} ({free} are free)")
