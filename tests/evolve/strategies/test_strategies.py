"""Every strategy, on a fake painter: what it asks for, what it costs, and that it can be killed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from fakes import SHAPE, FakeRenderer, MemoryArchive, RedScorer

from evolve.errors import GenomeError
from evolve.genome import Prompt
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.session.archive import Row
from evolve.session.headless import Run
from evolve.strategies.cost import FORWARDS, spent, steps_of
from evolve.strategies.names import DEFAULT, NAMES
from evolve.strategies.registry import STRATEGIES, strategy_of
from evolve.strategies.strategy import settings_of

FULL = 8
"""Forwards of a picture."""


def run_on(
    archive: MemoryArchive, name: str, renderer: FakeRenderer | None = None, **options: object
) -> Run:
    search = Search(
        seed=1,
        prompt=Prompt.parse("a"),
        shape=SHAPE,
        births=archive.births(),
        genome_of=archive.genome,
    )
    return Run(
        archive,
        search,
        renderer or FakeRenderer(),
        RedScorer(),
        strategy=strategy_of(name),
        **{"page": 6, **options},  # type: ignore[arg-type]
    )


def individuals(archive: MemoryArchive) -> list[Individual]:
    return list(archive.individuals)


class Killed(Exception):
    pass


class Mortal(MemoryArchive):
    """Dies before its n-th commit, as a process would that is killed there."""

    def __init__(self, commits: list[list[Row]], until: int) -> None:
        super().__init__(commits)
        self._until = until

    def append(self, rows: list[Row]) -> None:  # type: ignore[override]
        if len(self.commits) >= self._until:
            raise Killed
        super().append(rows)


def test_all_strategies_have_a_name_and_a_line_about_them() -> None:
    assert list(NAMES) == list(STRATEGIES)
    assert DEFAULT in NAMES
    with pytest.raises(GenomeError, match="unknown strategy 'luck': use one of evolve, best-of-n"):
        strategy_of("luck")


@pytest.mark.parametrize("name", NAMES)
def test_a_strategy_is_the_same_again_from_its_settings(name: str) -> None:
    settings = settings_of(strategy_of(name))
    assert settings["name"] == name
    assert strategy_of(name, {**settings, "of another version": 1}) == strategy_of(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_budget_of_forwards_is_used_up_and_never_exceeded(name: str) -> None:
    archive = MemoryArchive()
    run = run_on(archive, name)
    assert run.to(None, forwards=30 * FULL)
    assert 29 * FULL < run.progress.spent <= 30 * FULL
    assert run.progress.spent == spent(archive.births(), FULL)
    assert not archive.unpainted()


@pytest.mark.parametrize("name", NAMES)
def test_a_budget_of_pictures_is_met_exactly(name: str) -> None:
    archive = MemoryArchive()
    run = run_on(archive, name)
    assert run.to(25)
    assert len(archive.individuals) == run.progress.images == 25


@pytest.mark.parametrize("name", NAMES)
def test_a_run_killed_at_any_commit_goes_on_to_the_same_individuals(name: str) -> None:
    whole = MemoryArchive()
    run_on(whole, name).to(None, forwards=24 * FULL)
    for until in range(0, len(whole.commits), 5):
        archive = Mortal([], until)
        with pytest.raises(Killed):
            run_on(archive, name).to(None, forwards=24 * FULL)
        survivor = Mortal(archive.commits, 10**6)
        run_on(survivor, name).to(None, forwards=24 * FULL)
        assert individuals(survivor) == individuals(whole)
        assert survivor.verdicts("red") == whole.verdicts("red")
