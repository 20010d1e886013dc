from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_population import CONFIG, individual

from evolve.errors import ArchiveError
from evolve.session.archive import Picture, Render
from populations import Population
from populations.lineage.lost import changes, most

SHADES = {0: 10, 1: 20, 2: None, 3: 200, 4: 210}
"""Grey of the pictures on a line of five, whose third was never painted."""


@pytest.fixture
def faces(tmp_path: Path) -> Iterator[Population]:
    line = [replace(individual(i), parents=(i - 1,) if i else ()) for i in range(5)]
    renders = [
        Render(individual=i, picture=np.full((16, 16, 3), shade, np.uint8))
        for i, shade in SHADES.items()
        if shade is not None
    ]
    stranger = replace(individual(5), parents=())
    rows = [*line, stranger, *renders]
    with Population.create(tmp_path, "faces", CONFIG, rows=rows) as made:
        yield made


def embed(pictures: Sequence[Picture]) -> np.ndarray:
    """Call pictures alike unless one is bright beyond 205."""
    return np.array([[1.0, 0.0] if p.mean() < 205 else [0.0, 1.0] for p in pictures])


def test_the_step_that_changed_the_most_pixels_is_found(faces: Population) -> None:
    steps = changes(faces, 4, 0)
    assert [(s.before, s.after) for s in steps] == [(0, 1), (1, 3), (3, 4)]
    assert [round(s.pixels * 255) for s in steps] == [10, 180, 10]
    assert most(steps) == steps[1]


def test_meaning_counts_before_pixels(faces: Population) -> None:
    steps = changes(faces, 4, 0, embed)
    assert [s.meaning for s in steps] == [0.0, 0.0, 1.0]
    assert most(steps) == steps[2]


def test_pictures_of_a_line_are_seen_one_by_one(faces: Population) -> None:
    counts: list[int] = []

    def counted(pictures: Sequence[Picture]) -> np.ndarray:
        counts.append(len(pictures))
        return embed(pictures)

    changes(faces, 4, 0, counted)
    assert counts == [1, 1, 1, 1]


def test_copies_differ_by_nothing_and_never_by_less(faces: Population) -> None:
    rounded = np.array([0.6000001, 0.8])
    steps = changes(faces, 4, 0, lambda pictures: np.array([rounded for _ in pictures]))
    assert [s.meaning for s in steps] == [0.0, 0.0, 0.0]


def test_nothing_is_lost_between_strangers_or_twins(faces: Population) -> None:
    with pytest.raises(ArchiveError, match=r"4 does not descend from 5"):
        changes(faces, 4, 5)
    with pytest.raises(ArchiveError, match=r"4 and 4 are the same"):
        changes(faces, 4, 4)
    with pytest.raises(ArchiveError, match=r"individual 2 of 'faces' has no picture"):
        changes(faces, 2, 0)
