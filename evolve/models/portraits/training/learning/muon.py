"""Muon whose matrices of one shape are made orthogonal together.

PyTorch takes them one by one, some thirty small operations each. A GPU waits for operations to be
asked for rather than for these, and the UNet's 129 matrices have 28 shapes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch


class Muon(torch.optim.Muon):
    """As `torch.optim.Muon` with `adjust_lr_fn="match_rms_adamw"`, up to rounding."""

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

    Newton-Schulz iterations of fifth order (Jordan et al. 2024,
    https://kellerjordan.github.io/posts/muon/): X <- a X + (b X X' + c (X X')^2) X.
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
