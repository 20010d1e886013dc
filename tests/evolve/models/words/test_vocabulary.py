"""A model that says what it knows: strange words are named, once, with what may be meant."""

import dataclasses
import random
from pathlib import Path

import pytest

from evolve.errors import GenomeError, ModelError
from evolve.genome import Prompt
from evolve.models.catalog import describe
from evolve.models.portraits.training.faces.attributes import WORDS
from evolve.models.portraits.training.words.captions import caption
from evolve.models.portraits.training.words.known_words import vocabulary
from evolve.models.words.vocabulary import (
    nearest,
    require_known,
    strangers,
    strangers_remark,
    vocabulary_of,
)

PORTRAITS = describe("portraits")


def test_all_the_words_of_its_captions_are_known() -> None:
    rng = random.Random(1)
    for _ in range(300):
        seen = {attribute: rng.choice(list(values)) for attribute, values in WORDS.items()}
        text, _ = caption(rng, seen, fullness=2.0)
        # Now and then a caption has one word without a meaning in it, on purpose.
        assert len(strangers(vocabulary(), [text])) <= 2


def test_strange_words_are_named_once_with_what_may_be_meant() -> None:
    told = strangers_remark(
        PORTRAITS, Prompt.parse("a Woman with galsses | a dragon, a dragon :1.5")
    )
    assert told.startswith("portraits has never seen 'galsses' (you mean 'glasses'?), 'dragon': ")
    assert told.count("dragon") == 1
    assert told.endswith("; 'fancier models portraits' lists the words it knows")
    assert "\n" not in told


def test_what_lists_the_words_it_knows_is_named_as_whoever_asks_has_it() -> None:
    line = strangers_remark(PORTRAITS, Prompt.parse("a dragon"), "e completes")
    assert line.endswith("; e completes the words it knows")
    with pytest.raises(GenomeError, match=r"nothing can change: e completes the words it knows$"):
        require_known(PORTRAITS, "zorgblat", "e completes")


@pytest.mark.parametrize("text", ["xyzzy qwrk", "a dragon with the 2 zebras", "🦊🎩"])
def test_a_prompt_of_strange_words_alone_is_said_to_ask_for_nothing(text: str) -> None:
    line = strangers_remark(PORTRAITS, Prompt.parse(text))
    assert "nothing is left, so it paints at random" in line
    assert "it paints the rest" in strangers_remark(PORTRAITS, Prompt.parse(f"{text} | a hat"))


def test_what_should_not_be_there_is_read_too() -> None:
    assert "'zebra'" in strangers_remark(PORTRAITS, Prompt.parse("a woman", "a zebra"))


def test_known_words_numbers_and_other_models_give_no_line(tmp_path: Path) -> None:
    assert strangers_remark(PORTRAITS, Prompt.parse("A smiling woman, wearing 2 red hats")) != ""
    assert strangers_remark(PORTRAITS, Prompt.parse("A smiling woman with 2 earrings")) == ""
    other = dataclasses.replace(PORTRAITS, name="other", folder=tmp_path)
    assert vocabulary_of(other) == {}
    assert strangers_remark(other, Prompt.parse("a dragon")) == ""


def test_many_strange_words_still_make_one_line() -> None:
    words = " ".join(f"stranger{letter}" for letter in "abcdefgh")
    assert "and 3 more" in strangers_remark(PORTRAITS, Prompt.parse(words))


def test_a_damaged_vocabulary_is_named(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.json").write_text("[1, 2")
    with pytest.raises(ModelError, match="vocabulary of model 'portraits' cannot be read"):
        vocabulary_of(dataclasses.replace(PORTRAITS, folder=tmp_path))


@pytest.mark.parametrize("text", ["zorgblat", "a zorgblat with a frumious", "no zorgblat"])
def test_words_of_which_it_knows_none_are_refused(text: str) -> None:
    with pytest.raises(GenomeError, match=r"has never seen 'zorgblat'.*: 'fancier models"):
        require_known(PORTRAITS, text)
    with pytest.raises(GenomeError, match=r"'glases' \(you mean 'glasses'\?\)"):
        require_known(PORTRAITS, "glases")


@pytest.mark.parametrize(
    "text", ["a golden crown", "a big red crown", "a crown of golden gems", "no round crown"]
)
def test_words_that_only_describe_what_it_does_not_know_are_refused(text: str) -> None:
    with pytest.raises(GenomeError, match=r"has never seen 'crown'.*, so nothing can change"):
        require_known(PORTRAITS, text)


@pytest.mark.parametrize(
    "text",
    [
        *("glasses", "a zorgblat hat", "without a chin", "golden", "a zorgblat woman"),
        *("glasses please", "red hair please", "a golden crown, glasses", "a crown with red hair"),
    ],
)
def test_words_of_which_it_knows_some_are_not_refused(text: str) -> None:
    require_known(PORTRAITS, text)


def test_what_is_meant_is_not_looked_for_among_millions_of_words() -> None:
    words = [f"word{k}" for k in range(30_000)]
    assert nearest({"all": words[:100]}, "wrod7") == "word7"
    assert nearest({"all": words}, "wrod7") is None


@pytest.mark.parametrize("odd", [5, {"a": 1}, None, ["a", 5, "two\nlines"]])
def test_what_a_model_says_of_itself_is_lines_or_nothing(odd: object) -> None:
    card = dataclasses.replace(PORTRAITS, extra={"description": odd, "examples": odd})
    assert card.description == ""
    assert card.examples == (["a", "5", "two lines"] if isinstance(odd, list) else [])
