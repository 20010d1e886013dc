"""What a person answers beside ratings, and what they plan, is saved like everything else."""

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


def test_answers_about_a_page_and_plans_come_back_and_a_reader_sees_them(path: Path) -> None:
    reader = Population.open(path, write=False)
    with Population.open(path) as population:
        assert population.plan() == Plan()
        population.append([said("pick", 5, 1), said("pick", 4, 2), said("none", 0, 1)])
        population.append([said("same", 1, 1), said("same", 1, 0), said("pick", 4, 0)])
        now = population.verdicts()
        population.append([Plan(page=6)])
        assert population.page == 6
        population.append([PLAN])
    assert now[5] == Verdict(place=1, page=1)
    assert now[0].none
    assert now.get(4, Verdict()).place is None
    assert not now.get(1, Verdict()).same
    assert reader.refresh()
    with Population.open(path, write=False) as again:
        for each in (reader, again):
            assert (each.verdicts(), each.plan()) == (now, PLAN)
    assert not check_population(path).problems
