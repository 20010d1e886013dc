"""Gradients of a graph: the same as without, or it goes on without."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from evolve.models.portraits.training.learning.captured import CHECKED, Captured, Values
from evolve.models.portraits.training.learning.parallel import Figures


def _captured() -> tuple[nn.Linear, Captured]:
    torch.manual_seed(0)
    layer = nn.Linear(4, 2)

    def loss(values: Values) -> tuple[torch.Tensor, Figures]:
        lost = (layer(values[0]) - values[1]).square().mean()
        return lost, {"loss": lost.detach()}

    return layer, Captured(loss, layer.parameters())


def _values(seed: int) -> Values:
    draw = torch.Generator().manual_seed(seed)
    return torch.randn(8, 4, generator=draw), torch.randn(8, 2, generator=draw)


def test_where_no_graph_can_be_made_gradients_are_computed_without(
    capsys: pytest.CaptureFixture[str],
) -> None:
    layer, captured = _captured()
    for seed in range(2):
        figures = captured.compute(_values(seed))
        expected, also = captured._usual(_values(seed))
        assert torch.equal(layer.weight.grad, expected[0])
        assert figures == also
    assert captured.refused
    assert capsys.readouterr().out.count("no graph: ") == 1


@pytest.mark.parametrize("stale", [False, True])
def test_a_graph_is_kept_only_if_its_gradients_are_right(
    stale: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    layer, captured = _captured()
    captured._inputs = _values(0)
    read = tuple(v.clone() for v in captured._inputs) if stale else captured._inputs
    captured._again = lambda: captured._usual(read)
    for seed in range(CHECKED + 2):
        captured.compute(_values(seed))
        assert torch.allclose(layer.weight.grad, captured._usual(_values(seed))[0][0])
    assert bool(captured.refused) == stale
    assert ("off" if stale else "captured as a graph") in capsys.readouterr().out
