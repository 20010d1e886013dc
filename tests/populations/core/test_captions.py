"""Numbers of individuals in sentences."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("ids", "text"),
    [
        ([3], "#3"),
        ([0, 1], "#0 and #1"),
        (range(3, 15), "#3 to #14"),
        ([3, 7, 8, 9], "#3 and #7 to #9"),
        ([1, 2, 5, 6, 7], "#1, #2, #5 to #7"),
        ([], ""),
    ],
)
def test_individuals_are_numbered_as_people_write(ids: list[int], text: str) -> None:
    from populations.core.captions import numbered

    assert numbered(ids) == text
