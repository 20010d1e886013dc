"""Forwards whose rows depend on their place."""

import functools
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn


def uneven(
    patch: pytest.MonkeyPatch, module: nn.Module, place: Callable[[int], slice], by: float
) -> None:
    """Have a module add a little to the rows at one place of a forward of so many rows."""
    forward = module.forward

    @functools.wraps(forward)  # its signature is read
    def other(*args: Any, **kwargs: Any) -> Any:
        output = forward(*args, **kwargs)
        rows = output if isinstance(output, torch.Tensor) else output[0]
        rows[place(len(rows))] += by
        return output

    patch.setattr(module, "forward", other)


def middle(least: int) -> Callable[[int], slice]:
    """Return the place in the middle of forwards of so many rows and more."""
    return lambda rows: slice(rows // 2, rows // 2 + (rows >= least))
