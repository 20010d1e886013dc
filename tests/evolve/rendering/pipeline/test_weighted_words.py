from __future__ import annotations

from typing import Any

import torch

from evolve.genome import Prompt
from evolve.rendering.pipeline.weighted_prompt import Encoder, WeightedText


class Pipeline:
    """Encodes a text as its length, and a negative one beside it; counts how often."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def encode_prompt(self, prompt: Any, negative_prompt: Any = "") -> Any:
        text = prompt[0] if isinstance(prompt, list) else prompt
        self.asked.append((str(text), str(negative_prompt)))
        return (
            torch.full((1, len(text)), float(len(text))),
            None,
            torch.ones(1, len(text), dtype=torch.long),
            torch.full((1, 2), float(len(negative_prompt or ""))),
        )


def words(text: str) -> WeightedText:
    return WeightedText(Prompt.parse(text).concepts)


def served() -> Pipeline:
    pipeline = Pipeline()
    Encoder().serve(pipeline)
    return pipeline


def test_a_single_concept_is_encoded_as_it_is_and_once() -> None:
    pipeline = served()
    assert pipeline.encode_prompt(words("abc"))[0].tolist() == [[3.0, 3.0, 3.0]]
    pipeline.encode_prompt(words("abc"))
    assert pipeline.asked == [("abc", "")]


def test_concepts_are_mixed_by_their_weights_and_masks_united() -> None:
    embedding, nothing, mask, negative = served().encode_prompt([words("ab | abcd :3")], "xyz")
    assert embedding.tolist() == [[3.5, 3.5, 3.0, 3.0]]  # the shorter is filled with zeros
    assert nothing is None
    assert mask.tolist() == [[1, 1, 1, 1]]
    assert negative.tolist() == [[3.0, 3.0]]


def test_concepts_of_the_negative_prompt_are_mixed_beside() -> None:
    pipeline = served()
    embedding, _, _, negative = pipeline.encode_prompt(
        words("ab | abcd :3"), negative_prompt=words("x | xxxxx")
    )
    assert embedding.tolist() == [[3.5, 3.5, 3.0, 3.0]]
    assert negative.tolist() == [[3.0, 3.0]]


def test_other_weights_are_another_prompt() -> None:
    pipeline = served()
    a = pipeline.encode_prompt(words("ab | abcd"))[0]
    b = pipeline.encode_prompt(words("ab | abcd :2"))[0]
    assert not torch.equal(a, b)
    assert pipeline.asked == [("ab", ""), ("abcd", "")]  # and no text is encoded twice


def test_words_read_like_a_plain_text() -> None:
    assert words("a cat | snow :2") == "a cat, snow"
    assert WeightedText(()) == ""
