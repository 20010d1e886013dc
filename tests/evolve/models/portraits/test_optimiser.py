"""What the optimiser of the embedded model's training changes, it changes in the module."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from evolve.models.portraits.training.learning.muon import Muon
from evolve.models.portraits.training.learning.optimiser import Optimiser


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
