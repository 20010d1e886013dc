"""What the model paints while it is trained, to be looked at."""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline

from evolve.models.portraits.training.faces.dataset import contact_sheet

EACH = 6
SHEET = [
    "a smiling woman with a red bob, round glasses and a green shirt, micah style, pink background",
    "a sad man with a beard, pixel art, blue background",
    "a face without a mouth, blonde long hair, yellow background",
    "a laughing bald man with sunglasses",
]


@torch.no_grad()
def paint_sheet(pipeline: StableDiffusionPipeline, path: Path) -> None:
    """Paints `EACH` pictures of every prompt of `SHEET`, a row a prompt, in 8 steps."""
    draw = torch.Generator().manual_seed(1)
    prompts = [prompt for prompt in SHEET for _ in range(EACH)]
    with torch.autocast("cpu", torch.bfloat16):
        images = pipeline(
            prompts, num_inference_steps=8, guidance_scale=3.0, generator=draw, output_type="pt"
        ).images
    contact_sheet(images * 2 - 1, path, EACH)
