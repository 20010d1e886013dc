"""What strategies are made of: looks at drafts, budgets, niches, credit, steps."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import SHAPE

from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base, Edit
from evolve.genome.settings import Settings
from evolve.scoring.looks.embedding import Embedding
from evolve.search import Search
from evolve.search.individual import Individual, Made, Origin
from evolve.strategies.cost import Cost
from evolve.strategies.evosearch import EvoSearch
from evolve.strategies.niches import dealt, is_stalled, niches
from evolve.strategies.schedule import looks
from evolve.strategies.strategy import (
    Bracket,
    Budget,
    Cut,
    Situation,
    affordable,
    expected,
)
from evolve.strategies.trials import ARM, HIGHEST, LOWEST, shares, step_after

GENOME = Genome(
    noise=np.zeros(SHAPE, np.float16), prompt=Prompt.parse("a"), settings=Settings(steps=8)
)
BACK = replace(GENOME, edit=Edit(Base(GENOME.noise), 0.5))


def candidates(*genomes: Genome) -> list[Made]:
    return [Made(genome, Origin("found")) for genome in genomes]


def after(*generations: list[tuple[float, str | None, float]]) -> Situation:
    """A search after generations of (score, arm, step), all but the first children of 0."""
    search = Search(seed=1, prompt=GENOME.prompt, shape=SHAPE)
    for generation, members in enumerate(generations):
        for score, arm, step in members:
            i = len(search.births)
            origin = Origin("mutate", {ARM: arm, "step": step}) if arm else Origin("found")
            parents = (0,) if arm else ()
            search.accept(
                [
                    Individual(
                        id=i, genome=GENOME, origin=origin, parents=parents, generation=generation
                    )
                ]
            )
            search.tell({i: score})
    looks = [Embedding("e", np.array(v, np.float16)) for v in ((1, 0), (0.8, 0.6), (0, 1))]
    return Situation(
        search=search,
        ids=range(len(search.births)),
        page=4,
        embedding=lambda individual: looks[individual % 3],
    )


def test_looks_come_earlier_the_more_steps_there_are() -> None:
    assert [looks(n) for n in (4, 8, 16, 32, 64)] == [(2, 3), (4, 6), (6, 10), (8, 16), (16, 32)]
    assert looks(1) == (1, 2)  # past the last step: there is no draft of one


def test_a_picture_that_starts_from_another_takes_only_the_last_steps() -> None:
    assert (GENOME.painting_steps, BACK.painting_steps) == (8, 4)
    assert Cost(forwards=12, full=8).full_pictures == 1.5


def test_a_cut_looks_at_what_is_under_way() -> None:
    cut = Cut(4, 0.5)
    assert cut.looks_at(GENOME)
    assert not cut.looks_at(BACK)  # it starts there
    assert not Cut(8, 0.5).looks_at(GENOME)  # a finished picture is no draft
    assert [cut.keep(n) for n in (1, 2, 3, 8)] == [1, 1, 2, 4]


def test_a_bracket_costs_its_drafts_and_its_pictures() -> None:
    cuts = [Cut(4, 0.5), Cut(6, 0.5)]
    assert expected(candidates(*[GENOME] * 8), ()) == (64, 8)
    assert expected(candidates(*[GENOME] * 8), cuts) == (4 * 4 + 2 * 6 + 2 * 8, 2)
    assert expected(candidates(GENOME, GENOME, BACK, BACK), [Cut(4, 0.5)]) == (4 + 8 + 4 + 4, 3)


@pytest.mark.parametrize(
    ("budget", "left"),
    [
        (Budget(), 8),
        (Budget(forwards=64), 8),
        (Budget(forwards=30), 3),
        (Budget(pictures=2), 2),
        (Budget(forwards=7), 0),
    ],
)
def test_a_bracket_is_cut_to_what_a_budget_allows(budget: Budget, left: int) -> None:
    cut = affordable(Bracket(candidates=candidates(*[GENOME] * 8)), budget)
    assert len(cut.candidates if cut else ()) == left


def test_niches_are_the_best_and_those_that_look_least_like_it() -> None:
    at = after([(5.0, None, 0), (4.9, None, 0), (4.0, None, 0), (1.0, None, 0)])
    assert niches(at, at.scores, 2) == [0, 2]
    assert niches(at, at.scores, 9) == [0, 2, 1, 3]


def test_a_niche_that_does_not_improve_leaves_its_children_to_the_others() -> None:
    new = [(6.0, "mutate", 20.0)]
    at = after([(5.0, None, 0), (4.0, None, 0)], new, new, new)
    assert [dealt(at, [4, 3], 6).count(i) for i in (4, 3)] == [4, 2]
    assert [dealt(at, [4, 1], 6).count(i) for i in (4, 1)] == [5, 1]


def test_breeding_is_stalled_when_it_hardly_makes_the_best_better() -> None:
    founders = [(float(k), None, 0.0) for k in range(6)]
    better, same = [(7.0, "mutate", 20.0)], [(5.01, "mutate", 20.0)]
    assert not is_stalled(after(founders), after(founders).scores, 2)
    for generations, stalled in (
        ((founders, same), False),
        ((founders, same, same), True),
        ((founders, better, same), False),
        ((founders, same, same, founders), False),
    ):
        at = after(*generations)
        assert is_stalled(at, at.scores, 2) is stalled


def test_what_has_paid_off_makes_more_children_and_nothing_is_given_up() -> None:
    children = [(6.0, "good", 20.0)] * 6 + [(4.0, "bad", 20.0)] * 6
    share = shares(after([(5.0, None, 0)], children), ("good", "bad", "untried"))
    assert share["good"] > share["untried"] > share["bad"] > 0.1
    assert sum(share.values()) == pytest.approx(1)


def test_the_step_follows_how_many_children_beat_their_parent() -> None:
    def step(*scores: float) -> float:
        return step_after(after([(5.0, None, 0)], [(s, "mutate", 20.0) for s in scores]), 20.0)

    assert step() == 20
    assert LOWEST < step(4, 4, 4, 4) < 20 < step(6, 6, 4, 4) < HIGHEST


def test_a_large_budget_is_spent_on_several_rounds_of_evosearch() -> None:
    for pictures, founders in ((100, 42), (100_000, 252)):
        at = replace(after(), budget=Budget(pictures=pictures, total=pictures * 8), page=12)
        assert len(EvoSearch().ask(at).candidates) == founders
