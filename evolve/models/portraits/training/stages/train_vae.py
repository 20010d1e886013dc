"""Trains the picture <-> latent autoencoder: 128x128x3 <-> 16x16x8.

Flat colours and thin dark lines are all there is, so plain errors of the pixels and of their
differences (edges) are enough. The first part of the training sees quarter-size cut-outs: four
times as many steps for the same time. The small Kullback-Leibler term keeps latents smooth for the
UNet.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from torch.nn.functional import avg_pool2d

from evolve.models.portraits.training.faces.dataset import PIXELS, Faces
from evolve.models.portraits.training.frozen import shipped_vae
from evolve.models.portraits.training.learning.checkpoint import (
    Average,
    Progress,
    keep,
    load,
    take_up,
)
from evolve.models.portraits.training.learning.course import Course
from evolve.models.portraits.training.learning.parallel import Figures, Gradients, Part
from evolve.models.portraits.training.networks import build_vae
from evolve.models.portraits.training.sheets import reconstruct

CUT_SHARE = {"cpu": 0.85, "gpu": 0.7}
"""Share of the training that sees cut-outs."""
KL_WEIGHT = 3e-4


def differences(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """What neighbours across and down differ by, of (n, 3, height, width)."""
    across = pictures[..., :, 1:] - pictures[..., :, :-1]
    return across, pictures[..., 1:, :] - pictures[..., :-1, :]


def reconstruction_loss(made: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Mean absolute error of pixels plus that of horizontal and vertical differences.

    The squared errors matter early: they bring the colours (averaged over 8x8 pixels, without
    the brightness), which the absolute one learns late.
    """
    error = made - real
    across, down = differences(error)
    colour = avg_pool2d(error - error.mean(1, keepdim=True), 8)
    squared = 2 * error.square().mean() + 8 * colour.square().mean()
    return squared + error.abs().mean() + 0.5 * (across.abs().mean() + down.abs().mean())


def cut_out(images: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """(n, 3, 64, 64): a random square of each picture, at multiples of 8 pixels."""
    size = PIXELS // 2
    corners = rng.integers(0, (PIXELS - size) // 8 + 1, (len(images), 2)) * 8
    return torch.stack(
        [im[:, y : y + size, x : x + size] for im, (y, x) in zip(images, corners, strict=True)]
    )


def train_vae(
    work: Path,
    steps: int = 2800,
    batch: int = 8,
    rate: float = 2e-3,
    seed: int = 1,
    device: str = "cpu",
    minutes: float | None = None,
    shipped: bool = False,
) -> None:
    """Goes on from `work/vae.pt` up to `steps` or for `minutes`; saves and paints now and then.

    Whole faces follow the cut-outs; on a GPU a third as many of them make a batch. With `shipped`
    it starts from the shipped VAE instead of from nothing.
    """
    faces = Faces(work / "data").to(device)
    torch.manual_seed(seed)
    vae = shipped_vae() if shipped else build_vae()
    vae = vae.to(device).train().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(vae.parameters(), rate, betas=(0.9, 0.98), weight_decay=1e-4)
    average = Average(vae, 0.99 if device == "cpu" else 0.998)
    path = work / "vae.pt"
    if (state := load(path)) is not None:
        take_up(state, vae, optimiser, average)
    progress, gradients = Progress("vae"), Gradients(vae.parameters(), device=device)

    def part(images: torch.Tensor, key: int) -> Part:
        draw = torch.Generator(device).manual_seed((seed << 40) + key)
        return lambda: _loss(vae, images, draw)

    course = Course(steps, minutes, state)
    while not course.over:
        images = _drawn(faces, np.random.default_rng([seed, course.step]), course, batch, device)
        decay = 0.5 + 0.5 * math.cos(math.pi * course.done)
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (course.step + 1) / 100) * max(decay, 0.02)
        pieces = enumerate(images.chunk(gradients.workers), gradients.workers * course.step)
        figures = gradients.compute([part(piece, key) for key, piece in pieces])
        norm = torch.nn.utils.clip_grad_norm_(vae.parameters(), 0.5)
        optimiser.step()
        average.update(vae, course.step)
        course.count()
        progress.report(course.step, norm=norm, **figures)
        if course.step % 200 == 0 or course.over:
            keep(path, course.state, vae, optimiser, average)
            sheet = work / "sheets" / f"vae_{course.step:05d}.png"
            reconstruct(average.values, faces, sheet)


def _drawn(
    faces: Faces, rng: np.random.Generator, course: Course, batch: int, device: str
) -> torch.Tensor:
    """The pictures of a step: twice or three times as many cut-outs as whole faces."""
    cut = course.done < CUT_SHARE["cpu" if device == "cpu" else "gpu"]
    count = batch * (1 + cut) if device == "cpu" else batch // (1 if cut else 3)
    images = faces.images(rng.choice(faces.training, count, replace=False))
    return (cut_out(images, rng) if cut else images).to(memory_format=torch.channels_last)


def _loss(
    vae: AutoencoderKL, images: torch.Tensor, draw: torch.Generator
) -> tuple[torch.Tensor, Figures]:
    """What is lost on pictures, and figures to report.

    Parts are computed by several threads, so each has a `draw` of its own.
    """
    posterior = vae.encode(images).latent_dist
    loss = reconstruction_loss(vae.decode(posterior.sample(draw)).sample.float(), images)
    kl = posterior.kl().float().mean() / math.prod(posterior.mean.shape[1:])
    return loss + KL_WEIGHT * kl, {"loss": loss.detach(), "kl": kl.detach()}
