"""What a model does not know of a change is named before anything is painted."""

import pytest

from evolve.genome import Prompt
from evolve.models.catalog import describe
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import WordChange, phrasings
from evolve.models.words.remarks import change_remarks

PORTRAITS = describe("portraits")


def remarks(prompt: str, change: WordChange) -> list[str]:
    found = phrasings(Prompt.parse(prompt), change, meanings_of(PORTRAITS))
    return change_remarks(PORTRAITS, change, found)


@pytest.mark.parametrize("thing", ["a hat", "a smile", "hair", "red hair", "a face", "dark skin"])
def test_what_it_knows_needs_no_line(thing: str) -> None:
    assert remarks("a man", WordChange(add=thing)) == []


@pytest.mark.parametrize("thing", ["chin", "nose", "eyes", "big eyes"])
def test_a_word_known_only_in_other_phrases_is_named_with_some_of_them(thing: str) -> None:
    (line,) = remarks("a man", WordChange(add=f"the {thing}"))
    assert line.startswith(f"portraits does not know '{thing}' by itself, only '")


def test_unknown_words_and_those_never_together_are_named() -> None:
    (line,) = remarks("a man", WordChange(add="xyzzy"))
    assert "has never seen 'xyzzy'" in line
    (line,) = remarks("a man with glasses", WordChange(add="a zebra", remove="glasses"))
    assert "has never seen 'zebra'" in line
    (line,) = remarks("a man, big ears style", WordChange(add="a hat"))
    assert "'hat' (known from open peeps style, croodles style) in 'big ears style'" in line
