"""Trains the UNet: rectified flow on cached latents, captions made again at every step.

x_t = (1 - s) x_0 + s noise; the net predicts noise - x_0 at timestep 1000 s, which is what
`DPMSolverMultistepScheduler` means by "flow_prediction" with `use_flow_sigmas`. The error counts
more where small things show (`places`), faces with something rare are drawn more often (`rarity`),
and a critic asks whether the caption was heeded.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from diffusers import UNet2DConditionModel

from evolve.models.portraits import WEIGHTS
from evolve.models.portraits.training.assembling import assemble
from evolve.models.portraits.training.faces.attributes import CLASSES
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.faces.places import stresses
from evolve.models.portraits.training.faces.rarity import shares
from evolve.models.portraits.training.frozen import frozen_clip
from evolve.models.portraits.training.learning.checkpoint import Average, Progress, load, save
from evolve.models.portraits.training.learning.losses import told_loss
from evolve.models.portraits.training.learning.optimiser import Optimiser
from evolve.models.portraits.training.learning.pace import Pace
from evolve.models.portraits.training.learning.parallel import Figures, Gradients, Part
from evolve.models.portraits.training.networks import build_unet, text_states
from evolve.models.portraits.training.sheets import paint_sheet
from evolve.models.portraits.training.stages.critic import frozen_critic
from evolve.models.portraits.training.stages.latents import cached_latents
from evolve.models.portraits.training.words.drawn_captions import FILE, Drawn
from evolve.models.portraits.training.words.pairs import Pairs

EMPTY_CHANCE = 0.12  # captions left empty, for guidance without a classifier
COOL, COOL_SHARE = 600, 0.55
APART = 60.0  # seconds from one checkpoint to the next on a GPU
CRITIC = 0.5  # what the critic's word counts against the error of the flow


def train_unet(
    work: Path,
    steps: int = 100_000,
    batch: int = 48,
    rate: float = 8e-4,
    seed: int = 1,
    device: str = "cpu",
    minutes: float | None = None,
) -> None:
    """Goes on from `work/unet.pt`, or from the shipped UNet, or from nothing.

    The learning rate falls to nothing over the last `COOL` of the steps, or over the last
    `COOL_SHARE` of the `minutes`. Captions that were drawn (`drawn`) are taken from there.
    """
    faces, (clip, tokenizer) = Faces(work / "data"), frozen_clip(work)
    pairs, critic = Pairs(faces, tokenizer, seed), frozen_critic(work).to(device)
    words = Drawn(work, device) if (work / FILE).exists() else pairs
    latents = cached_latents(work)
    clip.to(device)
    style = pairs.targets[:, list(CLASSES).index("style")].to(device)
    known = faces.training[faces.training < len(latents)]
    weights = stresses(latents, pairs.targets, known).to(device)
    torch.manual_seed(seed)
    unet, path = build_unet(), work / "unet.pt"
    state = load(path)
    if state is not None:
        unet.load_state_dict(state["model"])
    elif (WEIGHTS / "unet").exists():
        shipped = UNet2DConditionModel.from_pretrained(WEIGHTS / "unet", torch_dtype=torch.float32)
        unet.load_state_dict(shipped.state_dict())
    unet = unet.to(device).to(memory_format=torch.channels_last)
    optimiser = Optimiser(unet, rate, outer=("conv_in", "conv_out", "time_embedding"))
    average = Average(unet, 0.99 if device == "cpu" else 0.999)
    pace = Pace(steps, minutes)
    if state is not None:
        if "optimiser" in state:  # not where weights were adopted
            optimiser.load_state_dict(state["optimiser"])
        average.values = {name: value.to(device) for name, value in state["average"].items()}
        pace = Pace(steps, minutes, state["step"], state.get("spent", 0.0))
    progress, gradients = Progress("unet"), Gradients(unet.parameters(), device=device)

    # Copying a batch to a GPU at every step would let it wait.
    there = None if device == "cpu" else torch.from_numpy(np.array(latents)).to(device)

    def clean_latents(indices: npt.NDArray[np.int64]) -> torch.Tensor:
        if there is not None:
            return there[torch.from_numpy(indices).to(device)].float()
        return torch.from_numpy(latents[indices].astype(np.float32))

    def part(indices: npt.NDArray[np.int64], step: int, row: int) -> Part:
        def compute() -> tuple[torch.Tensor, Figures]:
            ids, told = words.tokens_told(indices, step, row, EMPTY_CHANCE)
            with torch.no_grad():
                states = text_states(clip, ids.to(device))[0]
            draw = torch.Generator(device).manual_seed((seed << 40) + (step << 10) + row)
            clean = clean_latents(indices)
            noise = torch.randn(clean.shape, generator=draw, device=device)
            s = levels(len(clean), draw)[:, None, None, None]
            noisy = ((1 - s) * clean + s * noise).to(memory_format=torch.channels_last)
            time = (s.flatten() * 1000).long().clamp(max=999)
            made = unet(noisy, time, states).sample.float()
            errors = (made - (noise - clean)).square()
            loss = (errors * weights[style[indices]]).mean()
            # The less is left to guess, the more the critic may ask for.
            missed = told_loss(critic(noisy - s * made), told.to(device), (1 - s).sqrt().flatten())
            told_of = {"loss": loss, "plain": errors.mean(), "missed": missed}
            figures: Figures = {name: value.detach() for name, value in told_of.items()}
            return loss + CRITIC * missed, figures

        return compute

    chances = shares(pairs.targets, known)
    over, saved = pace.done == 1, pace.spent
    while not over:
        step = pace.step
        if there is None and len(latents) < len(faces.records) and step % 20 == 0:
            latents = cached_latents(work)
            known = faces.training[faces.training < len(latents)]
            chances = shares(pairs.targets, known)
        chosen = np.random.default_rng([seed, step]).choice(known, batch, replace=False, p=chances)
        size = -(-batch // gradients.workers)
        parts = [part(chosen[k : k + size], step, k) for k in range(0, batch, size)]
        figures = gradients.compute(parts)
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        warm = min((step + 1) / 100, 1.0)
        if minutes is None:
            warm = min(warm, (1500 / (step + 1)) ** 0.5)
        cooling = pace.falling(min(1.0, COOL / steps) if minutes is None else COOL_SHARE)
        optimiser.step(cooling * rate * warm)
        average.update(unet, step)
        pace.step += 1
        over = pace.done == 1
        progress.report(pace.step, **figures)
        if over or (pace.step % 150 == 0 and (device == "cpu" or pace.spent - saved > APART)):
            saved = pace.spent
            kept = {"model": unet.state_dict(), "optimiser": optimiser.state_dict()}
            kept |= {"average": average.values, "step": pace.step, "spent": pace.spent}
            save(path, kept)
        if over or (pace.step % 300 == 0 and device == "cpu"):
            paint_sheet(assemble(work), work / "sheets" / f"unet_{pace.step:06d}.png")


def levels(count: int, draw: torch.Generator) -> torch.Tensor:
    """Shares of noise, (count,): middle ones teach the most, but every one is seen."""
    s = torch.randn(count, generator=draw, device=draw.device).sigmoid()
    flat, choice = torch.rand(2, count, generator=draw, device=draw.device)
    return torch.where(choice < 0.3, flat, s)
