"""Among how many painted candidates a page of a new population is chosen: as many as are quick.

It is written down when the population is made, and counts from then on wherever that is bred: which
pages are bred must not depend on how fast a machine is at the moment.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from evolve.genome.settings import Settings
from evolve.models.catalog import EMBEDDED, ModelCard
from evolve.plain_numbers import is_number
from populations.studio.models.tried import trials_of

TIMES = (3, 2)
"""Times as many candidates as a page has pictures, the most first."""
QUICK_S = 3.0
"""Seconds that the denoiser may take for them, as measured when the model was first loaded; those
for the rest of painting come on top, and most are painted while the person looks at a page."""


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
