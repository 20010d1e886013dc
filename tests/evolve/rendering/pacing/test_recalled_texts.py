from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn

from evolve.rendering.pacing import texts
from evolve.rendering.pacing.texts import Texts


class Reader(nn.Module):
    """Answers with ones, a kilobyte for each token; notes what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.config = {"name": "reader"}
        self.asked: list[tuple[list[int], bool]] = []

    def forward(self, tokens: torch.Tensor, *, all_layers: bool = False) -> Any:
        self.asked.append((tokens.tolist(), all_layers))
        layer = torch.ones(len(tokens), 256)
        return {"last": layer, "layers": (layer,) * all_layers}


def pipeline(reader: Reader, reads: Texts, key: str = "") -> Any:
    made = SimpleNamespace(text_encoder=reader, tokenizer="left alone", text_encoder_2=None)
    reads.serve(made, key=key)
    return made


def test_a_text_is_read_once_by_all_pipelines() -> None:
    reader, reads = Reader(), Texts()
    first, second = pipeline(reader, reads), pipeline(reader, reads)
    one = first.text_encoder(torch.tensor([1, 2]))
    other = second.text_encoder(torch.tensor([1, 2]))
    assert torch.equal(one["last"], other["last"])
    second.text_encoder(torch.tensor([1, 3]))
    assert reader.asked == [([1, 2], False), ([1, 3], False)]
    assert (first.text_encoder.config, first.text_encoder_2) == ({"name": "reader"}, None)


def test_whatever_else_is_asked_is_asked_anew() -> None:
    reader, reads = Reader(), Texts()
    for key in ("lora 0", "lora 1"):
        for all_layers in (False, True):
            for _ in range(2):
                pipeline(reader, reads, key).text_encoder(torch.tensor([1]), all_layers=all_layers)
    assert len(reader.asked) == 4


def test_only_so_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "ROOM", 2048)  # two tokens
    reader, reads = Reader(), Texts()
    encoder = pipeline(reader, reads).text_encoder
    for token in (1, 2, 3, 3, 2, 1):
        encoder(torch.tensor([token]))
    assert [tokens[0] for tokens, _ in reader.asked] == [1, 2, 3, 1]
    for _ in range(2):
        encoder(torch.tensor([7, 8, 9]))
    assert [tokens[0] for tokens, _ in reader.asked] == [1, 2, 3, 1, 7, 7]
