"""What is known of a population: scores as columns, what persons said beside them."""

import numpy as np
import pytest

from evolve.search.individual import Verdict
from evolve.search.verdicts import Scores, Verdicts


def scores(**values: float) -> Scores:
    made = Scores()
    for name, value in values.items():
        made.put(int(name[1:]), value)
    return made


def test_the_best_is_among_those_that_have_a_score_and_the_first_of_equals():
    assert scores(_3=-2.0, _5=-1.0, _8=-1.0).best == 5
    assert scores(_3=float("nan"), _5=-1.0).best == 5
    assert scores(_3=float("nan")).best is None


def test_scores_are_those_of_whom_one_is_known():
    some = scores(_1=0.5, _4=-1.0)
    assert dict(some) == some.to_dict() == {1: 0.5, 4: -1.0}
    assert len(some) == 2
    assert 0 not in some
    with pytest.raises(KeyError, match="2"):
        some[2]


def test_of_many_scores_put_at_once_the_last_of_the_same_individual_counts():
    some = scores(_0=9.0)
    some.put(np.array([0, 2, 2]), np.array([1.0, 2.0, 3.0]))
    assert dict(some) == {0: 1.0, 2: 3.0}


def test_a_forgotten_score_is_unknown_and_no_longer_the_best():
    some = scores(_0=1.0, _1=2.0)
    for individual in (1, 77):
        some.discard(individual)
    assert dict(some) == {0: 1.0}
    assert some.best == 0
    assert some.in_order.tolist() == [1.0]


def test_scores_of_a_branch_leave_those_of_all_as_they_are():
    everyone = scores(_0=1.0, _1=2.0, _3=3.0)
    members = everyone.among(np.array([True, False, True, True, False]))
    assert dict(members) == {0: 1.0, 3: 3.0}
    assert dict(everyone) == {0: 1.0, 1: 2.0, 3: 3.0}


def test_a_copy_is_changed_by_itself():
    first = Verdicts.of({1: Verdict(rating=4, score=0.5)})
    second = first.copy()
    second.put(1, Verdict(rejected=True))
    second.put(2, Verdict(score=1.0))
    assert dict(first) == {1: Verdict(rating=4, score=0.5)}
    assert dict(second) == {1: Verdict(rejected=True), 2: Verdict(score=1.0)}


def test_a_verdict_replaces_the_one_before_and_one_that_says_nothing_removes_it():
    verdicts = Verdicts.of({0: Verdict(rating=4, score=0.5), 1: Verdict(pinned=True)})
    verdicts.put(0, Verdict(rating=2))
    assert dict(verdicts) == {0: Verdict(rating=2), 1: Verdict(pinned=True)}
    verdicts.put(0, Verdict())
    verdicts.put(1, Verdict(score=0.0))
    assert dict(verdicts) == {1: Verdict(score=0.0)}
    assert len(verdicts) == 1


def test_who_was_judged_comes_in_order_whatever_of_it_is_a_score():
    verdicts = Verdicts.of({9: Verdict(rating=1), 2: Verdict(score=1.0), 5: Verdict(none=True)})
    verdicts.put(12, Verdict(score=0.0))
    assert verdicts.ids.tolist() == list(verdicts) == [2, 5, 9, 12]
    assert Verdicts.of(verdicts) is verdicts
    assert Verdicts().ids.tolist() == []
