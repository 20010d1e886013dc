"""How an individual came to be, as a record may say it."""

from typing import Any

import pytest

from evolve.search.individual import Origin


@pytest.mark.parametrize("value", ["x", [1], None, True, float("nan"), float("inf"), 10**400])
@pytest.mark.parametrize("name", ["step", "angle"])
def test_an_angle_is_a_number_of_degrees(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"the {name} of an origin is not a number of degrees"):
        Origin("mutate", {name: value})


@pytest.mark.parametrize("value", ["zz", 1.5, None, False])
def test_a_seed_is_a_whole_number(value: Any) -> None:
    with pytest.raises(ValueError, match="the seed of an origin is not a whole number"):
        Origin("import", {"seed": value})


def test_other_parameters_are_whatever_an_operator_records() -> None:
    assert Origin("mine", {"angle": -30, "step": 35.0, "seed": 2**63, "x": ["y"]}).params["x"]
