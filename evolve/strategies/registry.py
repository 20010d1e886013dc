"""Strategies by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from evolve.errors import GenomeError
from evolve.plain_numbers import is_int, is_number
from evolve.strategies.best_of_n import BestOfN, HalfSteps, ProgressivePruning
from evolve.strategies.evolving import Evolve
from evolve.strategies.evosearch import EvoSearch
from evolve.strategies.pages import Pages
from evolve.strategies.slerp_ga import SlerpGA
from evolve.strategies.strategy import Strategy
from evolve.strategies.zero_order import ZeroOrder

STRATEGIES: Mapping[str, type[Any]] = {
    kind.name: kind
    for kind in (
        Evolve,
        BestOfN,
        HalfSteps,
        ProgressivePruning,
        ZeroOrder,
        EvoSearch,
        SlerpGA,
        Pages,
    )
}

MOST = 64
"""Largest value of a setting that counts something."""


def strategy_of(name: str, settings: Mapping[str, Any] | None = None) -> Strategy:
    """Return a strategy by name, with settings other than the defaults.

    Unknown and invalid ones are left out: they may be of another version, or of a stranger.

    Raises:
        GenomeError: There is none of that name.
    """
    if name not in STRATEGIES:
        raise GenomeError(f"unknown strategy '{name}': use one of {', '.join(STRATEGIES)}")
    kind = STRATEGIES[name]
    usual = {field.name: field.default for field in dataclasses.fields(kind)}
    given = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in (settings or {}).items()
        if key in usual and _is_usable(value, usual[key])
    }
    made: Strategy = kind(**given)
    return made


def _is_usable(value: object, usual: object) -> bool:
    """Return whether a setting can replace the default.

    Names are among the default ones, counts up to `MOST` or the default, shares up to 1 and degrees
    up to 90.
    """
    if isinstance(usual, tuple):
        names = list(value) if isinstance(value, list | tuple) else []
        return 0 < len(names) <= len(usual) and all(name in usual for name in names)
    if isinstance(usual, int):
        return is_int(value, 1, max(MOST, usual))
    assert isinstance(usual, float)
    return is_number(value, 0, 1 if usual <= 1 else 90) and value > 0
