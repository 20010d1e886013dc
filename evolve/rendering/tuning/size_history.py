"""What a population has shown of how far its children go: it stretches the curves of its model.

A curve is what is usual on a model. In one population every step leads twice as far as in another,
and of the ways to make children one is further off than the other; so a page begins with how far
the children of earlier pages came (`benchmarks/results/sizes.md`).
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from evolve.errors import FancierError
from evolve.rendering.tuning.size_curves import Curves, kind_of
from evolve.scoring.looks.distance import Measure
from evolve.scoring.looks.sight import Sight
from evolve.search.births import Births
from evolve.search.sized.aiming import Curve, stretch_of
from evolve.search.sized.brood import reach_of

LATEST = 120
"""Individuals that are looked at: ten pages."""
CAUTION = 5
"""Children that the curves of a model count for: those of a few parents may differ by chance."""
LEAST = 0.02
"""Nearer ones say nothing: they are lost in what rounding changes."""


def stretched_by(
    curves: Curves,
    births: Births,
    first: int,
    sight: Callable[[int], Sight | None],
    measure: Measure,
) -> Curves:
    """Return curves as the children of a size that were born before stretch them.

    Args:
        curves: Those of the model.
        births: Of the population.
        first: Id of the first child of the page that is to be made; later ones do not count.
        sight: What the picture of an individual is like.
        measure: How far pictures are from each other.
    """
    ratios: dict[str, list[float]] = defaultdict(list)
    known: dict[str, Curve] = {}
    for individual in range(max(0, first - LATEST), first):
        birth = births[individual]
        if "size" not in birth.origin.params or not birth.parents:
            continue
        distance = None
        with contextlib.suppress(FancierError):  # one damaged record: the others count
            distance = measure.between(sight(individual), sight(birth.parents[0]))
        key, curve = kind_of(birth.origin), curves.of(birth.origin)
        usual = curve.distance(reach_of(birth.origin.params))
        if distance is not None and min(distance, usual) >= LEAST:
            ratios[key].append(distance / usual)
            known[key] = curve
    after = {key: _stretched(known[key], stretch_of(own, CAUTION)) for key, own in ratios.items()}
    return replace(curves, by_operator={**curves.by_operator, **after})


def _stretched(curve: Curve, by: float) -> Curve:
    return Curve.through(curve.reaches, [distance * by for distance in curve.distances])
