"""Checkpoints that survive being interrupted at any moment."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import nn

from evolve.models.portraits.training.learning.optimiser import Optimiser


def save(path: Path, state: dict[str, Any]) -> None:
    """Replaces `path` with `state` (tensors, numbers, dicts of them) in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.save(state, partial)
    os.replace(partial, path)


def load(path: Path) -> dict[str, Any] | None:
    """The state last saved under `path`, or None. Nothing but tensors and plain data is read."""
    if not path.exists():
        return None
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


class Average:
    """Exponential moving average of a module's parameters (float32), warmed up from step 0."""

    def __init__(self, module: nn.Module, decay: float = 0.999) -> None:
        self.decay = decay
        self.values = {n: p.detach().clone() for n, p in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Takes in the module's values after step `step`."""
        decay = min(self.decay, (1 + step) / (10 + step))
        state = module.state_dict()
        torch._foreach_lerp_([self.values[name] for name in state], list(state.values()), 1 - decay)


def keep(
    path: Path,
    counted: Mapping[str, float],
    module: nn.Module,
    optimiser: Optimiser | torch.optim.Optimizer,
    average: Average | None = None,
) -> None:
    """Replaces `path` with all that `take_up` needs, and with what was `counted` of the course."""
    kept = {"model": module.state_dict(), "optimiser": optimiser.state_dict()}
    averages = {} if average is None else {"average": average.values}
    save(path, {**kept, **averages, **counted})


def take_up(
    state: Mapping[str, Any],
    module: nn.Module,
    optimiser: Optimiser | torch.optim.Optimizer,
    average: Average | None = None,
) -> None:
    """Goes on from what `keep` saved; from adopted weights with an optimiser that begins anew."""
    module.load_state_dict(state["model"])
    if "optimiser" in state:
        optimiser.load_state_dict(state["optimiser"])
    if average is not None:
        device = next(iter(average.values.values())).device
        average.values = {name: value.to(device) for name, value in state["average"].items()}


class Progress:
    """Prints a line every `every` steps with the means of what was reported since."""

    def __init__(self, stage: str, every: int = 50) -> None:
        self.stage, self.every = stage, every
        self.sums: dict[str, float | torch.Tensor] = {}
        self.count = 0
        self.started = time.monotonic()

    def report(self, step: int, **figures: float | torch.Tensor) -> None:
        """Adds one step's figures; those of a GPU are waited for where a line is printed."""
        for name, value in figures.items():
            self.sums[name] = self.sums.get(name, 0.0) + value
        self.count += 1
        if self.count == self.every:
            seconds = (time.monotonic() - self.started) / self.count
            means = "  ".join(f"{n} {float(v) / self.count:.4f}" for n, v in self.sums.items())
            print(f"{self.stage} step {step}  {means}  {seconds:.2f} s/step", flush=True)
            self.sums, self.count, self.started = {}, 0, time.monotonic()
