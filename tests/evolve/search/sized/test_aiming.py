"""Which reach is tried next, given how far drafts came."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from evolve.errors import GenomeError
from evolve.search.plan import Plan
from evolve.search.sized.aiming import KINSHIP, SMALLEST, Aim, Curve, Firsts, Ways, stretch_of
from evolve.search.sized.sizes import SIZES, size_in_words, size_of

CURVE = Curve.through((0.1, 0.3, 0.6, 1.0), (0.2, 0.5, 0.45, 0.9))


def aimed(size: float, way: Callable[[float], float], drafts: int) -> Aim:
    aim = Aim(size, CURVE)
    for _ in range(drafts):
        aim.tries.append((reach := aim.guess(), way(reach)))
    return aim


def test_a_curve_never_falls_and_gives_the_smallest_reach_that_leads_so_far() -> None:
    assert CURVE.distances == (0.2, 0.5, 0.5, 0.9)
    assert CURVE.reach(0.5) == pytest.approx(0.3)
    assert CURVE.reach(0.1) == pytest.approx(0.05)
    assert CURVE.reach(2) == 1.0
    for distance in np.linspace(0.01, 0.9, 30):
        assert CURVE.distance(CURVE.reach(distance)) == pytest.approx(distance)


@pytest.mark.parametrize("stretch", [0.4, 0.8, 1.7, 3.0])
def test_a_second_draft_is_nearer_and_a_fourth_is_close(stretch: float) -> None:
    def way(reach: float) -> float:
        return 1 - math.exp(-2 * stretch * reach)

    errors = [aimed(0.35, way, drafts).error for drafts in (1, 2, 4)]
    assert errors[1] < errors[0] or errors[0] < 0.05
    assert errors[2] < 0.1


def test_between_one_too_near_and_one_too_far_the_next_lies_between() -> None:
    aim = Aim(0.5, CURVE, [(0.2, 0.1), (0.4, 0.9)])
    assert 0.2 < aim.guess() < 0.4


def test_a_way_that_does_not_lead_so_far_ends() -> None:
    aim = aimed(0.8, lambda reach: 0.1 * reach, 2)
    assert aim.guess() == 1.0
    assert aim.is_stuck
    assert aim.best == (1.0, 0.1)


def test_a_draft_that_does_not_move_at_all_is_no_reason_to_fail() -> None:
    assert aimed(0.3, lambda reach: 0.0, 3).guess() == 1.0
    assert SMALLEST <= aimed(0.02, lambda reach: 5.0, 4).guess() < 0.05


@pytest.mark.parametrize(
    ("text", "size"), [*SIZES.items(), (" Bold ", SIZES["bold"]), ("0.5", 0.5)]
)
def test_a_size_is_a_name_or_a_number(text: str, size: float) -> None:
    assert size_of(text) == size
    assert size_of(size_in_words(size)) == size


@pytest.mark.parametrize("text", ["huge", "", "0", "-0.3", "1.01", "nan", "inf"])
def test_what_is_no_size_is_refused_with_those_that_are(text: str) -> None:
    with pytest.raises(GenomeError, match="use subtle, visible, bold or a number from 0\\.02"):
        size_of(text)


def test_a_plan_keeps_its_size_and_refuses_one_that_is_none() -> None:
    assert Plan.from_json(Plan(size=0.3).to_json()) == Plan(size=0.3)
    assert "size" not in Plan().to_json()
    with pytest.raises(GenomeError, match="a size of 3 is out of range"):
        Plan(size=3)


def test_a_way_that_leaps_over_the_size_is_lost_and_one_that_misses_by_less_is_not() -> None:
    assert not Ways([Aim(0.4, CURVE)]).is_lost
    assert not Ways([Aim(0.4, CURVE, [(0.3, 0.55)])]).is_lost
    assert not Ways([Aim(0.4, CURVE, [(0.3, 0.1)])]).is_lost
    assert Ways([Aim(0.4, CURVE, [(0.3, 0.7)])]).is_lost
    assert not Ways([Aim(0.4, CURVE, [(0.3, 0.7)])], bisects=True).is_lost
    assert Ways([Aim(0.4, CURVE, [(1.0, 0.2)])], bisects=True).is_lost  # it ends before


def test_of_several_ways_the_draft_that_is_nearest_counts() -> None:
    ways = Ways([Aim(0.4, CURVE, [(0.3, 0.7)]), Aim(0.4, CURVE, [(0.2, 0.5)]), Aim(0.4, CURVE)])
    assert ways.best == (1, 0.2)
    assert ways.error == pytest.approx(0.25)
    assert ways.tries == [(0.3, 0.7), (0.2, 0.5)]
    assert ways.aim is ways.aims[2]


def test_each_wave_of_first_drafts_is_of_all_parents_as_far_as_possible() -> None:
    mains = dict(enumerate([7, 7, 7, 3, 3, 5, 5, 9]))
    assert Firsts.of(mains, by_parent=True).waves == [[0, 3, 5], [7, 1, 4], [6, 2]]
    assert Firsts.of(mains, by_parent=False).waves == [[0, 1, 2], [3, 4, 5, 6, 7]]
    assert Firsts.of({2: 7}, by_parent=True).waves == [[2]]
    assert Firsts.of({}, by_parent=True).waves == []


def test_first_drafts_stretch_the_curves_of_later_waves_most_those_of_their_own_parent() -> None:
    firsts = Firsts.of(dict(enumerate([7, 7, 3, 3, 5, 5])), by_parent=True)
    assert firsts.stretch(0, 0) == 1.0
    firsts.known = {0: 2.0, 2: 4.0, 1: 99.0}
    assert firsts.are_there(1)
    assert not firsts.are_there(2)
    middle = stretch_of([2.0, 4.0])
    assert firsts.stretch(4, 1) == pytest.approx(middle)
    assert firsts.stretch(1, 1) < middle < firsts.stretch(3, 1)
    assert firsts.stretch(1, 1) == pytest.approx(middle * (2 / math.sqrt(8)) ** KINSHIP)


def test_where_parents_do_not_count_the_first_third_stretches_all_curves_alike() -> None:
    firsts = Firsts.of(dict.fromkeys(range(6), 7), by_parent=False)
    firsts.known = {0: 2.0, 1: 4.0}
    assert firsts.are_there(1)
    assert firsts.stretch(5, 1) == pytest.approx(stretch_of([2.0, 4.0]))
