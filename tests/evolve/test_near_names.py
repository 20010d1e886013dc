"""Only names that a slip of the fingers explains are offered."""

import pytest

from evolve.near_names import did_you_mean, near_names


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("nope", ["note"]),
        ("faecs", ["faces", "Faces"]),
        ("FACES", ["faces", "Faces"]),
        ("face", ["faces", "Faces"]),
        ("cat", ["car"]),
        ("cow", []),
        ("", []),
    ],
)
def test_names_that_come_close_are_found_in_any_case(typed: str, near: list[str]) -> None:
    assert near_names(typed, ["more", "note", "faces", "Faces", "car"]) == near


def test_at_most_three_are_offered() -> None:
    assert did_you_mean("cat1", ["cat2", "cat3", "cat4", "cat5"]).count("or") == 2
    assert did_you_mean("cat", ["house"]) == ""
