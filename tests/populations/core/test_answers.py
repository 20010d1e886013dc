"""What a person answers beside ratings, and what they plan, is saved like everything else."""

from __future__ import annotations

from pathlib import Path

from evolve.genome import Prompt
from evolve.search.individual import Verdict
from evolve.search.plan import Plan
from evolve.session.archive import Judgement
from populations import Population
from populations.repair.check import check_population

PLAN = Plan(prompt=Prompt.parse("a | b :2"), since=8, slots=("keep",), directions={"x": (0, 1)})


def said(kind: str, about: int, value: int) -> Judgement:
    return Judgement(individual=about, kind=kind, value=value, page=1)  # type: ignore[arg-type]


def test_picks_and_answers_about_a_page_come_back(path: Path) -> None:
    with Population.open(path) as population:
        population.append([said("pick", 5, 1), said("pick", 4, 2), said("none", 0, 1)])
        population.append([said("same", 1, 1), said("same", 1, 0), said("pick", 4, 0)])
        now = population.verdicts()
    with Population.open(path, write=False) as again:
        assert again.verdicts() == now
    assert now[5].place == 1
    assert now[5].page == 1
    assert now[0].none
    assert now.get(4, Verdict()).place is None
    assert not now.get(1, Verdict()).same
    assert not check_population(path).problems


def test_the_latest_plan_counts(path: Path) -> None:
    with Population.open(path) as population:
        assert population.plan() == Plan()
        population.append([Plan(page=6)])
        assert population.page == 6
        population.append([PLAN])
    with Population.open(path, write=False) as again:
        assert again.plan() == PLAN
    assert not check_population(path).problems


def test_a_reader_sees_a_plan_made_beside_it(path: Path) -> None:
    reader = Population.open(path, write=False)
    with Population.open(path) as writer:
        writer.append([PLAN])
    assert reader.refresh()
    assert reader.plan() == PLAN
