"""The facts of a report: what the run was to do, and what it took."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from evolve.genome import Prompt
from evolve.installed_packages import own_version
from evolve.scoring.fitness import scores_in_words
from evolve.text import visible
from populations.core.captions import counted
from populations.core.population import Population
from populations.core.view import View
from populations.home.names import MAIN
from populations.studio.running.run_request import RunRequest, RunResult


def facts_of(
    archive: View[Population], request: RunRequest, result: RunResult | None
) -> dict[str, str]:
    """Return names and values of the last run, in the order of the page.

    The result is None if it ended by an error.
    """
    population = archive.population
    config: Mapping[str, Any] = population.config
    prompt = Prompt.from_json(config["prompt"])
    facts = {
        "prompt": str(prompt),
        "negative prompt": prompt.unwanted,
        "model": PurePath(population.model).name,
        "size": "x".join(map(str, config["size"])),
        "seed": str(config["seed"]),
        "pictures per generation": str(population.page),
        "branch": "" if archive.branch.name == MAIN else archive.branch.name,
        "fitness": request.fitness,
        "strategy": ", ".join(_strategy(archive.plan().strategy or {})),
        "budget": _budget(request),
        "pictures kept": "" if request.keep == "all" else request.keep,
    }
    if result is not None:
        cost = result.progress.cost
        facts |= {
            "pictures": f"{counted(result.progress.images, 'picture')} in "
            + counted(result.progress.generations, "generation"),
            "scores of the best": scores_in_words(result.progress.best_scores),
            "the last run took": f"{cost.forwards} steps (as many as {cost.full_pictures:.1f} "
            f"full pictures), {counted(cost.decodes, 'decoded latent')}, "
            f"{counted(cost.scores, 'score')}, {result.seconds:.0f} s",
        }
    ended = "budget used up" if result and result.used_up else "stopped; the same command goes on"
    facts |= {"ended": ended, "made with": f"fancier {own_version()}"}
    return {name: visible(value) for name, value in facts.items() if value}


def _strategy(settings: Mapping[str, Any]) -> Iterator[str]:
    for name, value in settings.items():
        text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
        yield text if name == "name" else f"{name.replace('_', ' ')} {text}"


def _budget(request: RunRequest) -> str:
    if request.images is not None:
        return counted(request.images, "picture")
    if request.forwards is not None:
        return counted(request.forwards, "step")
    return f"{request.minutes:g} minutes"
