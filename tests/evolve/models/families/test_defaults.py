"""Defaults and shapes, guessed from configurations as the makers of models publish them."""

from typing import Any

import pytest

from evolve.errors import ModelError
from evolve.models.families.defaults import LatentCanvas, canvas_for, settings_for

EULER = {"_class_name": "EulerDiscreteScheduler", "timestep_spacing": "leading"}
TRAILING = {"_class_name": "EulerDiscreteScheduler", "timestep_spacing": "trailing"}
FLOW = {"_class_name": "FlowMatchEulerDiscreteScheduler"}
LCM = {"_class_name": "LCMScheduler"}


@pytest.mark.parametrize(
    ("name", "pipeline", "denoiser", "scheduler", "expected"),
    [
        ("o/sd-v1-5", "StableDiffusionPipeline", {}, EULER, (25, 7.5, "dpm++")),
        ("o/sd-turbo", "StableDiffusionPipeline", {}, TRAILING, (4, 1.0, "euler")),
        ("o/renamed", "StableDiffusionXLPipeline", {}, TRAILING, (4, 1.0, "euler")),
        ("o/sdxl-lightning", "StableDiffusionXLPipeline", {}, EULER, (4, 1.0, "euler")),
        ("o/sdxl-base-1.0", "StableDiffusionXLPipeline", {}, EULER, (30, 6.0, "dpm++")),
        ("o/a-fine-tune", "StableDiffusionPipeline", {}, LCM, (4, 1.0, "euler")),
        (
            "o/dreamshaper-7",
            "LatentConsistencyModelPipeline",
            {"time_cond_proj_dim": 256},
            LCM,
            (4, 8.5, "euler"),
        ),
        ("o/FLUX.1-dev", "FluxPipeline", {"guidance_embeds": True}, FLOW, (28, 3.5, "euler")),
        ("o/FLUX.1-s", "FluxPipeline", {"guidance_embeds": False}, FLOW, (4, 1.0, "euler")),
        ("o/Z-Image-Turbo", "ZImagePipeline", {}, FLOW, (8, 1.0, "euler")),
        ("o/Z-Image", "ZImagePipeline", {}, FLOW, (28, 4.0, "euler")),
        ("o/FLUX.2-klein-4B", "Flux2KleinPipeline", {}, FLOW, (4, 1.0, "euler")),
        ("o/FLUX.2-klein-base-4B", "Flux2KleinPipeline", {}, FLOW, (28, 4.0, "euler")),
        (
            "o/Sana_Sprint_0.6B",
            "SanaSprintPipeline",
            {"guidance_embeds": True},
            {"_class_name": "SCMScheduler"},
            (2, 4.5, "euler"),
        ),
        ("o/unheard-of", "BrandNewPipeline", {}, FLOW, (28, 5.0, "euler")),
        (
            "/models/my-turbo.safetensors",
            "FluxPipeline",
            {"guidance_embeds": True},
            FLOW,
            (4, 3.5, "euler"),
        ),
    ],
)
def test_founders_get_what_suits_the_model(
    name: str,
    pipeline: str,
    denoiser: dict[str, Any],
    scheduler: dict[str, Any],
    expected: tuple[int, float, str],
) -> None:
    settings = settings_for(name, pipeline, denoiser, scheduler, {})
    assert (settings.steps, settings.guidance_scale, settings.sampler) == expected


@pytest.mark.parametrize(
    ("vae", "denoiser", "expected"),
    [
        (  # Stable Diffusion 1.5
            {"latent_channels": 4, "block_out_channels": [128, 256, 512, 512]},
            {"sample_size": 64, "block_out_channels": [320, 640, 1280, 1280]},
            LatentCanvas((4, 64, 64), 8, 64),
        ),
        (  # FLUX.1
            {"latent_channels": 16, "block_out_channels": [128, 256, 512, 512]},
            {"in_channels": 64},
            LatentCanvas((16, 128, 128), 8, 16),
        ),
        (  # Sana
            {"latent_channels": 32, "encoder_block_out_channels": [128, 256, 512, 512, 1024, 1024]},
            {"sample_size": 32, "in_channels": 32},
            LatentCanvas((32, 32, 32), 32, 64),
        ),
        (  # Qwen-Image
            {"z_dim": 16, "temperal_downsample": [False, True, True]},
            {"in_channels": 64},
            LatentCanvas((16, 128, 128), 8, 16),
        ),
    ],
)
def test_the_canvas_follows_from_the_configurations(
    vae: dict[str, Any], denoiser: dict[str, Any], expected: LatentCanvas
) -> None:
    assert canvas_for("m", vae, denoiser) == expected


def test_a_vae_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ModelError, match="model 'm' has a VAE of an unknown kind"):
        canvas_for("m", {"_class_name": "AudioVAE"}, {})
