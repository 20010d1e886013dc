"""The step of mutations, by the success rule of evolution strategies (Rechenberg 1973).

theta' = theta exp(GAIN (p - TARGET)), with p the share of the children of the last generation with
a step that beat their parent. The step is recorded with each child, so there is no state.
"""

from __future__ import annotations

import math

from evolve.strategies.strategy import Situation
from evolve.strategies.trials import trials

LOWEST, HIGHEST = 5.0, 45.0
"""Degrees."""
TARGET = 0.24
"""1 - Phi(m / 2), with m the expected maximum of eight standard normals."""
GAIN = 1.5


def step_after(at: Situation, start: float) -> float:
    """Return the step of the next generation in degrees."""
    newest, wins = -1, list[bool]()
    step = start
    for birth, has_won in trials(at):
        if "step" not in birth.origin.params:
            continue
        if newest not in (-1, birth.generation):
            break
        newest, step = birth.generation, float(birth.origin.params["step"])
        if has_won is not None:
            wins.append(has_won)
    if not wins:
        return step
    step *= math.exp(GAIN * (sum(wins) / len(wins) - TARGET))
    return round(min(HIGHEST, max(LOWEST, step)), 3)
