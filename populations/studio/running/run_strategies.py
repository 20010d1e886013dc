"""Which strategy breeds a population: it is saved in the plan, so that a run goes on with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from evolve.search.verdicts import Verdicts
from evolve.session.archive import Archive
from evolve.strategies.names import DEFAULT
from evolve.strategies.pages import Pages
from evolve.strategies.registry import STRATEGIES, strategy_of
from evolve.strategies.strategy import Strategy, settings_of


def strategy_for(archive: Archive, wanted: str | None) -> tuple[Strategy, str]:
    """Return what breeds on, and a line if that is not what bred until now; else an empty one.

    It is the one called `wanted`, else the one so far, else the default; nothing is changed.

    Raises:
        GenomeError: There is no strategy of that name.
    """
    before = _before(archive)
    name = wanted or str(before.get("name", DEFAULT))
    known = before.get("name") == name
    strategy = strategy_of(name, before if known else None)
    if not before or known:
        return strategy, ""
    return strategy, f"bred by {before['name']} until now; goes on with {name}"


def remember(archive: Archive, strategy: Strategy) -> None:
    """Save which strategy breeds, unless that is known."""
    plan, settings = archive.plan(), settings_of(strategy)
    if plan.strategy != settings:
        archive.append([replace(plan, strategy=settings)])


def _before(archive: Archive) -> Mapping[str, Any]:
    """Return what bred until now; nothing if nothing did, or nothing that this version has.

    Runs of earlier versions saved no strategy, and bred pages.
    """
    known = archive.plan().strategy
    if known is None:
        return {"name": Pages.name} if Verdicts.of(archive.verdicts()).scores else {}
    name = known.get("name")
    return known if isinstance(name, str) and name in STRATEGIES else {}
