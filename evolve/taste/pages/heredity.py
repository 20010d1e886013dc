"""How much of its parents a child keeps, predicted before it is painted.

The expected features of a child of operator `o` that turns by the angle `theta` are

    E phi_child = sum_p a_p phi_p,   a_main = exp(-(theta / tau_o)^1.2)

with `phi` of length 1. For "a portrait of a person" on the embedded model `a` is .73, .54, .35 and
.20 at 12, 20, 30 and 45 degrees, hence `tau` = 29 for turns of the whole noise. It is learnt in
each population, for each operator, from judged pictures whose parents are judged too; the usual
value counts as `PRIOR` children. Utilities follow a little more loosely than features: .66, .45,
.31 and .18 (`LOOSE`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.search.individual import Birth
from evolve.search.operators import is_whole, operators

Floats = NDArray[np.float64]

TAU = 29.0
"""Degrees."""
POWER = 1.2
PART = 0.5
"""Effect of the turn of a region or a band, relative to one of all of the noise: operators turn
those twice as far."""
CROSSED = 0.4, 0.2
"""Usual shares that a crossed child keeps of its main parent and of the other one."""
PRIOR = 6
"""Children that the usual value counts as."""
LOOSE = 0.9
"""Correlation of the utilities of two pictures with nearly equal features."""
MOST = 240
"""Children that are used, the newest."""


class Inherited(NamedTuple):
    """What a child is expected to keep."""

    main: float
    """Of its main parent, 0 to 1: the cosine of their features."""
    other: float
    """Of the other one."""


class Heredity:
    """How much children of each operator keep."""

    def __init__(
        self, seen: Mapping[int, Floats] | None = None, births: Iterable[Birth] = ()
    ) -> None:
        """Learn from judged children and the features of judged pictures, (d,), of length 1."""
        seen, lost = seen or {}, defaultdict[str, list[tuple[float, float]]](list)
        others = defaultdict[str, list[float]](list)
        for birth in list(births)[-MOST:]:
            if not birth.parents or birth.id not in seen or birth.parents[0] not in seen:
                continue
            usual = self._usual(birth.origin.operator, _angle(birth))
            if usual > 1e-3:
                kept = float(seen[birth.id] @ seen[birth.parents[0]])
                lost[birth.origin.operator].append((usual, -math.log(min(0.999, max(0.05, kept)))))
            if len(birth.parents) == 2 and birth.parents[1] in seen:
                others[birth.origin.operator].append(float(seen[birth.id] @ seen[birth.parents[1]]))
        # Of each operator, how many times the usual -log a its children lose.
        self._times = {
            name: _times(*zip(*pairs, strict=True)) for name, pairs in sorted(lost.items())
        }
        self._others = {
            name: round((PRIOR * CROSSED[1] + sum(kept)) / (PRIOR + len(kept)), 6)
            for name, kept in sorted(others.items())
        }

    def of(self, operator: str, angle: float) -> Inherited:
        """Return what a child of an operator keeps that turns by `angle` degrees."""
        known = operators()[operator]
        if known.kind == "keep":
            return Inherited(1.0, 0.0)
        if known.kind == "new":
            return Inherited(0.0, 0.0)
        main = math.exp(-self._usual(operator, angle) * self._times.get(operator, 1.0))
        other = self._others.get(operator, CROSSED[1]) if known.kind == "cross" else 0.0
        return Inherited(main, max(0.0, min(other, math.sqrt(max(0.0, 1 - main * main)))))

    @staticmethod
    def _usual(operator: str, angle: float) -> float:
        known = operators().get(operator)
        if known is not None and known.kind == "cross":
            return -math.log(CROSSED[0])
        return float((angle / TAU) ** POWER)


def _angle(birth: Birth) -> float:
    """Return the degrees of a child's turn, as of all of the noise."""
    part = 1.0 if is_whole(birth.origin.operator) else PART
    return abs(float(birth.origin.params.get("angle", 0))) * part


def _times(usual: Sequence[float], lost: Sequence[float]) -> float:
    """Return the loss of children as a multiple of the usual one, after `PRIOR` usual children."""
    prior = PRIOR * (sum(usual) / len(usual))
    return round((prior + sum(lost)) / (prior + sum(usual)), 6)
