"""The VAE and the CLIP as the UNet's training takes them: from the work folder, or as shipped.

Once the UNet trains on them, the encoder and the text tower must not change any more.
"""

from __future__ import annotations

from pathlib import Path

import torch
from diffusers import AutoencoderKL
from transformers import CLIPModel, CLIPTokenizer

from evolve.models.portraits import WEIGHTS
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.learning.checkpoint import load
from evolve.models.portraits.training.networks import build_clip, build_vae
from evolve.models.portraits.training.words.tokenizer import read_tokenizer


@torch.no_grad()
def standardise(vae: AutoencoderKL, images: torch.Tensor) -> None:
    """Changes `vae` so that latents of `images` have mean 0 and deviation 1 in each channel.

    `StableDiffusionPipeline` knows only one scaling factor and no shift, so both go into the
    encoder's last and the decoder's first convolution (exact except at the zero-padded border).
    """
    latents = torch.cat([vae.encode(piece).latent_dist.mean for piece in images.chunk(32)])
    mean, deviation = latents.mean((0, 2, 3)), latents.std((0, 2, 3))
    last, first = vae.encoder.conv_out, vae.decoder.conv_in
    channels = len(mean)
    last.weight[:channels] /= deviation[:, None, None, None]
    last.bias[:channels] = (last.bias[:channels] - mean) / deviation
    last.bias[channels:] -= 2 * deviation.log()
    first.bias += (first.weight.sum((2, 3)) * mean).sum(1)
    first.weight *= deviation[None, :, None, None]
    vae.register_to_config(scaling_factor=1.0)


def shipped_vae() -> AutoencoderKL:
    """The VAE as it ships, in float32."""
    vae: AutoencoderKL = AutoencoderKL.from_pretrained(WEIGHTS / "vae", torch_dtype=torch.float32)
    return vae


def frozen_vae(work: Path) -> AutoencoderKL:
    """`work/vae_frozen`, made from `work/vae.pt` when first asked for; else the shipped VAE."""
    folder = work / "vae_frozen"
    if not (folder / "config.json").exists():
        state = load(work / "vae.pt")
        if state is None:
            folder = WEIGHTS / "vae"
        else:
            vae = build_vae()
            vae.load_state_dict(state["average"])
            faces = Faces(work / "data")
            standardise(vae, faces.images(faces.training[:1024]))
            vae.save_pretrained(folder)
    frozen: AutoencoderKL = AutoencoderKL.from_pretrained(folder, torch_dtype=torch.float32)
    return frozen.eval().requires_grad_(False)


def frozen_tokenizer(work: Path) -> CLIPTokenizer:
    """The tokenizer that was fitted in `work`; else the shipped one."""
    folder = work / "tokenizer"
    return read_tokenizer(folder if folder.is_dir() else WEIGHTS / "tokenizer")


def frozen_clip(work: Path) -> tuple[CLIPModel, CLIPTokenizer]:
    """CLIP and tokenizer of `work` (the vision tower as last trained); else the shipped ones."""
    state = next(filter(None, (load(work / f"{n}.pt") for n in ("vision", "words", "clip"))), None)
    if state is None:
        clip = CLIPModel.from_pretrained(WEIGHTS / "clip", dtype=torch.float32)
        tokenizer = read_tokenizer(WEIGHTS / "tokenizer")
    else:
        tokenizer = read_tokenizer(work / "tokenizer")
        clip = build_clip(tokenizer)
        clip.load_state_dict(state["model"])
    return clip.eval().requires_grad_(False), tokenizer
