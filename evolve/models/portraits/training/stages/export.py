"""Writes the trained parts as one `StableDiffusionPipeline` folder with its CLIP beside it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import CLIPImageProcessor

from evolve.models.portraits import WEIGHTS
from evolve.models.portraits.training.assembling import STORED, assemble
from evolve.models.portraits.training.faces.attributes import visible
from evolve.models.portraits.training.faces.dataset import PIXELS, Faces
from evolve.models.portraits.training.frozen import frozen_clip, frozen_vae
from evolve.models.portraits.training.networks import LATENT
from evolve.models.portraits.training.stages.critic import WIDTHS, frozen_critic
from evolve.models.portraits.training.words.known_words import meanings, vocabulary

DEFAULTS = {"guidance_scale": 2.5, "steps": 8, "sampler": "unipc"}
DESCRIPTION = "Drawn and cartoon portraits in thirteen styles, made for this program"
EXAMPLES = [
    "a smiling woman with a red bob, round glasses and green clothes, hand drawn, pink background",
    "old man with a full beard, no glasses, ink drawing",
    "pixel art | laughing person with curly blonde hair :1.3 | blue background",
]
LICENCE = "CC BY 4.0 (trained on DiceBear art under CC0 1.0 and CC BY 4.0; see MODEL_CARD.md)"


@torch.no_grad()
def preview_factors(work: Path) -> list[list[float]]:
    """(9, 3): RGB in 0..1 at latent resolution, linear in the latent; the constant is last."""
    faces, vae = Faces(work / "data"), frozen_vae(work)
    images = faces.images(faces.training[:512])
    small = torch.nn.functional.avg_pool2d((images + 1) / 2, PIXELS // LATENT[1])
    latents = torch.cat([vae.encode(part).latent_dist.mean for part in torch.split(images, 32)])
    known = latents.permute(0, 2, 3, 1).reshape(-1, LATENT[0])
    known = torch.cat([known, torch.ones(len(known), 1)], 1)
    factors = torch.linalg.lstsq(known, small.permute(0, 2, 3, 1).reshape(-1, 3)).solution
    return [[round(float(x), 4) for x in row] for row in factors]


def export_reader(work: Path, to: Path) -> None:
    """Write the critic as what pictures are read with; the shipped one if `work` has none."""
    if not (work / "critic.pt").exists():
        shutil.copytree(WEIGHTS / "reader", to)
        return
    critic = frozen_critic(work)
    to.mkdir(parents=True)
    state = {n: value.to(STORED).contiguous() for n, value in critic.state_dict().items()}
    save_file(state, to / "model.safetensors")
    config = {
        "channels": LATENT[0],
        "side": LATENT[1],
        "widths": list(WIDTHS),
        "pixels": PIXELS,
    }
    (to / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def export(work: Path, to: Path = WEIGHTS) -> None:
    """Replaces the folder `to` in one step."""
    pipeline = assemble(work)
    clip, tokenizer = frozen_clip(work)
    partial = to.with_name(to.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    pipeline.to(dtype=STORED)
    pipeline.save_pretrained(partial, safe_serialization=True)
    clip.to(STORED).save_pretrained(partial / "clip")
    for folder in (partial / "clip", partial / "tokenizer"):
        tokenizer.save_pretrained(folder)
        for name in ("vocab.json", "merges.txt"):
            fitted = work / "tokenizer" / name
            if not fitted.exists():
                fitted = WEIGHTS / "tokenizer" / name
            shutil.copyfile(fitted, folder / name)
    CLIPImageProcessor(
        size={"shortest_edge": PIXELS},
        crop_size={"height": PIXELS, "width": PIXELS},
        image_mean=[0.5] * 3,
        image_std=[0.5] * 3,
    ).save_pretrained(partial / "clip")
    for config in (partial / "clip/config.json", partial / "text_encoder/config.json"):
        # Stored small, read as float32 like the other parts unless a type is asked for.
        config.write_text(config.read_text().replace('"bfloat16"', '"float32"'))
    for config in partial.rglob("config.json"):
        settings = json.loads(config.read_text())
        settings.pop("_name_or_path", None)  # a folder of the machine it was trained on
        config.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")
    export_reader(work, partial / "reader")
    facts = {
        "licence": LICENCE,
        "description": DESCRIPTION,
        "examples": EXAMPLES,
        "defaults": DEFAULTS,
        "latent": list(LATENT),
        "pixels": [PIXELS, PIXELS],
        "latent_rgb": preview_factors(work),
    }
    (partial / "fancier.json").write_text(json.dumps(facts, indent=1))
    (partial / "vocabulary.json").write_text(json.dumps(vocabulary(), indent=1))
    faces = Faces(work / "data")
    known = meanings([visible(faces.records[i]) for i in faces.training])
    (partial / "meanings.json").write_text(json.dumps(known, separators=(",", ":")) + "\n")
    old = to.with_name(to.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if to.exists():
        to.rename(old)
    partial.rename(to)
    shutil.rmtree(old, ignore_errors=True)
    size = sum(f.stat().st_size for f in to.rglob("*") if f.is_file())
    print(f"exported {to}: {size / 1e6:.1f} MB", flush=True)
