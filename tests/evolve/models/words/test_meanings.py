"""What a prompt asks for, and what training never showed together."""

import dataclasses
import random
from pathlib import Path

import pytest

from evolve.errors import ModelError
from evolve.genome import Prompt
from evolve.models.catalog import describe
from evolve.models.portraits.training.faces.attributes import WORDS
from evolve.models.portraits.training.words.captions import caption
from evolve.models.words.asking import Asking
from evolve.models.words.meanings import alien_remark, apart_remark, meanings_of
from evolve.models.words.remarks import remarks

PORTRAITS = describe("portraits")
MEANINGS = meanings_of(PORTRAITS)
assert MEANINGS is not None
ASKING = Asking(MEANINGS.phrases)


def asked(prompt: str, negative: str = "") -> dict[str, tuple[set[str], bool]]:
    found = ASKING.asked(Prompt.parse(prompt, negative))
    return {one.attribute: (set(one.values), one.wanted) for one in found}


def test_every_colour_belongs_to_its_thing() -> None:
    assert asked(
        "a woman with a red bob, a blue woolly hat and black clothes, pink background"
    ) == {
        "hair": ({"bob"}, True),
        "hair_colour": ({"red"}, True),
        "hat": ({"beanie"}, True),
        "hat_colour": ({"blue"}, True),
        "clothes_colour": ({"black"}, True),
        "background": ({"pink"}, True),
    }
    inside = asked("long dark brown hair")
    assert inside == {"hair": ({"long"}, True), "hair_colour": ({"brown"}, True)}
    assert asked("a blonde") == {"hair_colour": ({"blonde"}, True)}
    assert asked("red") == {}


def test_a_word_of_several_meanings_asks_for_any_of_them() -> None:
    assert asked("a man with glasses") == {"glasses": ({"round", "square"}, True)}
    assert asked("sunglasses") == {"glasses": ({"sunglasses"}, True)}


def test_words_for_a_value_alone_hold_none_for_anything_else() -> None:
    assert MEANINGS is not None
    assert MEANINGS.says("style", "big-smile") == "big smile style"
    for style in MEANINGS.seen["style"]:
        alone = MEANINGS.says_alone("style", style)
        assert alone in MEANINGS.phrases["style"][style]
        assert "smile" not in alone
    assert MEANINGS.says_alone("style", "micah") == MEANINGS.says("style", "micah")
    only = dataclasses.replace(
        MEANINGS, phrases={"mouth": {"a": ["smile"]}, "style": {"b": ["smile"]}}
    )
    assert only.says_alone("style", "b") == "smile"


def test_what_is_not_to_be_there_is_asked_not_to_be() -> None:
    assert asked("a woman without glasses, no hat") == {
        "glasses": ({"none"}, True),
        "hat": ({"none"}, True),
    }
    assert asked("no smile, a beard") == {"mouth": ({"smile"}, False), "beard": ({"beard"}, True)}
    assert asked("a dragon", "a beard | red hair") == {
        "beard": ({"beard"}, False),
        "hair_colour": ({"red"}, False),
    }


def test_concepts_count_by_their_weights() -> None:
    strong, weak = ASKING.asked(Prompt.parse("red hair :1.4 | a hat :0.6"))
    assert (strong.weight, weak.weight) == (1.4, 0.6)
    assert (strong.phrase, weak.phrase) == ("red hair", "hat")


def test_a_concept_of_a_weight_below_zero_is_not_to_be_there_and_one_of_zero_is_nothing() -> None:
    hat, glasses = ASKING.asked(Prompt.typed("a hat | glasses :-0.5 | a beard :0"))
    assert (hat.phrase, hat.wanted, hat.weight) == ("hat", True, 1.0)
    assert (glasses.phrase, glasses.wanted, glasses.weight) == ("glasses", False, 0.5)
    (unwanted,) = ASKING.asked(Prompt.typed("a man", "fog | a hat :-1"))
    assert unwanted.wanted


def test_what_captions_of_training_tell_is_read_from_them() -> None:
    rng = random.Random(3)
    right, count = 0, 0
    for k in range(300):
        seen = {attribute: rng.choice(list(values)) for attribute, values in WORDS.items()}
        text, told = caption(random.Random(k), seen)
        found = asked(text)
        count += len(told)
        right += sum(a in found and (seen[a] in found[a][0]) == found[a][1] for a in told)
    # Now and then a word without a meaning stands inside a phrase, on purpose.
    assert right > 0.98 * count


def test_what_was_never_seen_together_is_said_with_where_it_was() -> None:
    (line,) = remarks(PORTRAITS, Prompt.parse("line art of a man with red hair, no beard"))
    assert line.startswith("portraits has never seen 'red hair' (known from adventurer style, ")
    assert line.endswith(" in 'line art': it leaves out one or the other")
    assert "'glasses'" in apart_remark(PORTRAITS, Prompt.parse("glasses | dylan style"))


@pytest.mark.parametrize(
    "prompt",
    [
        "a smiling woman with red hair and glasses",  # no style, so there is one that has them
        "red hair, line art | cartoon",
        "no hat, ink drawing",
        "a yellow top, open peeps style",  # whose clothes have colours and no kind
        "pixel art | laughing person with curly blonde hair :1.3 | blue background",
        *PORTRAITS.extra["examples"],
    ],
)
def test_what_was_seen_together_gives_no_line(prompt: str) -> None:
    assert apart_remark(PORTRAITS, Prompt.parse(prompt)) == ""


def test_what_was_never_seen_in_pictures_like_this_one_is_named() -> None:
    bare, bearded = Prompt.parse("a woman"), Prompt.parse("a woman, a beard")
    line = alien_remark(PORTRAITS, bare, bearded, {"style": "big-ears"})
    assert line.startswith(
        "the picture looks like big ears style, in which portraits has never seen 'beard' (known"
    )
    for before, after, style in (
        (bare, bearded, "lorelei"),  # which has beards
        (bare, bearded, ""),  # nobody can tell
        (bare, Prompt.parse("a woman, a beard, pixel art"), "big-ears"),  # that has another line
        (bearded, Prompt.parse("a woman, a beard, a smile"), "big-ears"),  # not what is new
        (bearded, Prompt.parse("a woman, no beard"), "big-ears"),
    ):
        assert alien_remark(PORTRAITS, before, after, {"style": style}) == ""


def test_a_model_that_says_nothing_of_meanings_gives_no_line(tmp_path: Path) -> None:
    other = dataclasses.replace(PORTRAITS, folder=tmp_path)
    red = Prompt.parse("red hair")
    assert alien_remark(other, Prompt.parse("a man"), red, {"style": "lorelei"}) == ""
    assert apart_remark(other, Prompt.parse("red hair, line art")) == ""


@pytest.mark.parametrize("text", ["[1]", "{}", '{"phrases": 3}', '{"phrases": {"hair": 1}}', "{"])
def test_damaged_meanings_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "meanings.json").write_text(text)
    with pytest.raises(ModelError, match="meanings of model 'portraits' cannot be read"):
        meanings_of(dataclasses.replace(PORTRAITS, folder=tmp_path))


def test_phrases_without_words_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "meanings.json").write_text('{"phrases": {"hat": {"none": ["", "...", "no hat"]}}}')
    meanings = meanings_of(dataclasses.replace(PORTRAITS, folder=tmp_path))
    assert meanings is not None
    assert meanings.phrases == {"hat": {"none": ["no hat"]}}
