from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.errors import GenomeError
from evolve.genome import Concept, Genome, Prompt
from evolve.genome.prompt import ADDED, LEAST, MIXED, MOST, encoded

texts = st.sampled_from(["a", "a | b", " :2", "red hair", "\\", "b "])
weighted = st.builds(Concept, texts.filter(str.strip), st.floats(LEAST, MOST))
bases = st.builds(Concept, texts.filter(str.strip))
added = st.builds(lambda base, words: (base, *words), bases, st.lists(weighted, max_size=3))


@given(added, added | st.just(()))
def test_what_is_added_comes_back_equal_from_what_is_typed_and_from_json(
    concepts: tuple[Concept, ...], negative: tuple[Concept, ...]
) -> None:
    prompt = Prompt(concepts, negative, ADDED)
    assert Prompt.typed(str(prompt), prompt.unwanted) == prompt
    assert Prompt.from_json(json.loads(json.dumps(prompt.to_json()))) == prompt


def test_words_behind_bars_are_added_with_weights_of_either_sign() -> None:
    prompt = Prompt.typed("a woman, line art | red hair :1.4 | glasses :-0.5 | a hat :0")
    assert prompt.concepts == (
        Concept("a woman, line art"),
        Concept("red hair", 1.4),
        Concept("glasses", -0.5),
        Concept("a hat", 0.0),
    )
    assert prompt.to_json()["rule"] == "added"


def test_the_rule_of_old_prompts_is_no_part_of_their_json_nor_of_their_digest() -> None:
    old = Prompt.from_json({"concepts": [["a face", 1.0], ["red hair", 2.0]], "negative": []})
    assert (old.rule, old) == (MIXED, Prompt.parse("a face | red hair :2"))
    assert list(old.to_json()) == ["concepts", "negative"]
    noise = np.zeros((1, 2, 2), np.float16)
    new = Prompt.typed("a face | red hair :2")
    assert Genome(noise, old).digest != Genome(noise, new).digest


def test_a_text_without_bars_is_the_same_by_both_rules() -> None:
    assert Prompt.typed("a face", "a hat") == Prompt.parse("a face", "a hat")
    assert Prompt.typed("a face", "a hat | a cap").rule == ADDED


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("red hair :1.4", r"weight 1.4 of 'red hair' stands before the first bar"),
        ("a :0 | b", r"weight 0 of 'a' stands before the first bar, where words have none"),
        ("a | b :3", r"weight 3 of 'b' must be from -1.5 to 2.5"),
        ("a | b :-2", r"weight -2 of 'b' must be from -1.5 to 2.5"),
        ("a | b :nan", r"weight nan of 'b' must be from"),
        ("a | ", r"the prompt is empty"),
    ],
)
def test_impossible_weights_are_refused_with_the_cure(text: str, message: str) -> None:
    with pytest.raises(GenomeError, match=message):
        Prompt.typed(text)
    if "empty" not in message:
        with pytest.raises(GenomeError, match=message):
            Prompt.typed("a face", text)


def test_a_rule_of_a_later_version_is_refused() -> None:
    data = {**Prompt.typed("a | b").to_json(), "rule": "woven"}
    with pytest.raises(GenomeError, match=r"unknown rule 'woven' .* newer version"):
        Prompt.from_json(data)


def test_one_text_is_encoded_for_each_that_counts() -> None:
    def parts(text: str) -> list[tuple[str, float]]:
        return encoded(Prompt.typed(text).concepts, ADDED)

    assert parts("a | b :0.5 | c :0 | d :-0.25") == [("a", 0.75), ("a, b", 0.5), ("a, d", -0.25)]
    assert parts("a | b") == [("a, b", 1.0)]
    assert parts("a | b :0") == [("a", 1.0)]
    assert Prompt.typed("a | b :0.5", "c | d").texts == ["a", "a, b", "c, d"]
