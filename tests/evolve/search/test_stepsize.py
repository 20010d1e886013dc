"""The step: what may move it, and what says nothing about it."""

import numpy as np
import pytest

from benchmarks.strict_person import InNoise, spend, step_before
from evolve.genome import Prompt
from evolve.genome.edit import Base
from evolve.search import Search
from evolve.search.edits import Repainted
from evolve.search.individual import Birth, Origin, Verdict
from evolve.search.step_size import LOWEST, next_step

STEP = 30.0
ANGLES = (15.0, 20.0, 30.0, 45.0, 60.0)


def founders(count):
    return [Birth(id=i, origin=Origin("found")) for i in range(count)]


def bred(births, angles=ANGLES, *, parent=0, operator="mutate", new=True):
    """Add children of one parent, on a new page or on the last one."""
    generation = births[-1].generation + new
    first = len(births)
    births += [
        Birth(
            id=first + n,
            origin=Origin(operator, {"step": STEP, "angle": angle}),
            parents=(parent,),
            generation=generation,
        )
        for n, angle in enumerate(angles)
    ]
    return range(first, len(births))


def rated(*ratings):
    return [Verdict(rating=rating) for rating in ratings]


NEAR_LIKED, FAR_LIKED = rated(5, 4, 3, 2, 1), rated(1, 2, 3, 4, 5)


def test_one_page_whose_near_children_are_liked_shrinks_the_step():
    births = founders(1)
    assert next_step(births, dict(zip(bred(births), NEAR_LIKED, strict=True))) < STEP


def test_the_step_grows_only_when_several_pages_speak_for_far_children():
    births, verdicts, steps = founders(1), {}, []
    for _ in range(3):
        verdicts |= dict(zip(bred(births), FAR_LIKED, strict=True))
        steps.append(next_step(births, verdicts))
    assert steps[0] <= STEP < steps[-1]


@pytest.mark.parametrize("operator", ["mutate_region", "mutate_band", "repaint", "cross_region"])
def test_children_that_are_not_turned_as_a_whole_say_nothing(operator):
    births = founders(1)
    verdicts = {}
    for _ in range(3):
        verdicts |= dict(
            zip(bred(births, (90.0,) * 2, operator=operator), rated(5, 5), strict=True)
        )
        verdicts |= dict(zip(bred(births, (15.0,) * 2, new=False), rated(1, 1), strict=True))
    assert next_step(births, verdicts) == STEP


def test_a_record_of_a_step_without_a_parent_says_nothing():
    births = founders(1)
    (child,) = bred(births, ANGLES[:1])
    births.append(Birth(id=2, origin=Origin("mutate", {"step": 5.0, "angle": 5.0}), generation=1))
    for verdict in (Verdict(rating=5), Verdict(score=1.0)):
        assert LOWEST < next_step(births, {0: verdict, child: verdict, 2: verdict}) <= STEP


def test_children_of_different_parents_are_not_compared():
    births, verdicts = founders(2), {}
    for _ in range(3):  # those of the better parent happened to be turned further
        verdicts |= dict(zip(bred(births, (60.0,) * 3), rated(5, 5, 5), strict=True))
        near = bred(births, (15.0,) * 3, parent=1, new=False)
        verdicts |= dict(zip(near, rated(1, 1, 1), strict=True))
    assert next_step(births, verdicts) == STEP


def test_ratings_that_have_nothing_to_do_with_the_angle_leave_the_step():
    births = founders(1)
    assert next_step(births, dict(zip(bred(births), rated(2, 4, 3, 4, 2), strict=True))) == STEP


def test_local_children_that_beat_their_parent_by_score_say_nothing():
    births = founders(1)
    local = bred(births, (90.0,) * 4, operator="mutate_region")
    assert next_step(births, {0: Verdict(score=0.0), **{i: Verdict(score=1.0) for i in local}}) == (
        STEP
    )
    whole = bred(births)
    assert next_step(births, {0: Verdict(score=0.0), **{i: Verdict(score=1.0) for i in whole}}) > (
        STEP
    )


def test_children_inside_a_mask_say_nothing():
    search = Search(seed=1, prompt=Prompt.parse("a face"), shape=(4, 8, 8))
    search.ask(2)
    base = Base(np.zeros((4, 8, 8), np.float16))
    (masked,) = search.alter(0, Repainted(base=base, box=(0, 0, 0.5, 0.5)), 1)
    (whole,) = search.alter(0, Repainted(base=base), 1)

    def step_of(parent):
        page = [c for c in search.ask(8, parents=[parent]) if c.origin.operator == "mutate"]
        page.sort(key=lambda child: child.origin.params["angle"])
        search.tell({c.id: Verdict(rating=5 - k) for k, c in enumerate(page[:5])})
        return search.step / page[0].origin.params["step"]

    assert step_of(masked.id) == pytest.approx(1, abs=1e-3)
    assert step_of(whole.id) < 0.9


def test_the_step_does_not_grow_while_the_pages_of_a_strict_person_get_better():
    before, now = [
        [spend(InNoise(seed), rule, seed, 8, 0.3) for seed in range(4)]
        for rule in (step_before, next_step)
    ]
    assert any((e.grew & e.better).any() for e in before)  # what it is about
    assert not any((e.grew & e.better).any() for e in now)
    assert all(e.steps[-1] <= e.steps[0] for e in now)
    assert np.mean([e.percentiles[-1] for e in now]) > 80


def test_what_was_rejected_is_liked_less_than_one_star():
    births = founders(1)
    ids = bred(births)
    assert next_step(births, {ids[0]: Verdict(rating=1), ids[4]: Verdict(rejected=True)}) < STEP


def test_children_that_score_as_their_parent_did_not_beat_it():
    births = founders(1)
    ids = bred(births)
    assert next_step(births, {i: Verdict(score=1.0) for i in (0, *ids)}) < STEP
