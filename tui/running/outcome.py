"""What came of a run, as a line and as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evolve.scoring.fitness import AGAIN, scores_in_words
from populations.core.captions import counted
from populations.home.names import MAIN
from populations.studio.running.run_request import RunRequest, RunResult


def plain(request: RunRequest, result: RunResult, branch: str) -> dict[str, Any]:
    """Return what `fancier run --json` prints."""
    done, cost = result.progress, result.progress.cost
    return {
        "branch": branch,
        "images": done.images,
        "generations": done.generations,
        "passes": done.passes,
        "seconds": round(result.seconds, 3),
        "fitness": request.fitness,
        "strategy": result.strategy,
        "cost": {
            "forwards": cost.forwards,
            "full_pictures": round(cost.full_pictures, 3),
            "decodes": cost.decodes,
            "scores": cost.scores,
            "seconds": cost.seconds,
        },
        "best": {"id": done.best[0], "score": done.best[1]} if done.best else None,
        "scores": done.best_scores,
        "mean_score": done.mean_score,
        "combined_by": done.combined,
        "stopped": "budget" if result.used_up else "interrupted",
    }


def in_words(name: str, request: RunRequest, data: Mapping[str, Any]) -> str:
    """Return what came of a run of the population `name` in a line."""
    best = data["best"]
    pictures = counted(data["images"], "picture")
    if data["stopped"] == "budget" and not data["passes"]:
        budget = "--steps-budget" if request.forwards else "--images"
        done = f"nothing to do: '{name}' has {pictures} already; a higher {budget} paints more"
        if request.minutes:
            done = f"the time was up before anything was painted: '{name}' has {pictures}"
    else:
        done = f"{pictures} in {counted(data['generations'], 'generation')}"
    if data["branch"] != MAIN:
        done += f" (branch {data['branch']})"
    if best:
        again = any(scorer.endswith(AGAIN) for scorer in data["scores"])
        second = data["stopped"] == "budget" and data["images"] > 1 and again
        by = ", by a second look at the leaders" if second else ""
        done += f"; the best is #{best['id']}{by}: {scores_in_words(data['scores'])}"
    if data["stopped"] != "budget":
        done += "; interrupted: run the same command to continue"
    return done
