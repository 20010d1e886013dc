"""What counts more in training: small things in a latent, and faces that show something rare.

Mouths, glasses and beards fill a few of the 256 places, so a plain mean over all places hardly
notices them, while they are what people ask for and look at. Seven faces in a hundred wear a hat of
any kind, three have a goatee; drawn as they come, a batch holds hardly any, and what is asked for
seldom is learnt last.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from evolve.models.portraits.training.faces.attributes import CLASSES

SMALL = ("mouth", "glasses", "beard", "eyes", "earrings", "extra")
STRESS = 8.0
ENOUGH = 50  # faces of a style that an attribute's places are read from, at the least
RARE = ("mouth", "glasses", "beard", "hat")
MOST = 4.0


def stresses(
    latents: npt.NDArray[np.float16], targets: torch.Tensor, faces: npt.NDArray[np.int64]
) -> torch.Tensor:
    """How much each place of the latent counts, for every style.

    A place's share of the variance that an attribute explains (the correlation ratio
    eta^2 = sum_k p_k (mean_k - mean)^2 / variance) is taken relative to the attribute's best place;
    the most telling attribute decides.

    Args:
        latents: (faces, C, H, W).
        targets: (faces, attributes) class indices as `attributes.labels` gives them, -1 unknown.
        faces: Indices of the faces to look at.

    Returns:
        (styles, 1, H, W) float32, from 1 to 1 + `STRESS`, divided by the style's mean.
    """
    columns = list(CLASSES)
    known = targets.numpy()
    weights = np.zeros((len(CLASSES["style"]), *latents.shape[2:]), np.float32)
    for style in range(len(weights)):
        chosen = faces[known[faces, columns.index("style")] == style]
        values = latents[chosen].astype(np.float32)
        for attribute in SMALL:
            kinds = known[chosen, columns.index(attribute)]
            seen, kinds = values[kinds >= 0], kinds[kinds >= 0]
            if len(seen) < ENOUGH or len(set(kinds)) < 2:
                continue
            mean, between = seen.mean(0), np.zeros(latents.shape[1:], np.float32)
            for kind in set(kinds):
                of_kind = seen[kinds == kind]
                between += len(of_kind) / len(seen) * (of_kind.mean(0) - mean) ** 2
            ratio = between.sum(0) / seen.var(0).sum(0)
            weights[style] = np.maximum(weights[style], ratio / ratio.max())
    weights = 1 + STRESS * weights
    return torch.from_numpy(weights / weights.mean((1, 2), keepdims=True))[:, None]


def shares(targets: torch.Tensor, faces: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The chance of each of `faces` to be drawn, (faces,), together 1.

    A face counts by its rarest value: the root of how many times as frequent the most frequent
    value of that attribute is, at most `MOST`. `targets` are as `stresses` takes them.
    """
    weights = np.ones(len(faces))
    for attribute in RARE:
        values = targets[:, list(CLASSES).index(attribute)].numpy()[faces]
        counts = np.bincount(values[values >= 0], minlength=len(CLASSES[attribute]))
        times = np.sqrt(counts.max() / np.maximum(counts, 1))
        weights = np.where(values >= 0, np.maximum(weights, times[values]), weights)
    weights = np.minimum(weights, MOST)
    chances: npt.NDArray[np.float64] = weights / weights.sum()
    return chances
