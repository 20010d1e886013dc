"""Views of training art as the score will meet them: softer, a little noisy, cut out, mirrored.

What is painted is softer than the art that it was learnt from, and the score looks at cuts
(`evolve.scoring.cuts`). A tower that has seen nothing but whole, sharp drawings reads those well
and is lost with the others.
"""

from __future__ import annotations

import torch
from torch.nn import functional

SHIFT = 3  # pixels that a whole picture may be moved by
CUTS, MIRRORED = 0.4, 0.25  # shares of the views
SMALLEST = 0.6  # side of a cut, as a share of the picture's
NOISE = 0.06  # the most that is added, in deviations; pixels reach from -1 to 1


def frames(count: int, side: int, draw: torch.Generator) -> torch.Tensor:
    """(n, 2, 3) affine maps from a view to its picture: the whole, moved a little, or a cut.

    Where a view is mirrored the first number of its map is negative.
    """
    size, across, down = torch.rand(3, count, generator=draw)
    cut = torch.rand(count, generator=draw) < CUTS
    mirrored = torch.rand(count, generator=draw) < MIRRORED
    size = torch.where(cut, SMALLEST + (1 - SMALLEST) * size, 1.0)
    room = torch.where(cut, 1 - size, 2 * SHIFT / side)
    maps = torch.zeros(count, 2, 3)
    maps[:, 0, 0] = torch.where(mirrored, -size, size)
    maps[:, 1, 1] = size
    maps[:, 0, 2], maps[:, 1, 2] = room * (2 * across - 1), room * (2 * down - 1)
    return maps


def seen_through(values: torch.Tensor, maps: torch.Tensor) -> torch.Tensor:
    """(n, C, H, W) -> the same shape: what `maps` show of it, bilinear."""
    with torch.autocast("cpu", enabled=False):  # places need more digits than bfloat16 has
        grid = functional.affine_grid(maps, list(values.shape), align_corners=False)
        shown: torch.Tensor = functional.grid_sample(
            values.float(), grid, padding_mode="border", align_corners=False
        )
    return shown


def roughened(images: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """(n, 3, H, W): half of them softened, more or less; all a little noisy."""
    soft = images
    for _ in range(2):
        soft = functional.avg_pool2d(soft, 3, 1, 1, count_include_pad=False)
    softness, spread = torch.rand(2, len(images), 1, 1, 1, generator=draw)
    images = torch.lerp(images, soft, (2 * softness - 1).clamp(min=0))
    rough: torch.Tensor = images + NOISE * spread * torch.randn(images.shape, generator=draw)
    return rough
