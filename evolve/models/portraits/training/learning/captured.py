"""Gradients computed by a graph of CUDA: asked for once, and replayed at every step.

A small network's step is thousands of small operations, and a GPU is done with each of them before
Python has asked for the next. A graph is started with one call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import torch
from torch import nn

from evolve.models.portraits.training.learning.parallel import Computed, Figures, computed
from evolve.rendering.batching.cuda_graphs import recorded

Values = tuple[torch.Tensor, ...]
Loss = Callable[[Values], tuple[torch.Tensor, Figures]]

CHECKED = 3
"""Steps whose gradients are also computed without the graph, and compared."""
NEAR = 0.02
"""How far apart they may be, relative to their size: what atomic additions differ by is less."""


class Captured:
    """Computes the gradients of parameters; every call takes tensors of the same shapes.

    Where no graph can be made, or one computes something else, it goes on without.

    Args:
        loss: Returns the loss of tensors, and figures to report; it may not wait for the GPU, and
            what is random in it is among the tensors.
        parameters: Those whose `grad` is set.
    """

    def __init__(self, loss: Loss, parameters: Iterable[nn.Parameter]) -> None:
        self._loss = loss
        self.parameters = [p for p in parameters if p.requires_grad]
        self._again: Callable[[], Computed] | None = None
        self.refused = ""
        """Why there is no graph."""
        self._checks = CHECKED

    def compute(self, values: Values) -> Figures:
        """Set every parameter's `grad`, and return the figures."""
        if self._again is None and not self.refused:
            try:
                self._inputs = tuple(value.clone() for value in values)
                device = values[0].device
                self._again = recorded(lambda: self._usual(self._inputs), device, before=3)
            except RuntimeError as error:
                self._refuse(str(error).partition("\n")[0])
        if self._again is None:
            grads, figures = self._usual(values)
        else:
            torch._foreach_copy_(list(self._inputs), list(values))
            grads, figures = self._again()
            if self._checks:
                grads, figures = self._checked(values, grads)
        for parameter, grad in zip(self.parameters, grads, strict=True):
            parameter.grad = grad
        return figures

    def _usual(self, values: Values) -> Computed:
        return computed(lambda: self._loss(values), self.parameters, values[0].device.type)

    def _checked(self, values: Values, replayed: Sequence[torch.Tensor | None]) -> Computed:
        """What is right: the graph's, or what was computed without as long as it is checked."""
        made = [None if grad is None else grad.clone() for grad in replayed]
        grads, figures = self._usual(values)
        apart = [
            ((one - other).square().sum(), other.square().sum())
            for one, other in zip(made, grads, strict=True)
            if one is not None and other is not None
        ]
        error, size = (torch.stack(part).sum().sqrt().item() for part in zip(*apart, strict=True))
        self._checks -= 1
        if not error <= NEAR * size:
            self._again = None
            self._refuse(f"its gradients are {error / size:.1%} off")
        elif not self._checks:
            print(f"captured as a graph: gradients within {error / size:.2%}", flush=True)
        return grads, figures

    def _refuse(self, reason: str) -> None:
        self.refused = reason
        print(f"no graph: {reason}", flush=True)
