"""A network that reads a face's attributes, and its training on real art.

Two are made of it, which share nothing but this form: the benchmarks' judge looks at pixels, the
critic that helps to train the UNet looks at latents.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

from evolve.models.portraits.training.attributes import CLASSES, labels, visible
from evolve.models.portraits.training.checkpoint import Progress, load, save
from evolve.models.portraits.training.dataset import Faces
from evolve.models.portraits.training.drawn_parts import Parts
from evolve.models.portraits.training.losses import SIZES, attribute_loss
from evolve.models.portraits.training.optimiser import Optimiser
from evolve.models.portraits.training.parallel import Gradients, Part

SMOOTHING = 0.02
PLACES = 64


class Reader(nn.Module):
    """A small residual network, (n, `channels`, H, W) -> logits of all attributes.

    `widths` are the channels at H x W places, at half as many a side, and so on.
    """

    def __init__(self, channels: int, side: int, widths: tuple[int, ...]) -> None:
        super().__init__()
        stages: list[nn.Module] = []
        for before, width in pairwise((channels, *widths)):
            stages.append(nn.Conv2d(before, width, 3, 2 if stages else 1, 1))
            stages += [_Block(width), _Block(width)]
        self.stages = nn.Sequential(*stages, nn.GroupNorm(8, widths[-1]))
        # Every place by its own: where a thing is tells what it is (a beard, a hat).
        self.places = nn.Conv2d(widths[-1], PLACES, 1)
        last = side // 2 ** (len(widths) - 1)
        self.width = PLACES * last**2 + widths[-1]
        self.head = nn.Linear(self.width, sum(SIZES))

    def features(self, values: torch.Tensor) -> torch.Tensor:
        """(n, `width`): what the heads read."""
        found = self.stages(values)
        places = functional.gelu(self.places(found)).flatten(1)
        return torch.cat([places, found.mean((2, 3))], 1)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """(n, classes of all attributes one after the other)."""
        logits: torch.Tensor = self.head(self.features(values))
        return logits

    @torch.no_grad()
    def answers(self, values: torch.Tensor) -> list[dict[str, str]]:
        """The value of every attribute; always one of its values."""
        logits = torch.cat([self(part) for part in torch.split(values, 64)])
        parts = torch.split(logits, SIZES, 1)
        best = {a: p.argmax(1).tolist() for a, p in zip(CLASSES, parts, strict=True)}
        return [{a: CLASSES[a][best[a][k]] for a in CLASSES} for k in range(len(values))]


class _Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, width)
        self.one, self.two = (nn.Conv2d(width, width, 3, padding=1) for _ in range(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        changed: torch.Tensor = self.two(functional.gelu(self.one(self.norm(x))))
        return x + changed


def train_reader(
    reader: Reader,
    faces: Faces,
    inputs: Callable[[npt.NDArray[np.int64], torch.Generator], torch.Tensor],
    path: Path,
    epochs: int,
    batch: int = 64,
    rate: float = 1e-3,
    seed: int = 1,
) -> None:
    """Trains `reader` up to `epochs`, going on from `path`.

    `inputs` makes what the reader sees of faces, varied at random. Besides the attributes, a head
    that is not kept with the reader asks for the drawn parts (`Parts`).
    """
    targets = torch.tensor([labels(visible(record)) for record in faces.records])
    torch.manual_seed(seed)
    parts = Parts(faces)
    drawn = nn.Linear(reader.width, sum(parts.sizes))
    both = nn.ModuleDict({"reader": reader, "drawn": drawn})
    both.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimiser = Optimiser(both, rate, outer=("reader.stages.0", "reader.head", "drawn"))
    start = 0
    if (state := load(path)) is not None:
        both.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]
    gradients, progress = Gradients(both.parameters()), Progress(path.stem, 100)

    def part(indices: npt.NDArray[np.int64], key: int) -> Part:
        def compute() -> tuple[torch.Tensor, dict[str, float]]:
            values = inputs(indices, torch.Generator().manual_seed(key))
            features = reader.features(values.to(memory_format=torch.channels_last))
            logits, drawings = reader.head(features).float(), drawn(features).float()
            seen, right = attribute_loss(logits, targets[indices], smoothing=SMOOTHING)
            of_parts, known = attribute_loss(
                drawings, parts.targets[indices], parts.sizes, smoothing=SMOOTHING
            )
            return seen + of_parts, {"attributes": right, "parts": known}

        return compute

    each = len(faces.training) // batch
    for step in range(start, epochs * each):
        shuffled = np.random.default_rng([seed, step // each]).permutation(faces.training)
        chosen = shuffled[step % each * batch :][:batch]
        halves = np.array_split(chosen, 2)
        figures = gradients.compute([part(half, 2 * step + k) for k, half in enumerate(halves)])
        torch.nn.utils.clip_grad_norm_(both.parameters(), 1.0)
        falling = 0.5 + 0.5 * math.cos(math.pi * step / (epochs * each))
        optimiser.step(rate * min((step + 1) / 100, 1.0) * max(0.02, falling))
        progress.report(step + 1, **figures)
        if (step + 1) % 100 == 0 or step + 1 == epochs * each:
            kept = {"model": both.state_dict(), "optimiser": optimiser.state_dict()}
            save(path, {**kept, "step": step + 1})
