"""AdamW, and Muon for what multiplies: matrices learn from fewer pictures with it.

Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) makes every update of a matrix
orthogonal. A convolution's kernel counts as the matrix (out, in * height * width).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn


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


class Muon(torch.optim.Muon):
    """As `torch.optim.Muon` with `adjust_lr_fn="match_rms_adamw"`, up to rounding.

    PyTorch takes matrices one by one, some thirty small operations each; here those of one shape
    are made orthogonal together. A GPU waits for operations to be asked for rather than for these,
    and the UNet's 129 matrices have 28 shapes.
    """

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Take a step along the gradients; a closure is not called."""
        for group in self.param_groups:
            shapes: dict[torch.Size, list[torch.Tensor]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    shapes.setdefault(parameter.shape, []).append(parameter)
            for parameters in shapes.values():
                self._together(parameters, group)

    def _together(self, parameters: list[torch.Tensor], group: dict[str, Any]) -> None:
        grads = [grad for p in parameters if (grad := p.grad) is not None]
        kept = [self._momentum(p, grad) for p, grad in zip(parameters, grads, strict=True)]
        torch._foreach_lerp_(kept, grads, 1 - group["momentum"])
        updates = torch._foreach_lerp(grads, kept, group["momentum"])
        made = orthogonal(
            torch.stack(list(updates)), group["ns_coefficients"], group["ns_steps"], group["eps"]
        )
        torch._foreach_mul_(parameters, 1 - group["lr"] * group["weight_decay"])
        rate = group["lr"] * 0.2 * max(parameters[0].shape) ** 0.5
        torch._foreach_add_(parameters, list(made.to(parameters[0].dtype).unbind()), alpha=-rate)

    def _momentum(self, parameter: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
        state = self.state[parameter]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(grad)
        momentum: torch.Tensor = state["momentum_buffer"]
        return momentum


def orthogonal(
    matrices: torch.Tensor, coefficients: tuple[float, float, float], steps: int, eps: float
) -> torch.Tensor:
    """(n, rows, columns) -> the same shape, bfloat16: each nearly orthogonal.

    Newton-Schulz iterations of fifth order (Jordan et al.): X <- a X + (b X X' + c (X X')^2) X.
    """
    a, b, c = coefficients
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.bfloat16()
    x = x.mT if tall else x
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x
