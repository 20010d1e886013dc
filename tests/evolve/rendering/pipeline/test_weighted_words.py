import zlib
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
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
    return WeightedText(Prompt.parse(text).parts()[0])


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
    assert WeightedText([]) == ""


def based(text: str) -> WeightedText:
    prompt = Prompt.typed(text)
    return WeightedText(prompt.parts(contrasted=False)[0], prompt.rule)


def by_text(form: Callable[[str], Any]) -> Any:
    """Return a pipeline that encodes a text in some form."""
    pipeline = SimpleNamespace(encode_prompt=lambda prompt: form(str(prompt)))
    Encoder().serve(pipeline)
    return pipeline


def drawn(text: str, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    draw = torch.Generator().manual_seed(zlib.crc32(text.encode()))
    return torch.randn(*shape, generator=draw).to(dtype)


def test_each_concept_adds_its_weight_times_what_writing_it_would_change() -> None:
    pipeline = by_text(lambda text: (drawn(text, 1, 4, 3), drawn(text, 1, 5)))
    found = pipeline.encode_prompt(based("a | b :1.4 | c :-0.5"))
    for got, shape in zip(found, ((1, 4, 3), (1, 5)), strict=True):
        base = drawn("a", *shape)
        b, c = drawn("a, b", *shape) - base, drawn("a, c", *shape) - base
        torch.testing.assert_close(got, base + 1.4 * b - 0.5 * c, rtol=1e-5, atol=1e-6)


def test_small_weights_are_not_lost_in_the_rounding_of_half_precision() -> None:
    pipeline = by_text(lambda text: (drawn(text, 1, 64, 64, dtype=torch.bfloat16),))
    (got,) = pipeline.encode_prompt(based("a | b :0.3 | c :-0.3 | d :2"))
    texts = ("a", "a, c", "a, d", "a, b, d")
    base, c, d, b_and_d = (drawn(text, 1, 64, 64).bfloat16().double() for text in texts)
    exact = base - 0.3 * (c - base) + 1.7 * (d - base) + 0.3 * (b_and_d - base)
    assert got.dtype == torch.bfloat16
    assert (got.double() - exact).abs().max() <= exact.abs().max() * 2**-8


@pytest.mark.parametrize("dtype", [torch.long, torch.bool, torch.float32])
def test_masks_of_any_type_are_united_of_what_counts(dtype) -> None:
    pipeline = by_text(lambda text: (torch.ones(1, len(text)).to(dtype),))
    (mask,) = pipeline.encode_prompt(based("ab | cd :0.3 | efghij :0"))
    assert mask.tolist() == [[1] * len("ab, cd")]
    assert mask.dtype == dtype


def test_adding_to_a_negative_prompt_leaves_the_prompt_as_it_is() -> None:
    pipeline = served()
    embedding, _, _, negative = pipeline.encode_prompt(
        based("ab"), negative_prompt=based("x | y :2")
    )
    assert embedding.tolist() == [[2.0, 2.0]]
    assert negative.tolist() == [[1.0 + 2 * 3.0] * 2]  # "x" has one character, "x, y" four


def test_a_text_is_written_into_what_a_pipeline_takes_for_no_negative_prompt() -> None:
    def encode_prompt(prompt: str, negative_prompt: str | None = None) -> Any:
        negative = 0.0 if negative_prompt is None else 1.0 + len(negative_prompt)  # as SDXL
        return torch.full((1, 2), float(len(prompt))), torch.full((1, 2), negative)

    config = {"force_zeros_for_empty_prompt": True}
    pipeline = SimpleNamespace(encode_prompt=encode_prompt, config=config)
    Encoder().serve(pipeline)
    (wanted, parts), rule = (prompt := Prompt.typed("a | fog :-0.25")).parts(), prompt.rule
    embedding, negative = pipeline.encode_prompt(
        WeightedText(wanted, rule), negative_prompt=WeightedText(parts, rule)
    )
    assert embedding.tolist() == [[1.0, 1.0]]
    assert negative.tolist() == [[0.25 * 4.0] * 2]
