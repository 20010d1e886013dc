"""Trains the decoder alone, after the UNet: sharper pictures from the same latents.

The encoder stays, so latents, and all that learnt from them, keep their meaning. The decoder is
shown latents of real art and, in part, latents as the UNet predicts them from a little noise: what
it is to decode later is softer than art. Small errors count as much as large ones, and so does any
difference between neighbours that are alike in the art: the eye sees mottled areas long before a
mean of errors does. Mouths, glasses and earrings count more than their few pixels (`emphasis`), or
they fade.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from diffusers import AutoencoderKL
from torch.nn.functional import interpolate

from evolve.models.portraits.training.assembling import assemble
from evolve.models.portraits.training.faces.attributes import CLASSES
from evolve.models.portraits.training.faces.dataset import PIXELS, Faces
from evolve.models.portraits.training.faces.emphasis import stresses
from evolve.models.portraits.training.frozen import frozen_clip, frozen_vae
from evolve.models.portraits.training.learning.checkpoint import (
    Average,
    Progress,
    keep,
    load,
    take_up,
)
from evolve.models.portraits.training.learning.course import Course
from evolve.models.portraits.training.learning.optimiser import Optimiser
from evolve.models.portraits.training.learning.parallel import Figures, Gradients, Part
from evolve.models.portraits.training.networks import LATENT, text_states
from evolve.models.portraits.training.sheets import reconstruct
from evolve.models.portraits.training.stages.latents import cached_latents
from evolve.models.portraits.training.stages.train_vae import differences
from evolve.models.portraits.training.words.pairs import Pairs

PREDICTED, LEVELS = 0.4, (0.05, 0.4)
"""Share of latents that the UNet predicts, and the shares of noise that it predicts them from."""
SMALL, FLAT, HALF = 0.05, 0.5, 0.05
"""What small errors and uneven areas count beside the error, and where an error counts half."""
STRESS = 6.0
"""The most that a place counts, in means."""
COOL_SHARE = 0.6


def decoding_loss(made: torch.Tensor, real: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
    """What is lost between pictures (n, 3, height, width) in -1..1.

    |e| + e^2 + SMALL |e| / (|e| + HALF) of the pixels, half of that (without the square) of the
    differences between neighbours, and FLAT times these where the art has none. The third term
    saturates (as Geman and McClure 1985), so that many exact pixels and a few wrong ones are better
    than all of them a little wrong. `counts` (n, 1, height, width) is how much each pixel does.
    """
    error = made - real
    loss = (counts * (error.square() + _size(error))).mean()
    sides = (counts[..., :, 1:], counts[..., 1:, :])
    for uneven, drawn, count in zip(differences(error), differences(real), sides, strict=True):
        loss = loss + 0.5 * (count * _size(uneven)).mean()
        loss = loss + FLAT * (uneven.abs() * (drawn == 0)).mean()
    return loss


def _size(error: torch.Tensor) -> torch.Tensor:
    size = error.abs()
    return size + SMALL * size / (size + HALF)


class Lessons:
    """What a decoder learns from: pictures and their latents, of the encoder or of the UNet."""

    def __init__(self, work: Path, seed: int, device: str) -> None:
        self.seed, self.device = seed, device
        self.faces, (clip, tokenizer) = Faces(work / "data").to(device), frozen_clip(work)
        self.latents, self.pairs = cached_latents(work), Pairs(self.faces, tokenizer, seed)
        self.known = self.faces.training[self.faces.training < len(self.latents)]
        if not len(self.known):
            raise FileNotFoundError("no latents of faces: run the stage latents first")
        self.clip = clip.to(device)
        stress = stresses(self.latents, self.pairs.targets, self.known).clamp(max=STRESS)
        stress = stress / stress.mean((1, 2, 3), keepdim=True)
        self.counts = interpolate(stress, scale_factor=PIXELS // LATENT[1], mode="bilinear")
        self.style = self.pairs.targets[:, list(CLASSES).index("style")]
        self.unet = assemble(work).unet.to(device).requires_grad_(False)

    def chosen(self, step: int, batch: int) -> npt.NDArray[np.int64]:
        """The faces of a step."""
        draw = np.random.default_rng([self.seed, step])
        faces: npt.NDArray[np.int64] = draw.choice(self.known, batch, replace=False)
        return faces

    def drawn(
        self, indices: npt.NDArray[np.int64], step: int, row: int
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Latents and pictures of faces, which begin at place `row` of a step."""
        clean = torch.from_numpy(self.latents[indices].astype(np.float32)).to(self.device)
        draw = torch.Generator(self.device).manual_seed((self.seed << 40) + (step << 10) + row)
        least, most = LEVELS
        chance, level = torch.rand(2, len(clean), generator=draw, device=self.device)
        level = (least + (most - least) * level)[:, None, None, None]
        noisy = torch.lerp(
            clean, torch.randn(clean.shape, generator=draw, device=self.device), level
        )
        texts, _ = self.pairs.captions(indices, step, row)
        with torch.no_grad():
            states = text_states(self.clip, self.pairs.tokens(texts, full=True).to(self.device))[0]
            flow = self.unet(noisy, level.flatten() * 1000, states).sample.float()
        predicted = (chance < PREDICTED)[:, None, None, None]
        return torch.where(predicted, noisy - level * flow, clean), self.faces.images(indices)

    def loss(
        self, vae: AutoencoderKL, indices: npt.NDArray[np.int64], step: int, row: int
    ) -> tuple[torch.Tensor, Figures]:
        """What is lost on faces, and figures to report."""
        latents, pictures = self.drawn(indices, step, row)
        made = vae.decode(latents.to(memory_format=torch.channels_last)).sample.float()
        loss = decoding_loss(made, pictures, self.counts[self.style[indices]].to(self.device))
        return loss, {"loss": loss.detach(), "L1": (made - pictures).abs().mean().detach()}


def train_decoder(
    work: Path,
    steps: int = 6000,
    batch: int = 6,
    rate: float = 6e-4,
    seed: int = 1,
    device: str = "cpu",
    minutes: float | None = None,
) -> None:
    """Goes on from `work/decoder.pt`, or from the frozen VAE, up to `steps` or for `minutes`.

    The learning rate falls to nothing over the last `COOL_SHARE` of them.

    Raises:
        FileNotFoundError: There are no latents yet.
    """
    lessons, path = Lessons(work, seed, device), work / "decoder.pt"
    vae = frozen_vae(work).to(device).to(memory_format=torch.channels_last)
    vae.decoder.requires_grad_(True)
    optimiser = Optimiser(vae.decoder, rate, outer=("conv_in", "conv_out"))
    average, state = Average(vae, 0.998), load(path)
    if state is not None:
        take_up(state, vae, optimiser, average)
    progress, gradients = Progress("decoder"), Gradients(vae.parameters(), device=device)

    def part(indices: npt.NDArray[np.int64], step: int, row: int) -> Part:
        return lambda: lessons.loss(vae, indices, step, row)

    course = Course(steps, minutes, state)
    while not course.over:
        chosen, size = lessons.chosen(course.step, batch), -(-batch // gradients.workers)
        parts = [part(chosen[k : k + size], course.step, k) for k in range(0, batch, size)]
        figures = gradients.compute(parts)
        torch.nn.utils.clip_grad_norm_(gradients.parameters, 0.5)
        optimiser.step(rate * min(1.0, (course.step + 1) / 100) * course.falling(COOL_SHARE))
        average.update(vae, course.step)
        course.count()
        progress.report(course.step, **figures)
        if course.step % 200 == 0 or course.over:
            keep(path, course.state, vae, optimiser, average)
            sheet = work / "sheets" / f"decoder_{course.step:05d}.png"
            reconstruct(average.values, lessons.faces, sheet)
