"""Numbers of individuals in sentences."""

from pathlib import Path

import pytest
from small_population import CONFIG

from evolve.errors import GenomeError
from populations import Population
from populations.studio.opening import require


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


def test_an_individual_of_an_empty_population_is_refused(tmp_path: Path) -> None:
    with (
        Population.create(tmp_path, "empty", CONFIG) as population,
        pytest.raises(GenomeError, match="no individual 0: there are none yet"),
    ):
        require(population, [0])


def test_one_row_is_no_rows() -> None:
    from populations.core.captions import which

    assert which("row", [3]) == "row 3"
    assert which("individual", [0, 1, 2, 7]) == "individuals 0 to 2, 7"
