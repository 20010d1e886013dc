"""Puts the trained parts together as one pipeline, in float32, wherever training stands."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from diffusers import (
    StableDiffusionPipeline,
    UNet2DConditionModel,
    UniPCMultistepScheduler,
)
from transformers import CLIPModel, CLIPTextConfig, CLIPTextModel

from evolve.models.portraits import WEIGHTS
from evolve.models.portraits.training.frozen import frozen_clip, frozen_vae
from evolve.models.portraits.training.learning.checkpoint import load
from evolve.models.portraits.training.networks import build_unet

FLOW_SHIFT = 3.0
"""Most steps go where most of the noise is: with so few, what a picture is to be is decided there.
Eight steps end less than half as far from what a hundred come to (`benchmarks.portraits.solvers`).
"""
STORED = torch.bfloat16
"""Precision in which weights ship and are handed over."""


def build_scheduler() -> UniPCMultistepScheduler:
    """Deterministic second-order solver of the flow's differential equation (Zhao et al. 2023)."""
    scheduler: UniPCMultistepScheduler = UniPCMultistepScheduler(
        num_train_timesteps=1000,
        solver_order=2,
        prediction_type="flow_prediction",
        use_flow_sigmas=True,
        flow_shift=FLOW_SHIFT,
        final_sigmas_type="zero",
        steps_offset=1,  # unused by flow sigmas; the pipeline warns about 0
    )
    return scheduler


def text_encoder(clip: CLIPModel) -> CLIPTextModel:
    """The CLIP's text tower as the pipeline wants it."""
    encoder: CLIPTextModel = CLIPTextModel(CLIPTextConfig(**clip.config.text_config.to_dict()))
    # Library versions differ in whether the text model's names carry a prefix.
    getattr(encoder, "text_model", encoder).load_state_dict(clip.text_model.state_dict())
    return encoder.eval()


def begun_unet(trained: Mapping[str, torch.Tensor] | None) -> UNet2DConditionModel:
    """The UNet with what was `trained`; without that the one which ships, or an untrained one."""
    unet: UNet2DConditionModel = build_unet()
    if trained is None and (WEIGHTS / "unet").exists():
        shipped = UNet2DConditionModel.from_pretrained(WEIGHTS / "unet", torch_dtype=torch.float32)
        trained = shipped.state_dict()
    if trained is not None:
        unet.load_state_dict(trained)
    return unet


def assemble(work: Path) -> StableDiffusionPipeline:
    """The pipeline in float32 from whatever has been trained so far (UNet, decoder: averages)."""
    vae, (clip, tokenizer) = frozen_vae(work), frozen_clip(work)
    if (state := load(work / "decoder.pt")) is not None:
        vae.load_state_dict(state["average"])
    unet = begun_unet((load(work / "unet.pt") or {}).get("average"))
    pipeline = StableDiffusionPipeline(
        vae=vae,
        text_encoder=text_encoder(clip),
        tokenizer=tokenizer,
        unet=unet.eval(),
        scheduler=build_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
