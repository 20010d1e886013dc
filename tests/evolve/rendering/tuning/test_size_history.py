"""What earlier children of a population have shown of how far its children go."""

import numpy as np
import pytest

from evolve.errors import ArchiveError
from evolve.rendering.tuning.size_curves import SHAPES, Curves
from evolve.rendering.tuning.size_history import stretched_by
from evolve.scoring.looks.distance import Measure
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.sight import Sight
from evolve.search.births import Births
from evolve.search.individual import Birth, Origin

REACH = 0.33
MEASURE = Measure({"x": 1.0})
CURVES = Curves(MEASURE, {"mutate": SHAPES["mutate"]})
FIRST = 20


def at(distance: float) -> Sight:
    """Return what is so far from the first one."""
    return Sight((Embedding("x", np.array([distance, 1.0], np.float16)),))


def births(*operators: str) -> Births:
    """Return a founder and its children of a size."""
    found = [Birth(id=0, origin=Origin("found"), generation=0)]
    for i, operator in enumerate(operators, start=1):
        origin = Origin(operator, {"size": 0.4, "reach": REACH})
        found.append(Birth(id=i, origin=origin, parents=(0,), generation=1))
    return Births.of(found)


def far(times: float, operator: str = "mutate") -> Sight:
    """Return what is so many times as far from the founder as is usual."""
    usual = CURVES.of(Origin(operator)).distance(REACH)
    return at(times * usual)


def test_children_that_came_twice_as_far_have_the_next_begin_at_about_half() -> None:
    sights = [at(0), *[far(2)] * 45]
    after = stretched_by(CURVES, births(*["mutate"] * 45), 46, sights.__getitem__, MEASURE)
    before, learnt = CURVES.of(Origin("mutate")), after.of(Origin("mutate"))
    assert learnt.distance(REACH) == pytest.approx(
        2 ** (45 / 50) * before.distance(REACH), rel=0.01
    )
    assert learnt.reach(0.4) < 0.6 * before.reach(0.4)
    few = stretched_by(CURVES, births("mutate"), 2, sights.__getitem__, MEASURE)
    assert few.of(Origin("mutate")).distance(REACH) < 1.3 * before.distance(REACH)


def test_each_way_learns_from_its_own_children() -> None:
    sights = [at(0), far(2, "steer"), far(2, "steer")]
    after = stretched_by(CURVES, births("steer", "steer"), 3, sights.__getitem__, MEASURE)
    assert after.of(Origin("mutate")) == CURVES.of(Origin("mutate"))
    assert after.of(Origin("steer")).distance(REACH) > CURVES.of(Origin("steer")).distance(REACH)


def test_the_page_itself_and_what_cannot_be_read_do_not_count() -> None:
    def sight(individual: int) -> Sight | None:
        if individual == 1:
            raise ArchiveError("damaged")
        return None if individual == 2 else far(2) if individual else at(0)

    born = births("mutate", "mutate", "mutate")
    assert stretched_by(CURVES, born, 3, sight, MEASURE) == CURVES
    assert stretched_by(CURVES, born, 4, sight, MEASURE) != CURVES
    assert stretched_by(CURVES, born, 0, sight, MEASURE) == CURVES
