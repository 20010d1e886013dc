"""A page by taste: what it depends on, what stands on it, and how near it stays."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from fakes import SHAPE
from liking import PAGE, Pictures

from evolve.genome import Prompt
from evolve.genome.edit import Base, Edit
from evolve.genome.noise import correlation
from evolve.search import Search
from evolve.search.individual import Individual, Verdict
from evolve.search.operators import Child, Operator
from evolve.search.plan import Plan
from evolve.taste.pages import page as pages
from evolve.taste.pages.candidates import to_paint
from evolve.taste.pages.heredity import Heredity
from evolve.taste.pages.page import TIMES, page_by_taste, pool_of, thoughts
from evolve.taste.pages.slate import sign, why
from evolve.taste.parents import ByTaste


class Evening(Pictures):
    """A search that breeds for a person."""

    def __init__(self, pages: int, *, plan: Plan | None = None) -> None:
        super().__init__()
        self.taste = ByTaste(self.looks.get, founded="taste")
        self.search = Search(
            seed=1,
            prompt=Prompt.parse("a face"),
            shape=SHAPE,
            plan=plan,
            rank=self.taste,
            page=self.taste.page,
        )
        self.pages = [self.go_on() for _ in range(pages)]

    def go_on(self) -> list[Individual]:
        page = self.search.ask(PAGE)
        self.paint(page)
        self.search.tell(self.said(page))
        return page


def _digests(page: Sequence[Individual]) -> list[str]:
    return [one.genome.digest for one in page]


def _liked(evening: Evening, page: int) -> float:
    return float(np.mean([evening.liked(one.id) for one in evening.pages[page]]))


def test_a_page_is_asked_for_ahead_of_time_and_nothing_comes_of_it() -> None:
    evening = Evening(2)
    ahead = evening.taste.page(evening.search, PAGE)
    assert ahead is not None
    twin = evening.search.twin(evening.search.genome)
    assert _digests(twin.ask(PAGE)) == _digests(ahead)
    assert len(evening.search.births) == 2 * PAGE
    assert _digests(evening.search.ask(PAGE)) == _digests(ahead)


def test_what_else_is_painted_and_in_which_order_things_were_said_does_not_matter() -> None:
    evening, other = Evening(3), Evening(3)
    said = dict(reversed(list(other.search.verdicts.items())))
    other.search.tell(said, forget=True)
    for unheard in range(3 * PAGE, 5 * PAGE):
        other.looks[unheard] = evening.looks[0]
    assert _digests(evening.search.ask(PAGE)) == _digests(other.search.ask(PAGE))


def test_every_picture_says_why_it_is_there_and_most_are_expected_to_be_liked() -> None:
    evening = Evening(3)
    page = evening.pages[-1]
    signs = [sign(one.origin.params) for one in page]
    assert signs.count("like") == 8
    assert {"?", "new", "best", "other"} <= set(signs)
    assert all(why(one.origin.params) for one in page)
    best = next(one for one in page if sign(one.origin.params) == "best")
    (incumbent,) = best.parents
    assert best.genome == evening.search.genome(incumbent)
    assert evening.liked(incumbent) > _liked(evening, 0)
    assert next(one for one in page if sign(one.origin.params) == "new").parents == ()


def test_pages_come_to_be_liked_and_no_two_pictures_of_one_are_the_same() -> None:
    evening = Evening(5)
    assert _liked(evening, -1) > _liked(evening, 0) + 0.3
    for page in evening.pages:
        assert len(set(_digests(page))) == PAGE


def test_children_are_nearer_the_surer_it_is_that_their_parents_are_liked() -> None:
    evening = Evening(5)
    turns = [
        [
            correlation(one.genome.noise, evening.search.genome(one.parents[0]).noise)
            for one in page
            if one.parents and one.origin.operator != "keep"
        ]
        for page in evening.pages[1:]
    ]
    assert np.mean(turns[-1]) > 0.85
    assert min(map(min, turns)) > 0.3


@pytest.mark.parametrize(
    "plan", [Plan(step=30.0), Plan(slots=("new", "mutate")), Plan(by="ratings")]
)
def test_what_a_person_decided_about_the_page_counts_before_taste(plan: Plan) -> None:
    evening = Evening(1, plan=plan)
    assert evening.taste.page(evening.search, PAGE) is None
    assert not any(sign(one.origin.params) for one in evening.search.ask(PAGE))
    evening.search.plan = Plan()
    assert evening.taste.page(evening.search, PAGE) is not None


def test_chosen_parents_and_forgetting_leave_the_page_to_the_search() -> None:
    evening = Evening(1)
    twin = evening.search.twin(evening.search.genome)
    assert {one.parents[0] for one in twin.ask(PAGE, parents=[3]) if one.parents} == {3}
    evening.search.plan = replace(evening.search.plan, taste_since=PAGE)
    assert evening.taste.page(evening.search, PAGE) is None


def test_what_is_thrown_out_is_no_parent_and_of_pictures_alike_only_the_best_is() -> None:
    evening = Evening(2)
    evening.search.tell({3: Verdict(rejected=True)})
    best = max(range(2 * PAGE), key=evening.liked)
    twin = 5 if best != 5 else 6
    evening.looks[twin] = evening.looks[best]
    again = ByTaste(evening.looks.get, founded="taste")
    pool = pool_of(again.taste(evening.search), again(evening.search)).parents
    assert 3 not in pool
    assert not {best, twin} <= set(pool)


def test_where_all_children_would_be_near_duplicates_newcomers_fill_the_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    evening = Evening(2)
    monkeypatch.setattr(Heredity, "_usual", staticmethod(lambda operator, angle: 1e-9))
    page = evening.taste.page(evening.search, PAGE)
    assert page is not None
    assert len({one.genome.digest for one in page}) == PAGE
    assert sum(not one.parents for one in page) > PAGE // 3


def test_what_is_expected_to_be_much_alike_is_not_shown_together_where_that_is_wanted() -> None:
    evening = Evening(2)
    taste, fit = evening.taste.taste(evening.search), evening.taste(evening.search)
    fit = {max(fit, key=lambda i: fit[i]): 1.0}
    nearest = []
    for apart in (False, True):
        page = page_by_taste(evening.search, taste, fit, PAGE, apart=apart)
        (best,) = (one for one in page if one.origin.operator == "keep")
        turns = [
            one.origin.params["angle"]
            for one in page
            if one.parents[:1] == best.parents and one.origin.operator == "mutate"
        ]
        nearest.append(min(turns))
        assert len(page) == PAGE
    assert nearest[0] == 15.0 < nearest[1]


def test_of_two_that_mirror_each_other_nothing_is_crossed_where_copies_are_not_wanted() -> None:
    evening = Evening(1)
    taste = evening.taste.taste(evening.search)
    for first in range(0, PAGE, 2):
        page = page_by_taste(evening.search, taste, {first: 2.0, first + 1: 1.9}, 24, apart=True)
        assert not [one for one in page if len(one.parents) == 2]
        assert len({one.genome.digest for one in page}) == 24


def test_five_times_a_page_is_thought_of_whoever_the_parents_are() -> None:
    for pool, page in (([0], PAGE), ([0, 1, 2], 6), ([*range(6)], 24)):
        found = thoughts(pool, page, {"mutate": 0.5, "cross_slerp": 0.5, "found": 0.0})
        assert len(found) >= TIMES * page
        assert found[0].parents == (0,)


def test_how_much_children_keep_is_learnt_from_those_that_are_known() -> None:
    evening = Evening(4)
    taste = evening.taste.taste(evening.search)
    births = [evening.search.births[i] for i in sorted(taste.seen)]
    usual, learnt = Heredity(), Heredity(taste.seen, births)
    children = [b for b in births if b.parents and b.origin.operator.startswith("mutate")]

    def error(heredity: Heredity) -> float:
        kept = [float(taste.seen[b.id] @ taste.seen[b.parents[0]]) for b in children]
        said = [heredity.of(b.origin.operator, b.origin.params["step"]).main for b in children]
        return float(np.abs(np.array(kept) - said).mean())

    assert len(children) > 5
    assert error(learnt) < error(usual)
    assert usual.of("mutate", 12.0).main == pytest.approx(0.73, abs=0.04)
    assert usual.of("mutate", 12.0).main > usual.of("mutate", 30.0).main
    assert usual.of("keep", 0.0) == (1.0, 0.0)
    assert usual.of("found", 0.0) == (0.0, 0.0)
    assert usual.of("cross_slerp", 0.0).other > 0


def test_children_of_an_edited_picture_start_from_it_as_far_back_as_they_are_turned() -> None:
    evening = Evening(2)
    search, best = evening.search, evening.pages[-1][-1]
    base = Base(np.zeros(SHAPE, np.float16))
    search.base_of = lambda individual: base
    mask = np.zeros(SHAPE[1:], bool)
    mask[:2] = True
    edited = replace(
        best,
        id=len(search.births),
        parents=(best.id,),
        generation=search.next_generation,
        genome=replace(best.genome, edit=Edit(base, 0.5, mask)),
    )
    search.accept([edited])
    evening.paint([edited])
    search.tell({edited.id: Verdict(rating=5, page=edited.generation)})

    children = page_by_taste(search, evening.taste.taste(search), {edited.id: 1.0}, PAGE)
    turned = [one for one in children if one.origin.operator == "mutate"]
    assert turned
    for child in turned:
        assert child.genome.edit is not None
        assert child.genome.edit.depth == child.origin.params["depth"] < 1
        assert child.genome.edit.mask is None


def test_what_needs_three_parents_is_not_thought_of_for_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trio = Operator(
        name="trio", kind="cross", label="of three", make=lambda *_: Child(_[1][2]), parents=3
    )
    monkeypatch.setattr(pages, "operator_of", {"trio": trio}.get)
    assert {each.operator for each in thoughts([1, 2, 3], 12, {"trio": 1.0})} & {"trio"} == set()
    assert {each.operator for each in to_paint([1, 2, 3], 24, {"trio": 1.0})} & {"trio"} == set()
