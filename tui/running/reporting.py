"""The report of a run, written whichever way it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from evolve.errors import FancierError
from evolve.scoring.fitness import first_looks
from populations.studio.reporting.facts import facts_of
from populations.studio.reporting.report import write_report
from populations.studio.running.run_request import RunRequest, RunResult
from populations.studio.studio import Studio
from tui.cli.output import note


class Report:
    """What is known of a run for its report, and the page when it is written."""

    result: RunResult | None = None
    page: Path | None = None


@contextmanager
def reporting(folder: Path | None, studio: Studio, request: RunRequest) -> Iterator[Report]:
    """Write the report to a folder when the block ends, also by an error: hours are in it."""
    done = Report()
    try:
        yield done
    except FancierError:
        if folder is not None:
            with suppress(FancierError):  # that one matters more
                facts = facts_of(studio.archive, request, None)
                scores = studio.population.verdicts().scores
                write_report(studio.archive, folder, scores=scores, label="score", facts=facts)
        raise
    if folder is not None and done.result is not None:
        if done.result.progress.best is None:  # stopped right away
            note("there is no report: no picture has a score yet")
            return
        facts = facts_of(studio.archive, request, done.result)
        progress = done.result.progress
        done.page = write_report(
            studio.archive,
            folder,
            scores=progress.scores,
            label=request.fitness,
            facts=facts,
            best=progress.best and progress.best[0],
            combined=progress.combined,
            scorers=tuple(first_looks(progress.best_scores)),
        )
