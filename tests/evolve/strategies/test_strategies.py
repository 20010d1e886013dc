"""Every strategy, on a fake painter: what it asks for, what it costs, and that it can be killed."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from fakes import FakeRenderer, Killed, MemoryArchive, Mortal, RedScorer
from sittings import search_on

from evolve.errors import GenomeError
from evolve.rendering.protocol import Job, Task
from evolve.search.individual import Individual
from evolve.session.archive import Judgement
from evolve.session.headless import bracket_painting
from evolve.session.headless.run import Run
from evolve.strategies.cost import FORWARDS, spent
from evolve.strategies.evosearch import EvoSearch
from evolve.strategies.names import DEFAULT, NAMES
from evolve.strategies.registry import STRATEGIES, strategy_of
from evolve.strategies.strategy import settings_of

FULL = 8
"""Forwards of a picture."""


def run_on(
    archive: MemoryArchive, name: str, renderer: FakeRenderer | None = None, **options: object
) -> Run:
    search = search_on(archive)
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


@pytest.mark.parametrize(
    ("name", "setting", "value"),
    [
        ("evolve", "brood", "x"),
        ("evolve", "brood", 10**9),
        ("evolve", "niches", [1]),
        ("evolve", "start", 1e9),
        ("evolve", "arms", []),
        ("evolve", "arms", ["back"]),
        ("evolve", "arms", [["mutate"]]),
        ("evosearch", "share", 5.0),
        ("evosearch", "unit", True),
        ("slerp-ga", "tournament", 0),
        ("half-steps", "share", float("nan")),
    ],
)
def test_settings_that_make_no_sense_are_as_usual(name: str, setting: str, value: object) -> None:
    assert strategy_of(name, {setting: value}) == strategy_of(name)


def test_a_setting_that_is_large_by_itself_may_be_less() -> None:
    assert strategy_of("evosearch", {"most": 300}) == EvoSearch(most=300)


@pytest.mark.parametrize("name", NAMES)
def test_records_that_make_no_sense_stop_no_run(name: str) -> None:
    archive = MemoryArchive()
    run_on(archive, name).to(12)
    for k, each in enumerate(archive.individuals):
        wrong: object = ([k], "x", 1.5, -1, 10**400)[k % 5]
        params = {**each.origin.params, FORWARDS: wrong, "stage": wrong, "arm": wrong}
        archive.individuals[k] = replace(each, origin=replace(each.origin, params=params))
    assert run_on(archive, name).to(24)
    assert spent(archive.births()[:1], FULL) == FULL


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
    assert all(len(set(each.parents)) == len(each.parents) for each in archive.individuals)


@pytest.mark.parametrize("name", NAMES)
def test_a_run_killed_at_any_commit_goes_on_to_the_same_individuals(name: str) -> None:
    whole = MemoryArchive()
    run_on(whole, name).to(None, forwards=24 * FULL)
    for until in range(0, len(whole.commits), 8):
        archive = Mortal([], until)
        with pytest.raises(Killed):
            run_on(archive, name).to(None, forwards=24 * FULL)
        survivor = Mortal(archive.commits, 10**6)
        run_on(survivor, name).to(None, forwards=24 * FULL)
        assert individuals(survivor) == individuals(whole)
        assert survivor.verdicts("red") == whole.verdicts("red")


def test_best_of_n_only_draws_founders_and_half_steps_paints_twice_as_many() -> None:
    counts = {}
    for name in ("best-of-n", "half-steps"):
        archive = MemoryArchive()
        run_on(archive, name).to(None, forwards=24 * FULL)
        assert {b.origin.operator for b in archive.births()} == {"found"}
        counts[name] = len(archive.individuals)
    assert counts == {"best-of-n": 24, "half-steps": 48}


def test_pruned_drafts_are_paid_for_and_leave_no_individual() -> None:
    """Of 32 drafts 16 go on after 4 steps, and 8 after 6: 32 x 4 + 16 x 2 + 8 x 2 forwards."""
    archive, renderer = MemoryArchive(), FakeRenderer()
    run = run_on(archive, "psp", renderer)
    assert run.to(None, forwards=176)
    assert len(renderer.drafted) == 32 + 16
    assert len(archive.individuals) == 8
    assert run.progress.spent == 176
    assert run.progress.cost.decodes == run.progress.cost.scores == 32 + 16 + 8
    given_up = [b.origin.params.get(FORWARDS) for b in archive.births()]
    assert given_up == [8 + 16 * 4 + 8 * 6, *[None] * 7]


def test_what_goes_on_are_the_best_drafts() -> None:
    psp, all_of_them = MemoryArchive(), MemoryArchive()
    run_on(psp, "psp").to(None, forwards=176)
    run_on(all_of_them, "best-of-n", page=32).to(32)  # a fake draft looks as its picture does
    scores = sorted(all_of_them.scores["red"].values(), reverse=True)
    assert sorted(psp.scores["red"].values(), reverse=True) == scores[:8]


def test_zero_order_steps_from_the_best_and_evosearch_goes_back_to_elites() -> None:
    zero, evo = MemoryArchive(), MemoryArchive()
    run_on(zero, "zero-order").to(9)
    scores = zero.scores["red"]
    assert {i.parents for i in zero.individuals[1:5]} == {(0,)}
    assert {i.parents for i in zero.individuals[5:]} == {(max(range(5), key=scores.__getitem__),)}
    run = run_on(evo, "evosearch")
    run.to(None, forwards=50 * FULL)
    depths = [i.genome.edit.depth if i.genome.edit else 1.0 for i in evo.individuals]
    shares = Counter(depths)
    assert shares == {1.0: 34, 0.6: 13, 0.4: 13, 0.2: 12}
    for child in evo.individuals[34:]:
        (main,) = child.parents
        assert child.genome.edit is not None
        np.testing.assert_array_equal(
            child.genome.edit.base.latent, evo.individuals[main].genome.noise
        )


def test_evolve_breeds_from_niches_by_several_arms_and_better_than_chance() -> None:
    bred, drawn = MemoryArchive(), MemoryArchive()
    run, chance = run_on(bred, "evolve"), run_on(drawn, "best-of-n")
    run.to(None, forwards=60 * FULL)
    chance.to(None, forwards=60 * FULL)
    arms = Counter(b.origin.params.get("arm") for b in bred.births())
    assert len(arms) > 4
    assert min(i.genome.painting_steps for i in bred.individuals) < FULL
    assert run.progress.best is not None
    assert chance.progress.best is not None
    assert run.progress.best[1] > chance.progress.best[1] + 5


@pytest.mark.parametrize("name", ["evolve", "evosearch"])
def test_a_parent_that_cannot_be_painted_again_is_left_out_and_reported_once(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bracket_painting, "LATENTS_MB", 0)  # what pictures came to is forgotten
    archive, lost = MemoryArchive(), dict[int, int]()

    def note(text: str) -> None:
        found = re.fullmatch(r"#(\d+) is left out as a parent: .* \(poison\)", text)
        assert found
        assert int(found[1]) not in lost
        lost[int(found[1])] = len(archive.individuals)

    class Forgetful(FakeRenderer):
        """Fails at all but individuals and drafts: at what is painted again."""

        def submit(self, jobs: Sequence[Task]) -> None:
            again = [job for job in jobs if isinstance(job, Job) and job.until is None]
            self.poison.update(j.id for j in again if j.id < 0 and j.id not in self.drafted)
            super().submit(jobs)

    run = run_on(archive, name, Forgetful(), on_notice=note)
    assert run.to(None, forwards=60 * FULL)
    assert run.progress.spent > 58 * FULL
    assert len(lost) > 1
    for individual, then in lost.items():
        assert run.search.verdicts.scores[individual] == run.progress.scores[individual]
        assert all(
            i.genome.edit is None or individual not in i.parents for i in archive.individuals[then:]
        )


def test_a_rejected_picture_is_no_parent_of_any_strategy() -> None:
    archive = MemoryArchive()
    run_on(archive, "zero-order").to(5)
    before = run_on(archive, "zero-order")
    before.to(5)
    assert before.progress.best is not None
    best = before.progress.best[0]
    archive.append([Judgement(individual=best, kind="reject", value=1)])
    run_on(archive, "zero-order").to(9)
    assert best not in {parent for i in archive.individuals[5:] for parent in i.parents}
