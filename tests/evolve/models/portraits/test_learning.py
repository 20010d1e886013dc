"""How the recipe learns: steps of its optimiser, and gradients of a graph or without."""

import pytest
import torch
from torch import nn

from evolve.models.portraits.training.learning.captured import CHECKED, Captured, Values
from evolve.models.portraits.training.learning.optimiser import Muon, Optimiser
from evolve.models.portraits.training.learning.parallel import Figures


def test_a_step_changes_kernels_that_lie_channels_last() -> None:
    kernel = nn.Conv2d(4, 6, 3).to(memory_format=torch.channels_last)
    before = kernel.weight.detach().clone()
    kernel(torch.ones(1, 4, 5, 5)).sum().backward()
    Optimiser(kernel, 0.1, outer=("head",)).step(0.1)
    assert not torch.equal(kernel.weight, before)


def test_kernels_that_lie_otherwise_are_refused() -> None:
    with pytest.raises(AssertionError, match="kernels have to lie channels last"):
        Optimiser(nn.Conv2d(4, 6, 3), 0.1, outer=("head",))


def test_matrices_that_are_made_orthogonal_together_move_as_each_by_itself() -> None:
    shapes = [(6, 4), (4, 6), (6, 4), (5, 5), (6, 4)]
    draw = torch.Generator().manual_seed(1)
    begun = [torch.randn(shape, generator=draw) for shape in shapes]
    moved = []
    for kind in (torch.optim.Muon, Muon):
        draw.manual_seed(2)
        matrices = [nn.Parameter(one.clone()) for one in begun]
        optimiser = kind(matrices, 0.1, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
        for _ in range(3):
            for matrix in matrices[:4]:  # the last one has no gradient
                matrix.grad = torch.randn(matrix.shape, generator=draw)
            optimiser.step()
        moved.append(torch.cat([matrix.detach().flatten() for matrix in matrices]))
    assert torch.allclose(*moved, atol=0.01)
    before = torch.cat([one.flatten() for one in begun])
    assert (moved[1] - before)[:-24].abs().mean() > 0.02
    assert torch.equal(moved[1][-24:], before[-24:])


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
