"""What is lost where attributes are read wrongly: cross-entropies over the labels of faces."""

from __future__ import annotations

import torch
from torch.nn import functional

from evolve.models.portraits.training.faces.attributes import CLASSES

SIZES = [len(values) for values in CLASSES.values()]


def attribute_loss(
    logits: torch.Tensor, targets: torch.Tensor, sizes: list[int] = SIZES, smoothing: float = 0.0
) -> tuple[torch.Tensor, float]:
    """Mean cross-entropy over attributes, and accuracy. `targets` (n, attributes), -1 unknown."""
    losses, right, known = [], 0, 0
    for part, target in zip(torch.split(logits, sizes, 1), targets.T, strict=True):
        if (count := int((target >= 0).sum())) == 0:
            continue
        losses.append(
            functional.cross_entropy(part, target, ignore_index=-1, label_smoothing=smoothing)
        )
        right += int((part.argmax(1) == target).sum())
        known += count
    return torch.stack(losses).mean(), right / max(known, 1)


def stated_loss(logits: torch.Tensor, stated: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of what captions state: `stated` (n, attributes) class indices, -1 if not.

    `logits` (n, classes of all attributes) are the critic's, `weights` (n,) count the rows.
    """
    parts = torch.split(logits.float(), SIZES, 1)
    losses = [
        functional.cross_entropy(part, known, ignore_index=-1, reduction="none") * weights
        for part, known in zip(parts, stated.T, strict=True)
    ]
    return torch.stack(losses).sum() / (stated >= 0).sum().clamp(min=1)
