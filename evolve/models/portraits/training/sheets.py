"""What the model paints while it is trained, to be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline

from evolve.models.portraits.training.faces.dataset import PIXELS, Faces, contact_sheet
from evolve.models.portraits.training.networks import build_vae

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


@torch.no_grad()
def reconstruct(values: Mapping[str, torch.Tensor], faces: Faces, path: Path) -> None:
    """Paints 16 held-out faces beside what a VAE with these values makes of them.

    Prints the mean absolute error, on a scale of -1..1.
    """
    shown = faces.images(faces.held_out[:16])
    vae = build_vae().to(shown.device)
    vae.load_state_dict(values)
    made = vae.decode(vae.encode(shown).latent_dist.mode()).sample
    print(f"{path.stem}  held-out L1 {(made - shown).abs().mean():.4f}", flush=True)
    columns = min(8, len(shown))
    whole = len(shown) // columns * columns
    rows = [one[:whole].reshape(-1, columns, 3, PIXELS, PIXELS) for one in (shown, made)]
    contact_sheet(torch.stack(rows, 1).flatten(0, 2).cpu(), path, columns)
