"""A patch embedding that need not be learnt: what patches differ in, every difference as loud.

Nearly all that the pixels of drawings vary in is how bright and of what colour a patch is; lines,
by which a mouth is told from another, are a thousandth of it, and gradient descent comes to them
last. So the embedding is the whitened principal components of patches (Coates and Ng 2011), as
first layer kept as it is (Jordan 2024, https://arxiv.org/abs/2404.00498, section 3.1; a frozen
embedding steadies vision transformers, Chen et al. 2021, https://arxiv.org/abs/2104.02057).
"""

from __future__ import annotations

import numpy as np
import torch
from transformers import CLIPModel

from evolve.models.portraits.training.faces.dataset import Faces

LOUDNESS = 0.1  # deviation of every component; positions begin at 0.02
FLOOR = 1e-5  # of the variance of the loudest component: what is fainter is taken for noise


@torch.no_grad()
def whiten(clip: CLIPModel, faces: Faces, pictures: int = 2000) -> None:
    """Sets the vision tower's patch embedding from so many pictures of training art at most."""
    embedding = clip.vision_model.embeddings.patch_embedding
    width, channels, side, _ = embedding.weight.shape
    count = min(pictures, len(faces.training))
    chosen = np.random.default_rng(1).choice(faces.training, count, replace=False)
    images = faces.images(np.sort(chosen)).unfold(2, side, side).unfold(3, side, side)
    patches = images.permute(0, 2, 3, 1, 4, 5).reshape(-1, channels * side * side)
    values, vectors = torch.linalg.eigh(torch.cov(patches.T).double())
    loud = (values[-width:] + FLOOR * values[-1]).rsqrt() * LOUDNESS
    filters = (vectors[:, -width:] * loud).T.reshape(embedding.weight.shape)
    embedding.weight.copy_(filters.float())
    print(f"whitened: {float(values[-width:].sum() / values.sum()):.2%} of what patches differ in")
