"""Trains the UNet: rectified flow on cached latents, captions made afresh at every step.

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
from diffusers import StableDiffusionPipeline, UNet2DConditionModel

from evolve.models.portraits import WEIGHTS
from evolve.models.portraits.training.attributes import CLASSES
from evolve.models.portraits.training.checkpoint import Average, Progress, load, save
from evolve.models.portraits.training.critic import frozen_critic
from evolve.models.portraits.training.dataset import Faces, contact_sheet
from evolve.models.portraits.training.export import assemble
from evolve.models.portraits.training.frozen import frozen_clip
from evolve.models.portraits.training.latents import cached_latents
from evolve.models.portraits.training.losses import told_loss
from evolve.models.portraits.training.networks import build_unet, text_states
from evolve.models.portraits.training.optimiser import Optimiser
from evolve.models.portraits.training.pairs import Pairs
from evolve.models.portraits.training.parallel import Gradients, Part
from evolve.models.portraits.training.places import stresses
from evolve.models.portraits.training.rarity import shares

EMPTY_CHANCE = 0.12  # captions left empty, for guidance without a classifier
COOL = 600
CRITIC = 0.5  # what the critic's word counts against the error of the flow
SHEET = [
    "a smiling woman with a red bob, round glasses and a green shirt, micah style, pink background",
    "a sad man with a beard, pixel art, blue background",
    "a face without a mouth, blonde long hair, yellow background",
    "a laughing bald man with sunglasses",
]


def train_unet(
    work: Path, steps: int = 100_000, batch: int = 48, rate: float = 8e-4, seed: int = 1
) -> None:
    """Goes on from `work/unet.pt`, or from the shipped UNet, or from nothing.

    The learning rate falls to nothing over the last `COOL` of the steps.
    """
    faces, (clip, tokenizer) = Faces(work / "data"), frozen_clip(work)
    pairs, critic = Pairs(faces, tokenizer, seed), frozen_critic(work)
    latents = cached_latents(work)
    style = pairs.targets[:, list(CLASSES).index("style")]
    weights = stresses(latents, pairs.targets, faces.training[faces.training < len(latents)])
    torch.manual_seed(seed)
    unet, start, path = build_unet(), 0, work / "unet.pt"
    state = load(path)
    if state is not None:
        unet.load_state_dict(state["model"])
    elif (WEIGHTS / "unet").exists():
        shipped = UNet2DConditionModel.from_pretrained(WEIGHTS / "unet", torch_dtype=torch.float32)
        unet.load_state_dict(shipped.state_dict())
    unet = unet.to(memory_format=torch.channels_last)
    optimiser = Optimiser(unet, rate, outer=("conv_in", "conv_out", "time_embedding"))
    average = Average(unet, 0.99)
    if state is not None:
        optimiser.load_state_dict(state["optimiser"])
        average.values, start = state["average"], state["step"]
    progress, gradients = Progress("unet"), Gradients(unet.parameters())
    known = faces.training[:0]

    def part(indices: npt.NDArray[np.int64], step: int, row: int) -> Part:
        def compute() -> tuple[torch.Tensor, dict[str, float]]:
            texts, told = pairs.captions(indices, step, row, EMPTY_CHANCE)
            with torch.no_grad():
                states = text_states(clip, pairs.tokens(texts, full=True))[0]
            draw = torch.Generator().manual_seed((seed << 40) + (step << 10) + row)
            clean = torch.from_numpy(latents[indices].astype(np.float32))
            noise = torch.randn(clean.shape, generator=draw)
            # Middle noise levels teach the most, but every level is seen.
            s = torch.randn(len(clean), generator=draw).sigmoid()
            flat = torch.rand(len(clean), generator=draw)
            s = torch.where(torch.rand(len(clean), generator=draw) < 0.3, flat, s)[
                :, None, None, None
            ]
            noisy = ((1 - s) * clean + s * noise).to(memory_format=torch.channels_last)
            time = (s.flatten() * 1000).long().clamp(max=999)
            made = unet(noisy, time, states).sample.float()
            errors = (made - (noise - clean)).square()
            loss = (errors * weights[style[indices]]).mean()
            # The less is left to guess, the more the critic may ask for.
            missed = told_loss(critic(noisy - s * made), told, (1 - s).sqrt().flatten())
            figures = {"loss": loss.item(), "plain": errors.mean().item(), "missed": missed.item()}
            return loss + CRITIC * missed, figures

        return compute

    for step in range(start, steps):
        rng_step = np.random.default_rng([seed, step])
        if len(latents) < len(faces.records) and step % 20 == 0:
            latents = cached_latents(work)
        if len(known) != (count := np.searchsorted(faces.training, len(latents))):
            known = faces.training[:count]
            chances = shares(pairs.targets, known)
        chosen = rng_step.choice(known, batch, replace=False, p=chances)
        cooling = max(0.02, min(1.0, (steps - step) / COOL))
        size = -(-batch // 2)
        parts = [part(chosen[k : k + size], step, k) for k in range(0, batch, size)]
        figures = gradients.compute(parts)
        torch.nn.utils.clip_grad_norm_(unet.parameters(), 1.0)
        optimiser.step(cooling * rate * min((step + 1) / 100, 1.0, (1500 / (step + 1)) ** 0.5))
        average.update(unet, step)
        progress.report(step + 1, **figures)
        if (step + 1) % 150 == 0 or step + 1 == steps:
            kept = {"model": unet.state_dict(), "optimiser": optimiser.state_dict()}
            save(path, {**kept, "average": average.values, "step": step + 1})
        if (step + 1) % 300 == 0 or step + 1 == steps:
            paint_sheet(assemble(work), work / "sheets" / f"unet_{step + 1:06d}.png")


@torch.no_grad()
def paint_sheet(pipeline: StableDiffusionPipeline, path: Path, each: int = 6) -> None:
    """Paints `each` pictures of every prompt of `SHEET`, a row a prompt, in 8 steps."""
    draw = torch.Generator().manual_seed(1)
    prompts = [prompt for prompt in SHEET for _ in range(each)]
    with torch.autocast("cpu", torch.bfloat16):
        images = pipeline(
            prompts, num_inference_steps=8, guidance_scale=3.0, generator=draw, output_type="pt"
        ).images
    contact_sheet(images * 2 - 1, path, each)
