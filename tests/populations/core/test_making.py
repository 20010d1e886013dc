"""How a picture was made, as a person would say it."""

import pytest

from evolve.search.individual import Birth, Origin
from populations.core.making import made, making


@pytest.mark.parametrize(
    ("operator", "params", "text"),
    [
        ("found", {}, "chance"),
        ("antithetic", {"of": 3}, "chance, opposite to #3"),
        ("antithetic", {}, "chance, opposite to another founder"),
        ("mutate", {"step": 35.0, "angle": 35.0}, "variation, 35° away"),
        ("mutate_region", {"step": 35.0, "angle": 70.0}, "variation in a region, 70° there"),
        ("mutate_band", {"low": True, "angle": 4.45}, "variation of the composition, 4.5°"),
        ("mutate_band", {"low": False}, "variation of the detail"),
        ("cross_region", {"share": 0.31}, "with regions of another parent, 31% of it"),
        ("cross_blend", {"weights": [0.5, 0.3, 0.2]}, "a blend of its parents: 50% 30% 20%"),
        ("look", {"axis": 2, "angle": -30.0}, "a step around, 30° away"),
        (
            "look",
            {"axis": 0, "angle": 30.0, "along": 1},
            "a step along axis 1 of the population, 30° away",
        ),
        ("mutate", {"size": 0.25, "reach": 0.1, "angle": 9.0}, "variation, 9° away, size subtle"),
        ("cross_band", {"size": 0.33}, "with the detail of another parent, size 0.33"),
        ("steer", {"from": 132, "to": 140, "angle": -2.45}, "away from #140, 2.5°"),
        ("steer", {"from": 132, "to": 140, "angle": 15}, "towards #140, 15°"),
        (
            "repaint",
            {"angle": 60.0, "depth": 1.0, "box": [0.438, 0.562, 0.812, 0.75]},
            "painted again: 44-81% across, 56-75% down",
        ),
        ("repaint", {"depth": 0.4, "box": None}, "painted again as a whole, depth 0.4"),
        ("edit", {"add": "a smile", "angle": 90.0, "depth": 0.85}, "edited: with a smile"),
        ("edit", {"remove": "glasses"}, "edited: without glasses"),
        ("edit", {"swap": ["red hair", "blue hair"]}, "edited: red hair > blue hair"),
        ("edit", {"angle": 30.0}, "edited in one place"),
        ("edit", {"add": 3}, "edited in one place"),
        ("take", {"words": "hair", "angle": 0.0, "depth": 0.25}, "hair of another picture"),
        ("take", {"depth": 0.25}, "a part of another picture"),
        ("take_off", {"of": 25}, "without the edit of #25"),
    ],
)
def test_the_record_of_an_operator_is_put_into_words(operator, params, text):
    assert making(Origin(operator, params)) == text


@pytest.mark.parametrize("value", [None, "x", True, [], {}, float("nan"), [1, "x"], ["x"] * 4])
def test_a_record_that_makes_no_sense_is_shown_all_the_same(value):
    names = ("depth", "box", "share", "weights", "to", "low", "of")
    for operator in ("mutate", "mutate_band", "cross_slerp", "cross_blend", "steer", "repaint"):
        assert making(Origin(operator, dict.fromkeys(names, value)))


def test_parents_besides_the_main_one_are_named():
    origin = Origin("cross_region", {"share": 0.31})
    birth = Birth(id=9, origin=origin, parents=(3, 7))
    assert made(birth) == "with regions of another parent, 31% of it (with 7)"
    assert made(Birth(id=9, origin=Origin("found"))) == "chance"


def test_the_record_of_a_stranger_stays_in_its_line():
    assert making(Origin("own", {"why": "a\nb\x1b[31m"})).isprintable()
