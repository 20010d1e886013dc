"""The latents of all faces on disk: what the UNet and the critic are trained on."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.frozen import frozen_vae
from evolve.models.portraits.training.networks import LATENT


@torch.no_grad()
def cache_latents(work: Path, device: str = "cpu", batch: int = 32) -> None:
    """Appends to `work/latents.f16` (faces, 8, 16, 16) the modes of the posteriors still missing.

    The UNet may already be trained meanwhile: it takes what is there.
    """
    faces = Faces(work / "data")
    vae = frozen_vae(work).to(device).to(memory_format=torch.channels_last)
    start, total = len(cached_latents(work)), len(faces.records)
    with (work / "latents.f16").open("r+b" if start else "wb") as file:
        file.truncate(start * math.prod(LATENT) * 2)
        file.seek(0, 2)
        for number, first in enumerate(range(start, total, batch)):
            images = faces.images(np.arange(first, min(first + batch, total))).to(device)
            with torch.autocast(device.partition(":")[0], torch.bfloat16):
                mode = vae.encode(images.to(memory_format=torch.channels_last)).latent_dist.mean
            scaled = (mode.float() * vae.config.scaling_factor).half().cpu()
            file.write(scaled.contiguous().numpy().tobytes())
            if number % 100 == 0:
                file.flush()
                print(f"latents {first}/{total}", flush=True)
    print(f"latents done: deviation {cached_latents(work)[:2000].astype(np.float32).std():.3f}")


def cached_latents(work: Path) -> npt.NDArray[np.float16]:
    """(faces so far, 8, 16, 16) float16."""
    path = work / "latents.f16"
    count = path.stat().st_size // (math.prod(LATENT) * 2) if path.exists() else 0
    if count == 0:
        return np.zeros((0, *LATENT), np.float16)
    return np.memmap(path, dtype=np.float16, mode="r", shape=(count, *LATENT))
