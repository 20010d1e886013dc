"""The critic: reads attributes from latents, and so shows the UNet in training what it missed.

A mouth is a few numbers of a latent, and an error in them is soon lost in the mean over all. Asked
whether the predicted clean latent shows what the caption says, the critic gives these few numbers
the gradient that they deserve (a perceptual loss in latent space, as Berrada et al. 2024,
https://arxiv.org/abs/2411.04873). It is trained on the latents of real art. `--fitness words` reads
with it what a picture shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file
from torch.nn import functional

from evolve.models.attribute_reader import Reader
from evolve.models.portraits import WEIGHTS
from evolve.models.portraits.training.faces.attributes import CLASSES, visible
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.learning.checkpoint import load
from evolve.models.portraits.training.networks import LATENT
from evolve.models.portraits.training.stages.latents import cached_latents
from evolve.models.portraits.training.stages.train_reader import train_reader

NOISE = 0.5  # the most that training adds, in deviations of a latent
WIDTHS = (96, 128)


def build_critic() -> Reader:
    """Reads (n, 8, 16, 16) latents."""
    return Reader(LATENT[0], LATENT[1], WIDTHS, CLASSES)


def train_critic(
    work: Path,
    epochs: float = 3,
    seed: int = 1,
    batch: int = 64,
    device: str = "cpu",
    minutes: float | None = None,
    shipped: bool = False,
) -> None:
    """Goes on from `work/critic.pt`; prints how often the critic is right about held-out art.

    With `shipped` it starts from the one that ships as the reader, instead of from nothing.

    Raises:
        FileNotFoundError: Latents of some faces are still missing.
    """
    faces, latents, critic = Faces(work / "data"), cached_latents(work), build_critic()
    if len(latents) < len(faces.records):
        raise FileNotFoundError("latents of some faces are missing: let the stage latents end")

    def inputs(indices: npt.NDArray[np.int64], draw: torch.Generator) -> torch.Tensor:
        clean = torch.from_numpy(latents[indices].astype(np.float32)).to(device)
        # A prediction is softer than a latent of art, and not quite true.
        soft = functional.avg_pool2d(clean, 3, 1, 1, count_include_pad=False)
        softened, spread = torch.rand(2, len(clean), 1, 1, 1, generator=draw, device=device)
        clean = torch.lerp(clean, soft, (softened - 0.5).clamp(min=0))
        noise = torch.randn(clean.shape, generator=draw, device=device)
        varied: torch.Tensor = clean + NOISE * spread * noise
        return varied

    path = work / "critic.pt"
    if shipped:
        critic.load_state_dict(load_file(WEIGHTS / "reader/model.safetensors"))
    train_reader(
        critic, faces, inputs, path, epochs, batch, seed=seed, device=device, minutes=minutes
    )
    held = faces.held_out
    answers = critic.cpu().eval().answers(torch.from_numpy(latents[held].astype(np.float32)))
    for attribute in answers[0]:
        truths = [visible(faces.records[i]).get(attribute) for i in held]
        right = [a[attribute] == t for a, t in zip(answers, truths, strict=True) if t is not None]
        if right:
            print(f"{attribute:<16}{np.mean(right):8.1%}{len(right):8d}", flush=True)


def frozen_critic(work: Path) -> Reader:
    """The critic of `work/critic.pt`.

    Raises:
        FileNotFoundError: The stage `critic` has not been run.
    """
    state = load(work / "critic.pt")
    if state is None:
        raise FileNotFoundError(f"no critic in {work}: run the stage critic first")
    return critic_of(state["model"]).eval().requires_grad_(False)


def critic_of(state: Mapping[str, torch.Tensor]) -> Reader:
    """The critic of a state that also has the head for drawn parts."""
    critic, begun = build_critic(), "reader."
    kept = {n.removeprefix(begun): v for n, v in state.items() if n.startswith(begun)}
    critic.load_state_dict(kept)
    return critic
