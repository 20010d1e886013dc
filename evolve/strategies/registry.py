"""Strategies by name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from evolve.errors import GenomeError
from evolve.strategies.best_of_n import BestOfN, HalfSteps
from evolve.strategies.evolving import Evolve
from evolve.strategies.evosearch import EvoSearch
from evolve.strategies.pages import Pages
from evolve.strategies.psp import ProgressivePruning
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


def strategy_of(name: str, settings: Mapping[str, Any] | None = None) -> Strategy:
    """Return a strategy.

    Args:
        name: Its name.
        settings: Those of its settings that are not as usual; others that it does not have are
            left out, for another version may have had them.

    Raises:
        GenomeError: There is none of that name.
    """
    if name not in STRATEGIES:
        raise GenomeError(f"unknown strategy '{name}': use one of {', '.join(STRATEGIES)}")
    kind = STRATEGIES[name]
    known = {field.name for field in dataclasses.fields(kind)}
    given = {key: _frozen(value) for key, value in (settings or {}).items() if key in known}
    made: Strategy = kind(**given)
    return made


def _frozen(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
