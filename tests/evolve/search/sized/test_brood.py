"""What the records of broods say, and what they say where a stranger wrote them."""

from dataclasses import replace
from typing import Any

import pytest

from evolve.search.sized.brood import Brood, DraftedChild, drafts_of, missed_of, reach_of
from evolve.search.sized.conceiving import plan_of


def test_the_record_of_a_child_says_what_was_drafted_of_it() -> None:
    params = {"reach": 0.4, "drafts": 3, "missed": [0.9, 0.25]}
    assert (drafts_of(params), missed_of(params), reach_of(params)) == (3, (0.9, 0.25), 0.4)
    assert (drafts_of({}), missed_of({}), reach_of({})) == (1, None, 1.0)


@pytest.mark.parametrize(
    "value", ["x", None, True, -1, 1e300, float("nan"), 10**400, [], [1], [1, "x"], {}]
)
def test_what_makes_no_sense_counts_as_not_written(value: Any) -> None:
    params = {"reach": value, "drafts": value, "missed": value}
    assert (drafts_of(params), missed_of(params), reach_of(params)) == (1, None, 1.0)


def test_a_brood_of_an_earlier_version_knows_of_one_way_for_each_child() -> None:
    child = DraftedChild("mutate", 2, 0.4)
    brood = Brood(how="breed", first=12, generation=1, children=(child,), pool=(2,))
    assert "other_ways" not in brood.to_json()
    assert Brood.from_json(brood.to_json()) == brood
    later = replace(brood, other_ways=True, settings={"steps": 4})
    assert Brood.from_json(later.to_json()) == later
    assert plan_of(later).settings == {"steps": 4}
    assert Brood.from_json({**brood.to_json(), "other_ways": "yes"}) == brood
