"""Gradients computed by a graph of CUDA: asked for once, and replayed at every step.

A small network's step is thousands of small operations, and a GPU is done with each of them before
Python has asked for the next. A graph is started with one call.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable

import torch
from torch import nn

from evolve.models.portraits.training.learning.parallel import Computed, Figures, computed

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
        self._graph: torch.cuda.CUDAGraph | None = None
        self.refused = ""
        """Why there is no graph."""
        self._checks = CHECKED

    def compute(self, values: Values) -> Figures:
        """Set every parameter's `grad`, and return the figures."""
        if self._graph is None and not self.refused:
            try:
                self._capture(values)
            except RuntimeError as error:
                _leave_capture(values[0].device)
                first = error.__context__ or error  # what broke it, not that it is broken
                self._refuse(str(first).partition("\n")[0])
        if self._graph is None:
            grads, figures = self._usual(values)
        else:
            torch._foreach_copy_(list(self._inputs), list(values))
            self._graph.replay()
            grads, figures = self._made
            if self._checks:
                grads, figures = self._checked(values)
        for parameter, grad in zip(self.parameters, grads, strict=True):
            parameter.grad = grad
        return figures

    def _usual(self, values: Values) -> Computed:
        return computed(lambda: self._loss(values), self.parameters, values[0].device.type)

    def _capture(self, values: Values) -> None:
        self._inputs = tuple(value.clone() for value in values)
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):  # kernels are chosen, workspaces taken
            for _ in range(3):
                self._usual(self._inputs)
        torch.cuda.current_stream().wait_stream(aside)
        torch.cuda.synchronize()
        torch.cuda.empty_cache()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self._made = self._usual(self._inputs)
        self._graph = graph

    def _checked(self, values: Values) -> Computed:
        """What is right: the graph's, or what was computed without as long as it is checked."""
        made = [None if grad is None else grad.clone() for grad in self._made[0]]
        grads, figures = self._usual(values)
        apart = [
            ((one - other).square().sum(), other.square().sum())
            for one, other in zip(made, grads, strict=True)
            if one is not None and other is not None
        ]
        error, size = (torch.stack(part).sum().sqrt().item() for part in zip(*apart, strict=True))
        self._checks -= 1
        if not error <= NEAR * size:
            self._graph = None
            self._refuse(f"its gradients are {error / size:.1%} off")
        elif not self._checks:
            print(f"captured as a graph: gradients within {error / size:.2%}", flush=True)
        return grads, figures

    def _refuse(self, reason: str) -> None:
        self.refused = reason
        print(f"no graph: {reason}", flush=True)


def _leave_capture(device: torch.device) -> None:
    """Let a device be used as before, after a capture that broke off.

    torch leaves its stream the current one, and its generator waiting for the end of the capture.
    """
    if device.type != "cuda":
        return
    torch.cuda.set_stream(torch.cuda.default_stream(device))
    with contextlib.suppress(RuntimeError):
        fresh = torch.Generator(device).graphsafe_get_state()
        torch.cuda.default_generators[device.index or 0].graphsafe_set_state(fresh)
    torch.cuda.synchronize(device)
