"""What was measured of a model when it was first loaded here, and what follows for new populations.

That is written down when a population is made, and counts from then on wherever it is bred: which
pages are bred must not depend on how fast a machine is at the moment.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from evolve.genome.settings import Settings
from evolve.models.catalog import EMBEDDED, ModelCard
from evolve.models.files.fingerprint import fingerprint
from evolve.models.machine import trials
from evolve.plain_numbers import is_number

TIMES = (3, 2)
"""Times as many candidates as a page has pictures, the most first."""
QUICK_S = 3.0
"""Seconds that the denoiser may take for them, as measured when the model was first loaded; those
for the rest of painting come on top, and most are painted while the person looks at a page."""


def trials_of(card: ModelCard, of: str = "rows") -> list[Mapping[str, Any]]:
    """Return what trials of a model came to, the newest last; its name may have changed since.

    What was tried is `rows`, `seconds` or `variety`.
    """
    return trials.of_model(card.pipeline, lambda: fingerprint(card.files), of=of)


def needed_variety(card: ModelCard) -> float | None:
    """Return the variety that a model was found to need, if it was ever tried here.

    Of some the seed hardly matters (`evolve.rendering.tuning.spread`).
    """
    found = trials_of(card, "variety")
    needed = found[-1]["variety"] if found else None
    return needed if is_number(needed) else None


def seeds_remark(needed: float | None, config: Mapping[str, Any]) -> str:
    """Return one short line if the model of a population needs variety; empty if it needs none."""
    if not needed:
        return ""
    has = config.get("settings", {}).get("variety")
    if has:
        return f"this model's seed hardly matters: founders vary their words, too (variety {has:g})"
    return f"this model's seed hardly matters: create it again with variety {needed:g}"


def affordable(card: ModelCard, settings: Settings, latent: Sequence[int], page: int) -> int | None:
    """Return among how many candidates a page is chosen; None for no choice, if that takes long.

    Where the model was not measured here yet, what comes with fancier counts as quick. Founders
    have the settings, and noise of the shape `latent`.
    """
    measured = trials_of(card, "seconds")
    row = _seconds_of_a_row(measured[-1], latent) if measured else None
    if row is None:
        return TIMES[0] * page if card.name in EMBEDDED else None
    picture = row * settings.rows * settings.steps
    return next((n * page for n in TIMES if n * page * picture <= QUICK_S), None)


def _seconds_of_a_row(found: Mapping[str, Any], latent: Sequence[int]) -> float | None:
    """Return what a row of a forward takes, in the best of those that were tried."""
    seconds, tried = found.get("seconds"), found.get("latent")
    if not isinstance(seconds, dict) or not isinstance(tried, list) or not tried:
        return None
    known = [
        float(taken) / int(rows)
        for rows, taken in seconds.items()
        if rows.isdecimal() and int(rows) and is_number(taken, 0)
    ]
    size = math.prod(latent[1:]) / math.prod(tried[1:])
    return min(known) * max(1.0, size) if known else None
