from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from evolve.genome import Genome, Prompt
from evolve.scoring.cut_score import CutScore
from evolve.scoring.cuts import Cut, inner_cuts

GENOME = Genome(noise=np.zeros((1, 2, 2), np.float16), prompt=Prompt.parse("a"))


class Brightness:
    """Judges a view by its mean brightness, and remembers what it saw."""

    name = "brightness"
    side = 16

    def __init__(self) -> None:
        self.seen: list[Image.Image] = []

    def judge(self, views: Sequence[Image.Image], genome: Genome) -> NDArray[np.float64]:
        self.seen += views
        return np.array([float(np.asarray(view).mean()) for view in views])


def picture(value: int = 0, centre: int | None = None) -> NDArray[np.uint8]:
    made = np.full((64, 64, 3), value, np.uint8)
    if centre is not None:
        made[24:40, 24:40] = centre
    return made


def test_a_flat_picture_scores_the_same_in_every_view() -> None:
    assert CutScore(Brightness()).score([picture(100)], [GENOME]) == pytest.approx([100])


def test_overview_and_inner_cuts_count_in_equal_parts() -> None:
    judge = Brightness()
    (score,) = CutScore(judge, inner=6).score([picture(0, centre=255)], [GENOME])
    means = [float(np.asarray(view).mean()) for view in judge.seen]
    assert score == pytest.approx((np.mean(means[:2]) + np.mean(means[2:])) / 2)
    assert np.mean(means[2:]) > np.mean(means[:2])  # inner cuts see the centre larger


def test_a_score_does_not_depend_on_the_other_pictures() -> None:
    scorer = CutScore(Brightness())
    many = scorer.score([picture(0, 200), picture(50), picture(255)], [GENOME] * 3)
    assert many[0] == scorer.score([picture(0, 200)], [GENOME])[0]


def test_all_pictures_are_cut_alike() -> None:
    assert inner_cuts(5) == inner_cuts(5)
    assert len(set(inner_cuts(5))) == 5


def test_without_inner_cuts_only_the_overview_counts() -> None:
    judge = Brightness()
    CutScore(judge, inner=0).score([picture(9)], [GENOME])
    assert len(judge.seen) == 2


@pytest.mark.parametrize("cut", inner_cuts(20))
def test_cuts_lie_inside_the_picture(cut: Cut) -> None:
    left, top, right, bottom = cut.box(96, 64)
    assert 0 <= left < right <= 96
    assert 0 <= top < bottom <= 64
    assert right - left == pytest.approx(bottom - top)


def test_views_have_the_size_the_judge_wants() -> None:
    judge = Brightness()
    CutScore(judge).score([picture(1)], [GENOME])
    assert {view.size for view in judge.seen} == {(16, 16)}


def test_a_second_look_sees_none_of_the_cuts_of_the_first() -> None:
    judge = Brightness()
    judge.side = 64
    scorer = CutScore(judge)
    shown = np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)
    scorer.score([shown], [GENOME])
    scorer.again().score([shown], [GENOME])
    views = [view.tobytes() for view in judge.seen]
    assert len(set(views)) == len(views) == 12
