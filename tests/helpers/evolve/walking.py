"""A denoiser of two lines, and fibres that call it step by step."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn

from evolve.rendering.batching.fibres import Hub, Outcome


class Denoiser(nn.Module):
    """x -> 2 x + t + mean of the text; notes how many rows each forward had."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[int] = []
        self.sample_size = 4

    def forward(
        self, sample: torch.Tensor, timestep: torch.Tensor, text: torch.Tensor, kind: str = "a"
    ) -> tuple[torch.Tensor]:
        self.rows.append(len(sample))
        if kind == "bad":
            raise RuntimeError("this kind cannot be painted")
        return (2 * sample + timestep[:, None] + text.mean((1, 2))[:, None],)


def walk(
    proxy: nn.Module, start: float, steps: int, *, rows: int = 1, length: int = 3, kind: str = "a"
) -> Callable[[], torch.Tensor]:
    """A little sampler: so many denoiser calls, each with its own timestep."""

    def body() -> torch.Tensor:
        x = torch.full((rows, 4), start)
        for t in range(steps):
            (x,) = proxy(x, torch.tensor(t), text=torch.full((rows, length, 2), start), kind=kind)
        return x

    return body


def expected(start: float, steps: int) -> float:
    x = start
    for t in range(steps):
        x = 2 * x + t + start
    return x


def run(hub: Hub, bodies: Mapping[str, Callable[[], Any]]) -> dict[str, Outcome]:
    waiting = list(bodies.items())
    return dict(hub.run(lambda: waiting.pop(0) if waiting else None))
