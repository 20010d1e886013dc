"""Trains the picture <-> latent autoencoder: 128x128x3 <-> 16x16x8.

Flat colours and thin dark lines are all there is, so plain errors of the pixels and of their
differences (edges) are enough. The first part of the training sees quarter-size cut-outs: four
times as many steps for the same time. The small Kullback-Leibler term keeps latents smooth for the
UNet.
With `decoder_only` the encoder stays as it is: latents remain valid while pictures get sharper.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import avg_pool2d

from evolve.models.portraits.training.checkpoint import Average, Progress, load, save
from evolve.models.portraits.training.dataset import PIXELS, Faces, contact_sheet
from evolve.models.portraits.training.frozen import frozen_vae
from evolve.models.portraits.training.networks import build_vae
from evolve.models.portraits.training.parallel import Gradients, Part


def reconstruction_loss(made: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Mean absolute error of pixels plus that of horizontal and vertical differences.

    The squared errors matter early: they bring the colours (averaged over 8x8 pixels, without
    the brightness), which the absolute one learns late.
    """
    error = made - real
    across = error[..., :, 1:] - error[..., :, :-1]
    down = error[..., 1:, :] - error[..., :-1, :]
    colour = avg_pool2d(error - error.mean(1, keepdim=True), 8)
    squared = 2 * error.square().mean() + 8 * colour.square().mean()
    return squared + error.abs().mean() + 0.5 * (across.abs().mean() + down.abs().mean())


def cut_out(images: torch.Tensor, rng: np.random.Generator, size: int = 64) -> torch.Tensor:
    """(n, 3, size, size): another random square of each picture, at multiples of 8 pixels."""
    corners = rng.integers(0, (PIXELS - size) // 8 + 1, (len(images), 2)) * 8
    return torch.stack(
        [im[:, y : y + size, x : x + size] for im, (y, x) in zip(images, corners, strict=True)]
    )


def train_vae(
    work: Path,
    steps: int = 2800,
    batch: int = 8,
    rate: float = 2e-3,
    cut_share: float = 0.85,
    kl_weight: float = 3e-4,
    seed: int = 1,
    decoder_only: bool = False,
) -> None:
    """Goes on from `work/vae.pt` up to `steps`; every 200 steps saves and paints a sheet.

    With `decoder_only` it starts from the frozen VAE and writes `work/decoder.pt`.
    """
    faces = Faces(work / "data")
    torch.manual_seed(seed)
    vae = frozen_vae(work).requires_grad_(True) if decoder_only else build_vae()
    vae = vae.train().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(vae.parameters(), rate, betas=(0.9, 0.98), weight_decay=1e-4)
    average = Average(vae, 0.99)
    path = work / ("decoder.pt" if decoder_only else "vae.pt")
    start = 0
    if (state := load(path)) is not None:
        vae.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        average.values, start = state["average"], state["step"]
    if decoder_only:
        vae.encoder.requires_grad_(False)
    shown = faces.images(faces.held_out[:16])
    progress, gradients = Progress(path.stem), Gradients(vae.parameters())

    def part(images: torch.Tensor) -> Part:
        def compute() -> tuple[torch.Tensor, dict[str, float]]:
            with torch.set_grad_enabled(not decoder_only):
                posterior = vae.encode(images).latent_dist
            loss = reconstruction_loss(vae.decode(posterior.sample()).sample.float(), images)
            kl = posterior.kl().float().mean() / math.prod(posterior.mean.shape[1:])
            return loss + kl_weight * kl, {"loss": loss.item(), "kl": kl.item()}

        return compute

    for step in range(start, steps):
        rng = np.random.default_rng([seed, step])
        cut = step < cut_share * steps
        images = faces.images(rng.choice(faces.training, batch * (1 + cut), replace=False))
        if cut:
            images = cut_out(images, rng)
        images = images.to(memory_format=torch.channels_last)
        decay = 0.5 + 0.5 * math.cos(math.pi * step / steps)
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 100) * max(decay, 0.02)
        optimiser.zero_grad(set_to_none=True)
        figures = gradients.compute([part(piece) for piece in images.chunk(2)])
        norm = torch.nn.utils.clip_grad_norm_(vae.parameters(), 0.5)
        optimiser.step()
        average.update(vae, step)
        progress.report(step + 1, norm=norm.item(), **figures)
        if (step + 1) % 200 == 0 or step + 1 == steps:
            model, values = vae.state_dict(), average.values
            save(
                path,
                {
                    "model": model,
                    "optimiser": optimiser.state_dict(),
                    "average": values,
                    "step": step + 1,
                },
            )
            judge = build_vae()
            judge.load_state_dict(values)
            with torch.no_grad():
                made = judge.decode(judge.encode(shown).latent_dist.mode()).sample
            print(
                f"{path.stem} step {step + 1}  held-out L1 {(made - shown).abs().mean():.4f}",
                flush=True,
            )
            rows = torch.stack(
                [shown.reshape(2, 8, 3, PIXELS, PIXELS), made.reshape(2, 8, 3, PIXELS, PIXELS)], 1
            )
            contact_sheet(rows.flatten(0, 2), work / "sheets" / f"{path.stem}_{step + 1:05d}.png")
