"""One fitness out of several scores: ranks with a guard, fronts, and how far two scores differ."""

import math

import numpy as np
import pytest

from evolve.scoring.combining import crowding, deviation, fitness, fronts


def test_one_scorer_alone_is_the_fitness_as_it_is() -> None:
    assert fitness({"clip": {3: 0.5, 1: math.nan, 0: -2.0}})[3] == 0.5
    assert list(fitness({"clip": {3: 0.5, 0: -2.0}})) == [0, 3]


def test_ranks_count_order_alone_and_equals_share_theirs() -> None:
    one = {0: 1.0, 1: 2.0, 2: 2.0, 3: 9.0}
    other = {0: 40.0, 1: 30.0, 2: 20.0, 3: 10.0}
    fit = fitness({"one": one, "other": other})
    assert fit == fitness({"one": {i: v**3 for i, v in one.items()}, "other": other})
    assert fit == pytest.approx({0: 5 / 8, 1: 5.5 / 8, 2: 4.5 / 8, 3: 5 / 8})


def test_who_lacks_a_score_is_left_out_and_who_has_no_number_is_no_number() -> None:
    fit = fitness({"one": {0: 1.0, 1: 2.0, 2: math.nan}, "other": {0: 1.0, 2: 5.0, 7: 1.0}})
    assert list(fit) == [0, 2]
    assert math.isnan(fit[2])
    assert fit[0] == 1.0


def test_a_child_that_falls_below_its_parent_in_one_score_is_not_better() -> None:
    words = {0: -1.0, 1: -0.5, 2: -0.1, 3: -0.4}
    clip = {0: 20.0, 1: 30.0, 2: 29.0, 3: 33.0}
    parents = {2: (1,), 3: (1, 2)}
    free = fitness({"words": words, "clip": clip})
    assert free[2] == free[1] + 1 / 8
    assert free[3] > free[2]
    guarded = fitness({"words": words, "clip": clip}, parents)
    assert guarded[2] == guarded[1]  # lower by CLIP
    assert guarded[3] == guarded[2]  # lower by words than one of its parents, who was capped
    noisy = fitness({"words": words, "clip": clip}, parents, deviations={"clip": 1.0, "words": 1.0})
    assert noisy == free


def test_fronts_are_those_of_a_plain_count_of_who_dominates_whom() -> None:
    for seed, width in ((1, 2), (2, 2), (3, 3), (4, 4)):
        draw = np.random.default_rng(seed)
        table = draw.integers(0, 6, (60, width)).astype(float)  # with equals
        left, expected, front = set(range(60)), np.zeros(60, int), 0
        while left:
            rows = table[sorted(left)]
            beaten = [((rows >= row).all(1) & (rows > row).any(1)).any() for row in rows]
            free = {i for i, lost in zip(sorted(left), beaten, strict=True) if not lost}
            expected[sorted(free)] = front
            left, front = left - free, front + 1
        assert fronts(table).tolist() == expected.tolist()


def test_the_ends_of_a_front_have_all_the_room_and_crowded_ones_the_least() -> None:
    table = np.array([[0.0, 9.0], [4.0, 5.0], [4.5, 4.5], [9.0, 0.0]])
    room = crowding(table)
    assert room[[0, 3]].tolist() == [math.inf, math.inf]
    assert room[1] == pytest.approx(4.5 / 9 + 4.5 / 9)
    assert room[2] == pytest.approx(5 / 9 + 5 / 9)


def test_room_never_outweighs_a_front() -> None:
    draw = np.random.default_rng(5)
    one, other = (dict(enumerate(draw.normal(size=80).tolist())) for _ in range(2))
    fit = fitness({"one": one, "other": other}, by="fronts")
    front = fronts(np.array([[one[i], other[i]] for i in range(80)]))
    for i in range(80):
        assert -front[i] <= fit[i] <= -front[i] + 0.9
    assert fit == fitness({"one": one, "other": other}, by="fronts")


def test_a_deviation_is_measured_from_second_looks_at_those_that_nothing_chose() -> None:
    draw = np.random.default_rng(7)
    true = draw.normal(size=400)
    first, second = true + draw.normal(0, 0.3, 400), true + draw.normal(5, 0.3, 400)
    scores, again = dict(enumerate(first.tolist())), dict(enumerate(second.tolist()))
    assert deviation(scores, again, range(400)) == pytest.approx(0.3, rel=0.1)
    assert deviation(scores, again, ()) == deviation(scores, again, (3,)) == 0.0
    assert deviation({0: math.nan, 1: 1.0}, {0: 2.0, 1: 1.0}, (0, 1)) == 0.0
