"""Words leave a text or change their order, and what is left reads well."""

import pytest

from evolve.models.words.clauses import drop, find, reordered


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("a woman, a bob, no glasses", "a woman, no glasses, a bob"),
        ("a woman, no glasses", "no glasses, a woman"),
        ("a cat", "a picture of a cat"),
        ("A picture of a cat", "a cat"),
    ],
)
def test_a_neutral_paraphrase_says_the_same_in_another_order(text: str, other: str) -> None:
    assert reordered(text) == other


@pytest.mark.parametrize(
    ("text", "phrase", "left"),
    [
        ("a cat in the grass, happy", "the grass", "a cat, happy"),
        ("a cat on a mat and a dog", "a mat", "a cat and a dog"),
        ("a man with a hat and a bob", "a hat", "a man with a bob"),
        ("a man with a bob and a hat", "hat", "a man with a bob"),
        ("a man who has a hat, happy", "a hat", "a man, happy"),
        ("A Hat, happy", "a hat", "happy"),
        ("an old man", "old", "a man"),
        ("a red apple", "red", "an apple"),
        ("a hat", "a hat", ""),
    ],
)
def test_what_is_left_of_a_text_still_reads_well(text: str, phrase: str, left: str) -> None:
    span = find(text, phrase)
    assert span is not None
    assert drop(text, span) == left


def test_words_are_found_whole_and_within_a_clause() -> None:
    assert find("a cathedral", "a cat") is None
    assert find("red, hair", "red hair") is None
    assert find("long Red hair", "red hair") == (5, 13)
    assert find("a cat", "the") is None
