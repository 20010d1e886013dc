"""Gradients of a batch, computed in parts by a few Python threads.

Splitting every operation over the cores makes each of them wait for the slowest, hundreds of times
a step; on a machine that does other work too that costs more than half the speed. Here every
thread takes the next part of the batch when it is free, and they meet once a step. PyTorch
releases the interpreter lock in the operations that take time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import torch
from torch import nn

WORKERS = 2

Figures = dict[str, float | torch.Tensor]
"""What is reported of a step; on a GPU best as it is there, for nothing has to wait for it."""
Part = Callable[[], tuple[torch.Tensor, Figures]]
"""Computes one part's loss (and figures to report); every part weighs the same."""

Computed = tuple[tuple[torch.Tensor | None, ...], Figures]
"""The gradients of all parameters, and figures."""


def computed(part: Part, parameters: Sequence[nn.Parameter], kind: str) -> Computed:
    """Compute the gradients of one part in bfloat16, on a kind of device as torch names it."""
    # No cache of cast weights: it is shared between threads, and a graph has to cast them again
    # whenever it is replayed.
    with torch.autocast(kind, torch.bfloat16, cache_enabled=False):
        loss, figures = part()
    return torch.autograd.grad(loss, parameters, allow_unused=True), figures


class Gradients:
    """Computes the gradients of some parameters with a few worker threads; on a GPU with one.

    `workers` says in how many parts a batch is best given.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], device: str = "cpu") -> None:
        self.parameters = [p for p in parameters if p.requires_grad]
        self.workers, self.device = (WORKERS if device == "cpu" else 1), device.partition(":")[0]
        if device == "cpu":
            torch.set_num_threads(1)
        else:
            torch.set_float32_matmul_precision("high")
            torch.backends.cudnn.benchmark = True
        self.pool = ThreadPoolExecutor(
            self.workers, initializer=torch.set_num_threads, initargs=(1,)
        )

    def compute(self, parts: list[Part]) -> Figures:
        """Sets every parameter's `grad` to the mean over the parts; returns mean figures."""
        results = list(
            self.pool.map(lambda part: computed(part, self.parameters, self.device), parts)
        )
        for k, parameter in enumerate(self.parameters):
            grads = [grad for r in results if (grad := r[0][k]) is not None]
            parameter.grad = None
            if grads:
                total = grads[0]
                for grad in grads[1:]:
                    total += grad
                parameter.grad = total if len(parts) == 1 else total.div_(len(parts))
        return {n: sum(r[1][n] for r in results) / len(parts) for n in results[0][1]}
