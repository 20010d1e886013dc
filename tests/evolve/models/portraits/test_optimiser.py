"""What the optimiser of the embedded model's training changes, it changes in the module."""

from __future__ import annotations

import pytest
import torch
from torch import nn

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
