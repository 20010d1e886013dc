"""Trains the UNet: rectified flow on cached latents, captions made again at every step.

x_t = (1 - s) x_0 + s noise; the net predicts noise - x_0 at timestep 1000 s, which is what
`DPMSolverMultistepScheduler` means by "flow_prediction" with `use_flow_sigmas`. The error counts
more where small things show, faces with something rare are drawn more often (`emphasis`), and a
critic asks whether the caption was heeded.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from diffusers import UNet2DConditionModel

from evolve.models.portraits.training.assembling import assemble, begun_unet
from evolve.models.portraits.training.faces.attributes import CLASSES
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.faces.emphasis import shares, stresses
from evolve.models.portraits.training.frozen import frozen_clip
from evolve.models.portraits.training.learning.captured import Captured, Values
from evolve.models.portraits.training.learning.checkpoint import (
    Average,
    Progress,
    keep,
    load,
    take_up,
)
from evolve.models.portraits.training.learning.course import Course
from evolve.models.portraits.training.learning.losses import stated_loss
from evolve.models.portraits.training.learning.optimiser import Optimiser
from evolve.models.portraits.training.learning.parallel import Figures, Gradients, Part
from evolve.models.portraits.training.networks import text_states
from evolve.models.portraits.training.sheets import paint_sheet
from evolve.models.portraits.training.stages.critic import frozen_critic
from evolve.models.portraits.training.stages.latents import cached_latents
from evolve.models.portraits.training.words.drawn_captions import FILE, Drawn
from evolve.models.portraits.training.words.pairs import Pairs

EMPTY_CHANCE = 0.12  # captions left empty, for guidance without a classifier
COOL, COOL_SHARE = 600, 0.55
APART = 100.0  # seconds from one checkpoint to the next on a GPU
CRITIC = 0.5  # what the critic's word counts against the error of the flow


class Lessons:
    """What a UNet learns from: noisy latents of faces, captions, and a critic that reads both."""

    def __init__(self, work: Path, seed: int, device: str) -> None:
        self.work, self.seed, self.device = work, seed, device
        self.faces, (clip, tokenizer) = Faces(work / "data"), frozen_clip(work)
        self.pairs = Pairs(self.faces, tokenizer, seed)
        self.clip, self.critic = clip.to(device), frozen_critic(work).to(device)
        self.words = Drawn(work, device) if (work / FILE).exists() else self.pairs
        self.style = self.pairs.targets[:, list(CLASSES).index("style")].to(device)
        self.look()
        self.weights = stresses(self.latents, self.pairs.targets, self.known).to(device)
        # Copying a batch to a GPU at every step would let it wait.
        self.there = (
            None if device == "cpu" else torch.from_numpy(np.array(self.latents)).to(device)
        )

    def look(self) -> None:
        """Take the latents that there are by now."""
        self.latents = cached_latents(self.work)
        self.known = self.faces.training[self.faces.training < len(self.latents)]
        self.chances = shares(self.pairs.targets, self.known)

    def chosen(self, step: int, batch: int) -> npt.NDArray[np.int64]:
        """The faces of a step."""
        if self.there is None and len(self.latents) < len(self.faces.records) and step % 20 == 0:
            self.look()
        draw = np.random.default_rng([self.seed, step])
        faces: npt.NDArray[np.int64] = draw.choice(self.known, batch, replace=False, p=self.chances)
        return faces

    def clean(self, indices: npt.NDArray[np.int64]) -> torch.Tensor:
        """The latents of faces, (n, 8, 16, 16) float32 on the device."""
        if self.there is not None:
            return self.there[self._places(indices)].float()
        return torch.from_numpy(self.latents[indices].astype(np.float32))

    def _places(self, indices: npt.NDArray[np.int64]) -> torch.Tensor:
        """Faces as an index of what is on the device; nothing waits for the GPU."""
        return torch.from_numpy(indices).to(self.device, non_blocking=True)

    def drawn(self, indices: npt.NDArray[np.int64], step: int, row: int) -> Values:
        """What faces, which begin at place `row` of a step, are learnt from."""
        ids, stated = self.words.tokens_stated(indices, step, row, EMPTY_CHANCE)
        half = torch.autocast(self.device.partition(":")[0], torch.bfloat16, cache_enabled=False)
        with torch.no_grad(), half:
            states = text_states(self.clip, ids.to(self.device))[0]
        draw = torch.Generator(self.device).manual_seed((self.seed << 40) + (step << 10) + row)
        clean = self.clean(indices)
        noise = torch.randn(clean.shape, generator=draw, device=self.device)
        weights = self.weights[self.style[self._places(indices)]]
        return clean, noise, levels(len(clean), draw), states, weights, stated.to(self.device)

    def loss(self, unet: UNet2DConditionModel, drawn: Values) -> tuple[torch.Tensor, Figures]:
        """What is lost on what was drawn, and figures to report."""
        clean, noise, shares, states, weights, stated = drawn
        s = shares[:, None, None, None]
        noisy = ((1 - s) * clean + s * noise).to(memory_format=torch.channels_last)
        time = (shares * 1000).long().clamp(max=999)
        made = unet(noisy, time, states).sample.float()
        errors = (made - (noise - clean)).square()
        loss = (errors * weights).mean()
        # The less is left to guess, the more the critic may ask for.
        certain = (1 - shares).sqrt()
        missed = stated_loss(self.critic(noisy - s * made), stated, certain)
        figures = {"loss": loss, "plain": errors.mean(), "missed": missed}
        return loss + CRITIC * missed, {name: value.detach() for name, value in figures.items()}


def train_unet(
    work: Path,
    steps: int = 100_000,
    batch: int = 48,
    rate: float = 8e-4,
    seed: int = 1,
    device: str = "cpu",
    minutes: float | None = None,
    saved: Callable[[], None] = lambda: None,
) -> None:
    """Goes on from `work/unet.pt`, or from the shipped UNet, or from nothing.

    The learning rate falls to nothing over the last `COOL` of the steps, or over the last
    `COOL_SHARE` of the `minutes`. Captions that were drawn (`drawn_captions`) are taken from there.
    `saved` is called whenever the UNet has been saved.
    """
    lessons, path = Lessons(work, seed, device), work / "unet.pt"
    state = load(path)
    torch.manual_seed(seed)
    unet = begun_unet(state and state["model"]).to(device).to(memory_format=torch.channels_last)
    optimiser = Optimiser(unet, rate, outer=("conv_in", "conv_out", "time_embedding"))
    average = Average(unet, 0.99 if device == "cpu" else 0.999)
    if state is not None:
        take_up(state, unet, optimiser, average)
    progress, gradients = Progress("unet"), Gradients(unet.parameters(), device=device)
    captured = None
    if device.startswith("cuda"):
        captured = Captured(lambda drawn: lessons.loss(unet, drawn), gradients.parameters)

    def part(indices: npt.NDArray[np.int64], step: int, row: int) -> Part:
        return lambda: lessons.loss(unet, lessons.drawn(indices, step, row))

    course = Course(steps, minutes, state)
    kept_at = course.spent
    while not course.over:
        step = course.step
        chosen = lessons.chosen(step, batch)
        if captured is not None:
            figures = captured.compute(lessons.drawn(chosen, step, 0))
        else:
            size = -(-batch // gradients.workers)
            parts = [part(chosen[k : k + size], step, k) for k in range(0, batch, size)]
            figures = gradients.compute(parts)
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        warm = min((step + 1) / 100, 1.0)
        if minutes is None:
            warm = min(warm, (1500 / (step + 1)) ** 0.5)
        cooling = course.falling(min(1.0, COOL / steps) if minutes is None else COOL_SHARE)
        optimiser.step(cooling * rate * warm)
        average.update(unet, step)
        course.count()
        progress.report(course.step, **figures)
        is_due = device == "cpu" or course.spent - kept_at > APART
        if course.over or (course.step % 150 == 0 and is_due):
            kept_at = course.spent
            keep(path, course.state, unet, optimiser, average)
            saved()
        if course.over or (course.step % 300 == 0 and device == "cpu"):
            paint_sheet(assemble(work), work / "sheets" / f"unet_{course.step:06d}.png")


def levels(count: int, draw: torch.Generator) -> torch.Tensor:
    """Shares of noise, (count,): middle ones teach the most, but every one is seen."""
    s = torch.randn(count, generator=draw, device=draw.device).sigmoid()
    flat, choice = torch.rand(2, count, generator=draw, device=draw.device)
    return torch.where(choice < 0.3, flat, s)
