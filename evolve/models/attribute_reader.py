"""A network that reads attributes: from pixels or latents to logits of every attribute's values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import torch
from torch import nn
from torch.nn import functional

PLACES = 64


class AttributeReader(nn.Module):
    """Base of networks that read attributes; each adds `features` and a `head`.

    `classes` are the values of every attribute.
    """

    width: int
    """How many features the head reads."""
    head: nn.Linear
    outer: tuple[str, ...] = ("head",)
    """How the names of its first and last layers begin."""

    def __init__(self, classes: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.classes = {attribute: list(values) for attribute, values in classes.items()}
        self.sizes = [len(values) for values in self.classes.values()]

    def features(self, values: torch.Tensor) -> torch.Tensor:
        """Return what the head reads, (n, `width`)."""
        raise NotImplementedError

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return logits, (n, values of all attributes one after the other)."""
        logits: torch.Tensor = self.head(self.features(values))
        return logits

    @torch.no_grad()
    def answers(self, values: torch.Tensor) -> list[dict[str, str]]:
        """Return the most probable value of every attribute for each of `values`."""
        logits = torch.cat([self(part) for part in torch.split(values, 64)])
        best = {a: p.argmax(1).tolist() for a, p in self.parted(logits).items()}
        return [{a: self.classes[a][best[a][k]] for a in best} for k in range(len(values))]

    def chances(self, values: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return the probability of each value of every attribute, (n, its values)."""
        return {a: logits.softmax(1) for a, logits in self.parted(self(values)).items()}

    def parted(self, logits: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return the logits of each attribute, (n, its values)."""
        return dict(zip(self.classes, torch.split(logits, self.sizes, 1), strict=True))


class Reader(AttributeReader):
    """A small residual network, (n, `channels`, `side`, `side`) -> logits of all attributes.

    `widths` are the channels at `side`, at half of it, and so on; `classes` are the values of every
    attribute.
    """

    outer = ("stages.0", "head")

    def __init__(
        self,
        channels: int,
        side: int,
        widths: tuple[int, ...],
        classes: Mapping[str, Sequence[str]],
    ) -> None:
        super().__init__(classes)
        self.takes = (channels, side, side)
        stages: list[nn.Module] = []
        for before, width in pairwise((channels, *widths)):
            stages.append(nn.Conv2d(before, width, 3, 2 if stages else 1, 1))
            stages += [_Block(width), _Block(width)]
        self.stages = nn.Sequential(*stages, nn.GroupNorm(8, widths[-1]))
        # Each place has weights of its own: where a thing is shows what it is (a beard, a hat).
        self.places = nn.Conv2d(widths[-1], PLACES, 1)
        last = side // 2 ** (len(widths) - 1)
        self.width = PLACES * last**2 + widths[-1]
        self.head = nn.Linear(self.width, sum(self.sizes))

    def features(self, values: torch.Tensor) -> torch.Tensor:
        """Return what the head reads, (n, `width`)."""
        features = self.stages(values)
        places = functional.gelu(self.places(features)).flatten(1)
        return torch.cat([places, features.mean((2, 3))], 1)


class _Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, width)
        self.one, self.two = (nn.Conv2d(width, width, 3, padding=1) for _ in range(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        changed: torch.Tensor = self.two(functional.gelu(self.one(self.norm(x))))
        return x + changed
