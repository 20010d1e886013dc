"""Words for a change: refused, stronger, of several kinds, in a look, and taken from others."""

import re
from dataclasses import replace

import pytest
from wording import KNOWN, said

from evolve.errors import GenomeError
from evolve.genome import Prompt
from evolve.models.words.meanings import Meanings
from evolve.models.words.phrasing import STRONGER, WordChange, phrasings, taken


@pytest.mark.parametrize("text", ["(hat:1.3)", "a hat :1.3", "a hat | glasses", "((hat))"])
def test_a_change_has_no_weights_and_no_bars(text: str) -> None:
    for given in ({"add": text}, {"remove": text}, {"add": "a hat", "remove": text}):
        with pytest.raises(GenomeError, match=re.escape(f"'{text}' has a weight or a bar: name")):
            WordChange(**given)


def test_the_neutral_phrasing_is_the_one_before_reordered() -> None:
    phrased = said("a woman :0.5 | a hat", "glasses", negative="ugly")
    assert str(phrased.neutral) == "no glasses, a woman :0.5 | a picture of a hat"
    assert phrased.neutral.unwanted == "ugly"


@pytest.mark.parametrize(
    ("add", "remove", "why"),
    [
        ("", "", "no words say what is to change"),
        (" , ", "", "no words say what is to change"),
        ("red hair", "red hair", "'red hair' changes nothing"),
        ("", "a man", "nothing remains of the words 'a man'"),
        ("x" * 2000, "", "use at most 2000"),
    ],
)
def test_words_that_name_no_change_are_refused(add: str, remove: str, why: str) -> None:
    with pytest.raises(GenomeError, match=why):
        phrasings(Prompt.parse("a man"), WordChange(add, remove), KNOWN)


def test_stronger_words_have_the_thing_behind_a_bar_and_only_where_something_is_to_be():
    found = said("a woman without a beard, smiling", "a beard")
    assert [str(each) for each in found.stronger] == [
        f"a woman, smiling | a beard :{weight:g}" for weight in STRONGER
    ]
    assert found.thing == "a beard"
    assert found.plain.stronger == ()
    assert said("a woman with glasses", remove="glasses").stronger == ()
    assert said("a woman with glasses", "no glasses").stronger == ()
    assert said("glasses", "round glasses").stronger == ()
    mixed = phrasings(Prompt.parse("a woman | red"), WordChange("a beard"), KNOWN)
    assert mixed.stronger == ()
    old = Prompt.parse("a woman", "blurry :1.4")  # such a weight has no place by the new rule
    assert phrasings(old, WordChange("a beard"), KNOWN).stronger[0].unwanted == "blurry"
    typed = phrasings(Prompt.typed("a car | night :.5"), WordChange("wheels"))
    assert str(typed.stronger[0]) == "a car | night :0.5 | wheels :1.5"


@pytest.mark.parametrize(
    ("prompt", "other", "what", "after"),
    [
        ("a short brown bob", "a man with red hair", "hair", "a short red bob"),
        ("a woman, glasses", "a man, no glasses", "glasses", "a woman, no glasses"),
        ("a woman", "a man with a smile, round glasses", "the glasses", "a woman, round glasses"),
        ("a man with a beard", "a moustache, smiling man", "beard", "a man with a moustache"),
        ("a man | red hair :1.4", "a woman | blue hair :.6", "hair", "a man | blue hair :1.4"),
        ("a woman", "a man in a red cap", "hat", "a woman, a red cap"),
        # What the other does not say, and what else it says, stays as it is.
        ("a woman with brown hair", "a man with glasses", "hair", "a woman with brown hair"),
        ("a woman with brown hair", "a man with a red hat", "hair", "a woman with brown hair"),
    ],
)  # fmt: skip
def test_what_is_taken_is_said_as_the_other_says_it(prompt, other, what, after):
    assert str(taken(Prompt.typed(prompt), Prompt.typed(other), what, KNOWN)) == after


@pytest.mark.parametrize(
    ("prompt", "other", "what", "after"),
    [
        ("a car on a road", "a bus, red wheels, night", "wheels", "a car on a road, red wheels"),
        ("a car, blue wheels, day", "a bus | red wheels :.4", "wheels", "a car, day, red wheels"),
        ("a car, blue wheels", "a bus with red wheels", "wheels", "a car, blue wheels"),
        ("a woman, dark hair", "a man, red hair", "hair", "a woman, red hair"),
        ("a woman", "a man, blue background", "the background", "a woman, blue background"),
    ],
)  # fmt: skip
def test_without_meanings_whole_parts_of_the_words_are_taken(prompt, other, what, after):
    assert str(taken(Prompt.typed(prompt), Prompt.typed(other), what)) == after


def test_words_for_the_look_of_a_picture_are_added_to_every_phrasing():
    found = said("a woman, smiling", "glasses")
    drawn = found.in_look("pixel art")
    for one in ("before", "after", "neutral"):
        assert str(getattr(drawn, one)) == f"{getattr(found, one)}, pixel art"
    assert [str(p) for p in drawn.stronger] == [
        f"a woman, smiling, pixel art | glasses :{weight:g}" for weight in STRONGER
    ]
    assert str(drawn.focused.after) == "glasses, pixel art"
    assert replace(found.found(focused=True, look="pixel art"), kinds=()) == drawn.focused
    assert found.in_look("") is found


def test_words_that_may_mean_several_kinds_are_said_as_each_that_the_look_has():
    def kinds(prompt: str, add: str, look: str = "") -> list[str]:
        found = phrasings(Prompt.typed(prompt), WordChange(add), KNOWN)
        return [str(kind.after) for kind in found.found(focused=False, look=look).kinds]

    assert kinds("a woman", "glasses") == ["a woman, round glasses", "a woman, square glasses"]
    assert kinds("a woman, flat avatar", "glasses") == ["a woman, flat avatar, square glasses"]
    assert kinds("a woman", "glasses", "personas style") == [
        "a woman, square glasses, personas style"
    ]
    for alone in ("round glasses", "a beard", "a smile", "no glasses", "red hair", "wheels"):
        assert kinds("a woman", alone) == []
    found = phrasings(Prompt.typed("a woman"), WordChange("glasses"), KNOWN)
    focused = found.found(focused=True, look="micah style").kinds
    assert [str(kind.after) for kind in focused] == [
        "round glasses, micah style",
        "square glasses, micah style",
    ]
    assert [str(kind.stronger[0]) for kind in found.kinds] == [
        "a woman | round glasses :1.5",
        "a woman | square glasses :1.5",
    ]
    assert found.plain.kinds == ()
    assert phrasings(Prompt.typed("a woman"), WordChange("glasses")).kinds == ()


@pytest.mark.parametrize(
    ("hats", "kinds"),
    [
        ({"cap": ["hat"], "hat": ["a hat"]}, 2),  # which its own words do not tell apart
        ({}, 0),
    ],
)
def test_meanings_that_make_no_sense_end_in_some_words(hats, kinds):
    meanings = Meanings({"hat": {"none": ["no hat"], **hats}}, {})
    found = phrasings(Prompt.typed("a man"), WordChange("a hat"), meanings)
    assert str(found.after) in ("a man, a hat", "a man, hat")
    assert len(found.kinds) == kinds
