"""AdamW, and Muon for what multiplies: matrices learn from fewer pictures with it.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) makes every update of a matrix
orthogonal. A convolution's kernel counts as the matrix (out, in * height * width).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from evolve.models.portraits.training.learning.muon import Muon


class Optimiser:
    """Muon for the matrices of `module`, AdamW for its other parameters; none for frozen ones.

    Parameters whose names begin with one of `outer` (embeddings, first and last layers) count as
    others. Both take the same learning rate: Muon's updates are scaled to the size that AdamW's
    have (Liu et al. 2025, https://arxiv.org/abs/2502.16982, equation 4).
    """

    def __init__(self, module: nn.Module, rate: float, outer: tuple[str, ...]) -> None:
        named = {n: p for n, p in module.named_parameters() if p.requires_grad}
        self.matrices = [p for n, p in named.items() if p.ndim > 1 and not n.startswith(outer)]
        chosen = {id(p) for p in self.matrices}
        # Views of the same numbers: what Muon changes here, changes in the module.
        self.views = [nn.Parameter(_matrix(p.detach())) for p in self.matrices]
        for view, p in zip(self.views, self.matrices, strict=True):
            assert view.data_ptr() == p.data_ptr(), "kernels have to lie channels last"
        self.parts: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(
                [p for p in named.values() if id(p) not in chosen],
                rate, betas=(0.9, 0.99), weight_decay=0.01, fused=True,
            ),
            Muon(self.views, rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        ]  # fmt: skip

    def step(self, rate: float) -> None:
        """Takes a step of learning rate `rate` along the gradients of the module."""
        for view, parameter in zip(self.views, self.matrices, strict=True):
            view.grad = None if parameter.grad is None else _matrix(parameter.grad)
        for part in self.parts:
            for group in part.param_groups:
                group["lr"] = rate
            part.step()

    def state_dict(self) -> list[dict[str, Any]]:
        """What `load_state_dict` takes."""
        return [part.state_dict() for part in self.parts]

    def load_state_dict(self, state: list[dict[str, Any]]) -> None:
        """Goes on as the optimiser that `state` is of."""
        for part, kept in zip(self.parts, state, strict=True):
            part.load_state_dict(kept)


def _matrix(values: torch.Tensor) -> torch.Tensor:
    """(out, in * height * width) of a kernel; a view where the kernel lies channels last."""
    return values.permute(0, 2, 3, 1).reshape(len(values), -1) if values.ndim == 4 else values
