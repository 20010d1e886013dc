"""What was learnt, as a person reads it."""

from typing import Any

import pytest

from evolve.taste.explaining import Learnt
from evolve.taste.foresight import Foresight
from populations.studio.taste import TasteReport
from tui.drawing.taste_words import taste_lines


def told(**known: Any) -> str:
    blank: dict[str, Any] = {
        "judged": 24,
        "unseen": 0,
        "predicts": Foresight(0.62, 3),
        "learnt": (),
        "compared": 24,
        "words_by": "reader",
        "forgot": 0,
        "chosen_by": "taste",
    }
    return "\n".join(taste_lines(TasteReport(**{**blank, **known})))


def test_likes_and_dislikes_are_named_with_how_sure_they_are():
    learnt = (Learnt("red hair", 1.6, 0.3), Learnt("a beard", -1.2, 0.3))
    text = told(learnt=learnt)
    assert "you like: red hair\n" in text
    assert "you dislike: a beard (probably)\n" in text
    assert "your last 3 pages: predicted well (rank correlation 0.62" in text
    assert text.endswith("pages are bred by this")


@pytest.mark.parametrize(
    ("known", "line"),
    [
        (
            {"compared": 0, "words_by": ""},
            "too little to put into words: judge 4 pictures of a page, not all alike",
        ),
        ({"words_by": ""}, "its model is not on this machine"),
        ({}, "nothing yet that can be put into words"),
        ({"unseen": 7}, "7 more are left out"),
        ({"forgot": 36}, "from #36 on: what was before is forgotten"),
        ({"judged": 0}, "rate some pictures, and come back"),
        ({"predicts": Foresight(None, 0)}, "once you have judged 4 of its pictures"),
        ({"predicts": Foresight(0.3, 1)}, "your last page: predicted a little"),
        ({"predicts": Foresight(-0.1, 2)}, "predicted not at all yet"),
        ({"chosen_by": "ratings"}, "pages are bred by the rating of each"),
        ({"judged": 8}, "pages are bred by this from 12 judged pictures on"),
    ],
)
def test_what_is_not_known_is_said(known, line):
    assert line in told(**known)


def test_attributes_that_decide_are_named_once_pages_are_foretold():
    counts = {"hair_colour": 1.84, "glasses": 2.1, "hat": 1.2, "beard": 0.7}
    line = "counts more than at first: glasses (2.1 times), hair colour (1.8 times)"
    assert f"{line}\n" in told(counts=counts)
    assert "counts more" not in told(counts=counts, predicts=Foresight(0.1, 2))
    assert "counts more" not in told(counts={"hat": 1.2})
