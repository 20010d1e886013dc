"""Names from words."""

import pytest

from populations.home.names import valid_name
from tui.dialogs.naming import name_for

WORDS = [
    ("a smiling woman with a red bob and round glasses", "smiling-woman-red-bob"),
    ("a woman :1.3 | red hair :0.8 | (hat)", "woman-red-hair-hat"),
    ("Ein Mädchen, grüße", "ein-mädchen-grüße"),
    ("女の子", "女の子"),
    ("con", "population-con"),
    ("", "population"),
    ("...!? 🎩", "population"),
    ("with the", "population"),
    ("x" * 500, "x" * 32),
    ("donaudampfschifffahrtsgesellschaft kapitän", "donaudampfschifffahrtsgesellscha"),
    ("line\tdrawing\nof _under_scores_", "line-drawing-under-scores"),
]


@pytest.mark.parametrize(("words", "name"), WORDS)
def test_the_first_words_make_a_name_that_a_folder_can_have(words, name):
    assert name_for(words, ()) == valid_name(name_for(words, ())) == name


def test_names_are_not_given_twice():
    taken = ["a-man", "man", "MAN-2", "man-3"]
    assert name_for("a man", taken) == "man-4"
