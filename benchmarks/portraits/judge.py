"""The first judge: reads a portrait's attributes, trained on real training art alone.

It has never seen a painted picture nor any part of the embedded model, and the engine does not use
it. What is measured with it may have been tuned by it as well: `second_judge` was never asked then.

    python -m benchmarks.portraits.judge --work DIR [--epochs 8] [--seed 1]

trains it from scratch, where DIR is the work folder of `evolve.models.portraits.training.train`,
after its stage `data`. `python -m benchmarks.portraits.judges` measures both.
"""

from pathlib import Path

import torch
from torch import nn
from torch.nn import functional

from benchmarks.portraits.judging.experts import Experts
from benchmarks.portraits.judging.training import arguments, train_judge
from evolve.models.attribute_reader import Reader
from evolve.models.portraits.training.faces.attributes import CLASSES

WEIGHTS = Path(__file__).parent / "judging" / "judge.safetensors"
FINE = 32
WIDTHS = (64, 112, 160)  # at 32x32, 16x16 and 8x8 places


class Judge(Experts, Reader):
    """Reads (n, 3, 128, 128) pictures in [-1, 1]."""

    def __init__(self) -> None:
        super().__init__(48 + FINE, 32, WIDTHS, CLASSES)
        self.add_experts()
        self.fine = nn.Sequential(
            nn.Conv2d(12, FINE, 3, padding=1),
            nn.GELU(),
            nn.Conv2d(FINE, FINE, 3, padding=1),
            nn.GELU(),
            nn.Conv2d(FINE, FINE, 3, 2, 1),
        )

    def features(self, values: torch.Tensor) -> torch.Tensor:
        """(n, `width`): what the heads read."""
        # Pixels in blocks of 4x4, each with all it holds: a mouth is but a few lines. Which way
        # a line bends shows at twice that resolution.
        blocks = functional.pixel_unshuffle(values, 4)
        fine = self.fine(functional.pixel_unshuffle(values, 2))
        return super().features(torch.cat([blocks, fine], 1))


def _augmented(images: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Shifted, sometimes softened and brightened: lines may fall and look a little otherwise."""
    shift = torch.randint(-4, 5, (2,), generator=draw).tolist()
    images = torch.roll(images, shift, (2, 3))
    chance, light = torch.rand(2, generator=draw).tolist()
    if chance < 0.4:
        images = functional.avg_pool2d(images, 3, 1, 1, count_include_pad=False)
    return images * (0.94 + 0.12 * light) + 0.03 * torch.randn(images.shape, generator=draw)


def main() -> None:
    """Train the first judge."""
    args = arguments(__doc__, epochs=8, rate=1e-3, seed=1).parse_args()
    train_judge(Judge(), _augmented, WEIGHTS, **vars(args))


if __name__ == "__main__":
    main()
