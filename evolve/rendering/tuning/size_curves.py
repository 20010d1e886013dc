"""How far children of each operator are from their parents, by reach: measured once for each model.

A few founders of plain prompts and children of them are painted like any picture; the medians of
their distances make a curve for each operator. It is kept with the other trials of the model, by
all that it depends on, and is only where aiming begins.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from evolve.genome import Genome, Prompt
from evolve.genome.noise import stream
from evolve.models.files.fingerprint import CONFIGURATION, WEIGHTS
from evolve.models.machine import trials
from evolve.rendering.protocol import ModelInfo
from evolve.scoring.looks.distance import Measure
from evolve.scoring.looks.sight import Sight
from evolve.search import breeding, operators
from evolve.search.individual import Origin
from evolve.search.operators import MUTATE, Operator
from evolve.search.sized.aiming import Curve

VERSION = 3
"""Of the trial: another one is not read."""
PROMPTS = ("a woman with long hair", "an old man with a hat")
FOUNDERS = 4
"""Of each prompt; of one of them children are painted."""
REACHES = (0.12, 0.35, 0.7)
LINES = 4
"""Children that are made to find all that an operator does; one of each kind is painted."""
LEAST_SCATTER = 0.05
"""Standard deviation of the logarithm of a distance, among children of one operator and reach."""

_SLERP = Curve((0.08, 0.17, 0.28, 0.46, 0.7, 0.9), (0.13, 0.22, 0.39, 0.61, 0.84, 0.92))
_PART = Curve((0.06, 0.12, 0.2, 0.33, 0.5, 0.75, 1.0), (0.11, 0.21, 0.33, 0.55, 0.7, 0.85, 1.0))
_BAND = (0.03, 0.06, 0.1, 0.165, 0.25, 0.375, 0.5, 0.75, 1.0)
SHAPES: Mapping[str, Curve] = {
    "mutate": Curve(_PART.reaches, (0.11, 0.21, 0.35, 0.58, 0.77, 0.92, 0.97)),
    "mutate_region": _PART,
    "mutate_band": Curve(_BAND, (0.19, 0.32, 0.44, 0.52, 0.57, 0.7, 0.81, 0.95, 1.0)),
    "mutate_band low": Curve(_BAND, (0.08, 0.14, 0.21, 0.34, 0.56, 0.79, 0.83, 0.95, 1.0)),
    "cross_region": Curve(_PART.reaches, (0.18, 0.31, 0.44, 0.65, 0.76, 0.89, 1.0)),
    "cross_slerp": _SLERP,
    "cross_blend": _SLERP,
    "cross_band": Curve(_PART.reaches, (0.07, 0.13, 0.2, 0.44, 0.57, 0.79, 0.93)),
    "mutate_settings": Curve(_PART.reaches, (0.05, 0.09, 0.12, 0.18, 0.29, 0.52, 0.69)),
}
"""Usual curves: medians on the embedded model. What a trial shows stretches them."""
UNMEASURED = ("cross_blend",)
"""Is stretched as all are together: it makes the children of another one where there are more
parents."""


@dataclass(frozen=True, slots=True)
class Curves:
    """What a trial has shown of a model."""

    measure: Measure = field(default_factory=Measure)
    """By which two founders of the same prompt are 1 apart on the median."""
    by_operator: Mapping[str, Curve] = field(default_factory=dict)

    def of(self, origin: Origin) -> Curve:
        """Return the curve of children that come to be in a way."""
        for name in (kind_of(origin), origin.operator, MUTATE.name):
            if name in self.by_operator:
                return self.by_operator[name]
        return _shape(kind_of(origin))

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        curves = {
            name: [list(curve.reaches), list(curve.distances)]
            for name, curve in self.by_operator.items()
        }
        return {"measure": self.measure.to_json(), "curves": curves}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Curves | None:
        """Read what `to_json` wrote; None if it is invalid."""
        try:
            curves = {name: Curve.through(*points) for name, points in data["curves"].items()}
            return cls(Measure.from_json(data["measure"]), curves)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None


def recall(info: ModelInfo, template: Genome, kinds: Sequence[str]) -> Curves | None:
    """Return what an earlier trial has shown; None if there was none.

    `template` has settings and shape of founders, `kinds` are the embedders that look at pictures.
    """
    known = trials.recall(_conditions(info, template, kinds))
    return None if known is None else Curves.from_json(known)


def keep(info: ModelInfo, template: Genome, kinds: Sequence[str], curves: Curves) -> Curves:
    """Keep what a trial has shown, and return what counts: of several the first."""
    known = trials.once(
        _conditions(info, template, kinds),
        curves.to_json,
        lambda found: Curves.from_json(found) is not None,
    )
    return Curves.from_json(known) or curves


def _conditions(info: ModelInfo, template: Genome, kinds: Sequence[str]) -> dict[str, Any]:
    return {
        "sizes": VERSION,
        "model": info.name,
        # Not the device nor the rows: they change the last bits only.
        "weights": info.record.get(WEIGHTS),
        "configuration": info.record.get(CONFIGURATION),
        "settings": template.settings.to_json(),
        "latent": list(template.noise.shape),
        "embedders": list(kinds),
    }


@dataclass(frozen=True, slots=True)
class _Probe:
    """One picture of a trial."""

    genome: Genome
    key: str = ""
    reach: float = 0.0
    parent: int = -1
    """Which probe it is a child of; -1 for founders."""
    prompt: int = 0


class SizeTrial:
    """Pictures to paint, and what they show."""

    def __init__(self, template: Genome) -> None:
        """Try a model out with the settings and the shape of `template`."""
        self._probes = list(_probes(template))
        self._looks: dict[int, Sight] = {}

    @property
    def genomes(self) -> Sequence[Genome]:
        """What is to be painted."""
        return [probe.genome for probe in self._probes]

    def take(self, place: int, look: Sight | None) -> None:
        """Take in what one of them is like."""
        if look is not None:
            self._looks[place] = look

    def curves(self, kinds: Sequence[str]) -> Curves:
        """Return what the pictures show to the embedders that count."""
        pairs = [
            (self._looks[a], self._looks[b])
            for a, b in itertools.combinations(self._looks, 2)
            if self._probes[a].parent < 0 > self._probes[b].parent
            and self._probes[a].prompt == self._probes[b].prompt
        ]
        measure = Measure.through(pairs, kinds)
        if measure is None:
            return Curves()
        points: dict[str, dict[float, list[float]]] = defaultdict(lambda: defaultdict(list))
        for place, look in self._looks.items():
            probe = self._probes[place]
            distance = measure.between(self._looks.get(probe.parent), look)
            if probe.parent >= 0 and distance:
                usual = _shape(probe.key).distance(probe.reach)
                points[probe.key][probe.reach].append(math.log(distance / usual))
        return Curves(measure, _stretched(points))


def _stretched(points: Mapping[str, Mapping[float, Sequence[float]]]) -> dict[str, Curve]:
    """Return the usual curves as a model stretches them.

    Few children are painted, and they scatter: so each reach is stretched as the median over all
    operators, and each operator by what it differs from that, both as far as that is not chance.
    `points` are logarithms of distances as shares of the usual ones, by operator and reach.
    """
    every: dict[float, list[float]] = defaultdict(list)
    for by_reach in points.values():
        for reach, ratios in by_reach.items():
            every[reach] += ratios
    if not every:
        return {}
    alike = [ratios for by_reach in points.values() for ratios in by_reach.values()]
    variances = [float(np.var(ratios, ddof=1)) for ratios in alike if len(ratios) > 1]
    scatter = max(LEAST_SCATTER**2, float(np.mean(variances)) if variances else 0.0)
    together = {reach: _believed(ratios, scatter) for reach, ratios in every.items()}
    curves = {}
    for key in sorted({*points, *SHAPES}):
        shape, stretch = _shape(key), dict(together)
        for reach, ratios in points.get(key, {}).items():
            stretch[reach] += _believed([ratio - together[reach] for ratio in ratios], scatter)
        at = sorted(stretch)
        logs = np.interp(np.log(shape.reaches), np.log(at), [stretch[reach] for reach in at])
        curves[key] = Curve.through(shape.reaches, (np.exp(logs) * shape.distances).tolist())
    return curves


def _believed(ratios: Sequence[float], scatter: float) -> float:
    """Return the median of logarithms of this variance as far as it is beyond chance.

    James and Stein 1961.
    """
    middle = float(np.median(ratios))
    chance = math.pi / 2 * scatter / len(ratios)  # the variance of a median
    return middle * max(0.0, 1 - chance / middle**2) if middle else 0.0


def _shape(key: str) -> Curve:
    return SHAPES.get(key) or SHAPES.get(key.split()[0]) or SHAPES[MUTATE.name]


def _probes(template: Genome) -> Iterator[_Probe]:
    probes: list[_Probe] = []
    for p, text in enumerate(PROMPTS):
        worded = replace(template, prompt=Prompt.parse(text))
        first = len(probes)
        for k in range(FOUNDERS):
            founder = operators.found(stream(p, k, "sizes"), worded)
            probes.append(_Probe(founder, prompt=p))
        for operator in operators.operators().values():
            if operator.kind in ("mutate", "cross") and operator.name not in UNMEASURED:
                probes += _children(probes, operator, first, first + 2)
    yield from probes


def _children(
    probes: Sequence[_Probe], operator: Operator, parent: int, mate: int
) -> Iterator[_Probe]:
    """Yield children of an operator at each reach: one line of each thing that it does."""
    seen: set[str] = set()
    for line in range(LINES):
        for reach in REACHES:
            made = breeding.make_child(
                stream(parent, line, f"sizes/{operator.name}"),
                breeding.ChildSpec.sized(
                    operator, size=0.0, reach=reach, locked=("steps", "sampler")
                ),
                parent,
                (parent, mate),
                lambda i: probes[i].genome,
                probes[parent].genome,
            )
            if (key := kind_of(made.origin)) not in seen:
                yield _Probe(made.genome, key, reach, parent, probes[parent].prompt)
        seen.add(key)


def kind_of(origin: Origin) -> str:
    """Return what a curve is kept under: an operator, and what it did of several things."""
    done = [name for name, value in sorted(origin.params.items()) if value is True]
    return " ".join([origin.operator, *done])
