from typing import Any

import pytest
import torch

from evolve.genome import Prompt
from evolve.genome.variety import Variety
from evolve.rendering.pipeline.shift import Shift
from evolve.rendering.pipeline.weighted_prompt import Encoder, WeightedText

SHIFT = Shift(0.5, Variety(((1, 0.6), (2, 0.8))))
TOKENS, WIDTH = 40, 64


def encode_prompt(prompt: Any, negative_prompt: Any = "") -> Any:
    """Encode words and negative words, with masks, pooled parts and places beside."""

    def one(text: str) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        draw = torch.Generator().manual_seed(len(text))
        tokens = 3 * torch.randn(1, TOKENS, WIDTH, generator=draw)
        read = (torch.arange(TOKENS) < 10 + len(text))[None]
        return tokens, torch.randn(1, WIDTH, generator=draw), read.float()

    tokens, pooled, mask = one(str(prompt))
    others, unwanted, _ = one(str(negative_prompt))
    return tokens, others, pooled, [unwanted], mask, torch.zeros(TOKENS, 3)


def encoded(text: str, shift: Shift | None, negative: str = "fog") -> list[Any]:
    class Pipeline:
        pass

    pipeline: Any = Pipeline()
    pipeline.encode_prompt = encode_prompt
    Encoder().serve(pipeline)
    prompt = Prompt.typed(text, negative)
    wanted, unwanted = prompt.parts()
    found = pipeline.encode_prompt(
        WeightedText(wanted, prompt.rule, shift), WeightedText(unwanted, prompt.rule)
    )
    return list(found)


@pytest.mark.parametrize("text", ["a face", "a face | a hat :0.4"])
def test_words_are_shifted_by_a_share_of_their_size_and_nothing_else_is(text: str) -> None:
    plain, moved = encoded(text, None), encoded(text, SHIFT)
    for k in (1, 3, 4, 5):  # the negative words, the mask, the places
        assert torch.equal(torch.stack([*plain[k]]), torch.stack([*moved[k]]))
    read = plain[4][0].bool()
    assert torch.equal(plain[0][:, ~read], moved[0][:, ~read])  # nobody looks there
    for k, part in ((0, read), (2, slice(None))):
        before, change = plain[k][:, part], (moved[k] - plain[k])[:, part]
        size = (change.square().mean() / before.square().mean()).sqrt()
        assert float(size) == pytest.approx(0.5, rel=0.2)
        assert float(change.mean() / change.std()) == pytest.approx(0, abs=0.3)


def test_the_same_gene_shifts_alike_and_another_otherwise() -> None:
    other = Shift(0.5, Variety(((3, 1.0),)))
    assert torch.equal(encoded("a face", SHIFT)[0], encoded("a face", SHIFT)[0])
    assert not torch.equal(encoded("a face", SHIFT)[0], encoded("a face", other)[0])


def test_a_shift_of_the_opposite_gene_is_opposite() -> None:
    opposite = Shift(0.5, SHIFT.variety.opposite())
    plain, one, two = (encoded("a face", s)[0] for s in (None, SHIFT, opposite))
    torch.testing.assert_close(one - plain, plain - two, rtol=1e-3, atol=1e-5)
