"""Scores of what a picture is like, over small shifts of it."""

import numpy as np
import pytest

from evolve.genome import Genome, Prompt
from evolve.scoring.embedding_score import EmbeddingScore, like, shifts
from evolve.scoring.looks.embedders import BY_CELLS
from evolve.session.archive import Picture

GENOME = Genome(np.zeros((4, 8, 8), np.float16), Prompt.parse("a"))


def disc(x: float, colour: tuple[int, int, int]) -> Picture:
    """A disc on grey, its centre at `x` of the width."""
    rows, columns = np.mgrid[:64, :64]
    made = np.full((64, 64, 3), 128, np.uint8)
    made[(rows - 32) ** 2 + (columns - 64 * x) ** 2 < 144] = colour
    return made


def test_what_is_nearer_scores_higher_and_the_same_picture_highest() -> None:
    target = disc(0.4, (250, 20, 20))
    scorer = like(target, BY_CELLS, "disc.png")
    seen = [target, disc(0.5, (250, 20, 20)), disc(0.9, (20, 20, 250))]
    scores = scorer.score(seen, [GENOME] * 3)
    assert scores.tolist() == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(100)
    assert scorer.score(seen[2:], [GENOME])[0] == scores[2]  # whatever the others are


def test_a_name_says_what_decides_the_score() -> None:
    red, blue = disc(0.4, (250, 20, 20)), disc(0.4, (20, 20, 250))
    names = {like(red, BY_CELLS, "a.png").name, like(blue, BY_CELLS, "a.png").name}
    assert len(names) == 2
    assert all(name.startswith("like:a.png@") for name in names)
    assert like(red, BY_CELLS, "a.png").name in names


def test_what_is_good_only_as_long_as_nothing_moves_counts_for_less() -> None:
    def marked(seen: np.ndarray) -> np.ndarray:
        return np.arange(len(seen)) == 0  # the whole picture alone

    (fragile,) = EmbeddingScore("x", BY_CELLS, lambda _: marked).score(
        [disc(0.5, (9, 9, 9))], [GENOME]
    )
    assert fragile == pytest.approx(0.2 - 0.4)


def test_a_second_look_sees_other_shifts_under_the_same_name() -> None:
    first = like(disc(0.4, (250, 20, 20)), BY_CELLS, "a.png")
    assert first.again().name == first.name
    assert shifts(0) == shifts(0) != shifts(1)
    picture = disc(0.6, (250, 90, 20))
    one, two = first.score([picture], [GENOME]), first.again().score([picture], [GENOME])
    assert one != two
    assert one == pytest.approx(two, abs=2)
