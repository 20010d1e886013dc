"""How often a face is drawn in training: one that shows something rare comes more often.

Seven faces in a hundred wear a hat of any kind, three have a goatee; drawn as they come, a batch
holds hardly any, and what is asked for seldom is learnt last.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from evolve.models.portraits.training.faces.attributes import CLASSES

RARE = ("mouth", "glasses", "beard", "hat")
MOST = 4.0


def shares(targets: torch.Tensor, faces: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The chance of each of `faces` to be drawn, (faces,), together 1.

    A face counts by its rarest value: the root of how many times as frequent the most frequent
    value of that attribute is, at most `MOST`. `targets` are as `places.stresses` takes them.
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
