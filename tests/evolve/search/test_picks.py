"""Answers by order: the best three of a page, none of it, all the same."""

import math

import pytest

from evolve.search.individual import Birth, Origin, Verdict
from evolve.search.selection import fitness, preference
from evolve.search.step_size import START, STRETCH, Liking, next_step

FIRST, SECOND, THIRD = (Verdict(place=place) for place in (1, 2, 3))
NONE, SAME = Verdict(none=True), Verdict(same=True)


def page(generation, ids, angles=None):
    return [
        Birth(
            id=i,
            origin=Origin("mutate", {"step": 30.0, "angle": angles[n]}) if angles else Origin("x"),
            parents=(0,) if angles else (),
            generation=generation,
        )
        for n, i in enumerate(ids)
    ]


def test_picks_rank_their_page_and_what_was_passed_over_is_no_parent():
    fit = fitness(page(0, range(12)), {4: FIRST, 7: SECOND, 9: THIRD})
    assert sorted(fit, key=lambda i: -fit[i]) == [4, 7, 9]
    assert fit[4] == preference(1, 12)


def test_being_best_of_many_says_more_than_being_best_of_two():
    assert preference(1, 12) > preference(1, 6) > preference(1, 2) > 0
    assert preference(2, 3) == pytest.approx(0, abs=1e-9)
    assert preference(3, 3) == -preference(1, 3)


def test_a_pick_and_a_rating_of_other_pages_are_comparable():
    births = page(0, range(12)) + page(1, range(12, 24))
    fit = fitness(births, {0: Verdict(rating=5), 1: Verdict(rating=3), 12: FIRST, 13: SECOND})
    assert abs(fit[0] - fit[12]) < 1
    assert fit[1] < fit[13] < fit[0]


def test_a_rejected_pick_is_no_parent():
    assert fitness(page(0, range(6)), {0: Verdict(place=1, rejected=True), 1: SECOND}).keys() == {1}


def test_a_page_of_which_none_is_wanted_gives_no_parents_but_the_pinned():
    births = page(0, range(4)) + page(1, range(4, 8))
    verdicts = {0: Verdict(rating=4), **dict.fromkeys(range(4, 8), NONE)}
    verdicts[6] = Verdict(none=True, pinned=True)
    assert fitness(births, verdicts).keys() == {0, 6}
    assert fitness(births[:4], dict.fromkeys(range(4), NONE)) == {}


def test_a_page_whose_pictures_are_all_the_same_is_neither_good_nor_bad():
    fit = fitness(page(0, range(4)), dict.fromkeys(range(4), SAME))
    assert fit == dict.fromkeys(range(4), 0.0)


def test_pictures_that_all_look_the_same_stretch_the_step():
    births = page(0, [0]) + page(1, range(1, 5), [20, 25, 30, 35])
    assert next_step(births, dict.fromkeys(range(1, 5), SAME)) == pytest.approx(30 * STRETCH)


def test_the_step_follows_the_angles_that_were_picked():
    births = page(0, [0]) + page(1, range(1, 5), [15, 25, 35, 60])
    assert next_step(births, {1: FIRST}) < 30
    for generation in (2, 3):  # it grows once several pages agree
        births += page(generation, range(len(births), len(births) + 4), [15, 25, 35, 60])
    assert next_step(births, {8: FIRST, 12: FIRST}) == 30
    assert next_step(births, {4: FIRST, 8: FIRST, 12: FIRST}) > 30


def test_the_only_one_that_was_not_picked_weighs_as_much_as_the_picks_together():
    births = page(0, [0]) + page(1, range(1, 5), [15, 25, 35, 60])
    worth = {i: preference(i, 4) for i in range(1, 5)}  # what was passed over is the fourth
    assert sum(worth.values()) == pytest.approx(0, abs=1e-9)
    liking = Liking.of(births[1:], worth)
    step = next_step(births, {1: FIRST, 2: SECOND, 3: THIRD})
    assert step == pytest.approx(30 * math.exp(liking.favour / liking.weight))


def test_picks_on_founders_leave_the_step_at_its_start():
    assert next_step(page(0, range(4)), {0: FIRST}) == START
