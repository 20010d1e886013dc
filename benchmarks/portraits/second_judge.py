"""The second judge: like the first it reads a portrait's attributes, and shares nothing with it.

It is another network (a strided stem, residual blocks with squeeze-and-excitation, Hu et al. 2018,
https://arxiv.org/abs/1709.01507), from another seed, and saw real art mirrored, turned and scaled.
**It is never used for tuning anything**: no weights, settings, thresholds or prompts are chosen by
what it says. So what it finds is a held-out measure, where the first judge may have been asked too
often.

    python -m benchmarks.portraits.second_judge --work DIR [--minutes 40] [--epochs 0]

trains it from scratch, with `--epochs 0` its experts alone, where DIR is the work folder of
`evolve.models.portraits.training.train`, after its stage `data`. Both are measured by
`python -m benchmarks.portraits.judges`.
"""

from itertools import pairwise
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from benchmarks.portraits.judging.experts import Experts
from benchmarks.portraits.judging.training import arguments, train_judge
from evolve.models.portraits.training.faces.attributes import CLASSES

WEIGHTS = Path(__file__).parent / "judging" / "second_judge.safetensors"
STEM = 24
STAGES = ((48, 1), (96, 2), (160, 2))  # width and blocks at 32x32, 16x16 and 8x8 places
PLACES = 64
ANGLE, SCALE, SHIFT = 0.1, 0.1, 5  # the most, in radians, shares and pixels


class Judge(Experts):
    """Reads (n, 3, 128, 128) pictures in [-1, 1]."""

    outer = ("stages.0", "head")

    def __init__(self) -> None:
        super().__init__(CLASSES)
        layers: list[nn.Module] = [nn.Conv2d(3, STEM, 3, 2, 1), nn.ReLU()]
        for (before, _), (width, blocks) in pairwise(((STEM, 0), *STAGES)):
            layers.append(nn.Conv2d(before, width, 3, 2, 1))
            layers += [_Block(width) for _ in range(blocks)]
        last = STAGES[-1][0]
        self.stages = nn.Sequential(*layers, nn.GroupNorm(4, last))
        self.places = nn.Conv2d(last, PLACES, 1)
        self.width = PLACES * 8 * 8 + last
        self.head = nn.Linear(self.width, sum(self.sizes))
        self.add_experts()

    def features(self, values: torch.Tensor) -> torch.Tensor:
        """(n, `width`): what the heads read."""
        found = self.stages(values)
        places = functional.relu(self.places(found)).flatten(1)
        return torch.cat([places, found.mean((2, 3))], 1)


class _Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(4, width)
        self.one, self.two = (nn.Conv2d(width, width, 3, padding=1) for _ in range(2))
        self.squeeze, self.excite = nn.Linear(width, width // 4), nn.Linear(width // 4, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.two(functional.relu(self.one(self.norm(x))))
        loud = self.excite(functional.relu(self.squeeze(y.mean((2, 3))))).sigmoid()
        changed: torch.Tensor = y * loud[:, :, None, None]
        return x + changed


def _augmented(images: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Mirrored, and moved by whole pixels, or turned, scaled and moved; lighter or darker."""
    count = len(images)
    mirrored = torch.rand(count, 1, 1, 1, generator=draw) < 0.5
    images = torch.where(mirrored, images.flip(3), images)
    if float(torch.rand((), generator=draw)) < 0.4:
        moves = torch.randint(-SHIFT, SHIFT + 1, (2,), generator=draw).tolist()
        images = torch.roll(images, moves, (2, 3))
    else:
        images = _turned(images, 2 * torch.rand(4, count, generator=draw) - 1)
    bent = 1 + 0.08 * (2 * torch.rand(count, 1, 1, 1, generator=draw) - 1)
    images = 2 * ((images + 1) / 2).clamp(0, 1) ** bent - 1
    return images + 0.02 * torch.randn(images.shape, generator=draw)


def _turned(images: torch.Tensor, by: torch.Tensor) -> torch.Tensor:
    """Each turned, scaled and moved right and down by its share `by` (4, n) in [-1, 1]."""
    height, width = images.shape[2:]
    angle, scale = ANGLE * by[0], 1 + SCALE * by[1]
    x = ((torch.arange(width) + 0.5) / width * 2 - 1)[None, None]
    y = ((torch.arange(height) + 0.5) / height * 2 - 1)[None, :, None]
    cos, sin = (scale * angle.cos())[:, None, None], (scale * angle.sin())[:, None, None]
    right, down = (2 * SHIFT / width * by[2:, :, None, None]).unbind()
    grid = torch.stack([cos * x - sin * y + right, sin * x + cos * y + down], 3)
    return functional.grid_sample(
        images, grid, mode="bilinear", padding_mode="border", align_corners=False
    )


def main() -> None:
    """Train the second judge."""
    args = arguments(__doc__, epochs=8, rate=1.5e-3, seed=11).parse_args()
    train_judge(Judge(), _augmented, WEIGHTS, **vars(args))


if __name__ == "__main__":
    main()
