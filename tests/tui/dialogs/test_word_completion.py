"""What is said of words while they are typed."""

import pytest

from tui.dialogs.ask import Ask
from tui.dialogs.dialog import say_in
from tui.dialogs.word_completion import unknown

TOPICS = {"things": ["a hat", "glasses"]}


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("a crown on a fox ", "crown, on, fox"),
        (
            " ".join(f"word{letter}" for letter in "abcdefgh") + " ",
            "worda, wordb, wordc, wordd, worde and 3 more",
        ),
        ("x" * 5000 + " ", "x" * 29 + "…"),
    ],
)
def test_however_much_is_pasted_what_is_unknown_of_it_is_one_line(typed, line):
    assert unknown(TOPICS, [typed]) == f"unknown to this model: {line}"


def test_a_dialog_that_is_gone_shows_nothing_more():
    say_in(Ask("What?"), "too late")
