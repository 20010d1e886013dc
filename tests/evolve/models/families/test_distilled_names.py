"""Names of files as their makers published them: which paint in a few steps, and in how many."""

from pathlib import Path

import pytest
from folders import write_json, write_lora, write_pipeline

from evolve.models.catalog import describe
from evolve.models.families.defaults import settings_for
from evolve.models.families.distilled_names import (
    is_distilled_lora,
    is_distilled_model,
    keeps_guidance,
    named_steps,
)
from evolve.models.families.noise_schedule import TRAILING

MODELS: dict[str, int | None] = {  # None: no distilled model
    "stabilityai/sd-turbo": 4,
    "stabilityai/sdxl-turbo": 4,
    "sd_xl_turbo_1.0_fp16.safetensors": 4,
    "stabilityai/stable-diffusion-3.5-large-turbo": 4,
    "sd3.5_large_turbo.safetensors": 4,
    "sdxl_lightning_4step.safetensors": 4,
    "sdxl_lightning_8step.safetensors": 8,
    "sdxl_lightning_2step_unet.safetensors": 2,
    "SG161222/RealVisXL_V4.0_Lightning": 4,
    "juggernautXL_v9Rdphoto2Lightning.safetensors": 4,
    "dreamshaperXL_v21TurboDPMSDE.safetensors": 4,
    "realisticVisionV60B1_v51HyperVAE.safetensors": 4,
    "SimianLuo/LCM_Dreamshaper_v7": 4,
    "black-forest-labs/FLUX.1-schnell": 4,
    "flux1-schnell.safetensors": 4,
    "black-forest-labs/FLUX.2-klein-4B": 4,
    "lodestones/Chroma1-Flash": 4,
    "Efficient-Large-Model/Sana_Sprint_1.6B_1024px_diffusers": 4,
    "tianweiy/DMD2": 4,
    "stabilityai/stable-diffusion-xl-base-1.0": None,
    "sd_xl_base_1.0.safetensors": None,
    "v1-5-pruned-emaonly.safetensors": None,
    "black-forest-labs/FLUX.1-dev": None,
    "black-forest-labs/FLUX.2-klein-base-4B": None,
    "nyanko7/flux-dev-de-distill": None,
    "hyperion_v1.safetensors": None,
    "hyperrealism_v3.safetensors": None,
    "stabilityai/sdxl-turbo@5f0ad2a1de9d1e4b8b1e1c8e5e1a": 4,
}
LORAS: dict[str, int | None] = {
    "latent-consistency/lcm-lora-sdv1-5": 4,
    "latent-consistency/lcm-lora-sdxl": 4,
    "sdxl_lightning_2step_lora.safetensors": 2,
    "sdxl_lightning_4step_lora.safetensors": 4,
    "sdxl_lightning_8step_lora.safetensors": 8,
    "Hyper-SD15-1step-lora.safetensors": 1,
    "Hyper-SDXL-8steps-lora.safetensors": 8,
    "Hyper-SDXL-12steps-CFG-lora.safetensors": 12,
    "Hyper-SD3-4steps-CFG-lora.safetensors": 4,
    "Hyper-FLUX.1-dev-8steps-lora.safetensors": 8,
    "alimama-creative/FLUX.1-Turbo-Alpha": 4,
    "dmd2_sdxl_4step_lora.safetensors": 4,
    "dmd2_sdxl_4step_lora_fp16.safetensors": 4,
    "h1t/TCD-SDXL-LoRA": 4,
    "pcm_sdxl_smallcfg_2step_converted.safetensors": 2,
    "sd_xl_turbo_lora_v1.safetensors": 4,
    "Qwen-Image-Lightning-4steps-V1.0.safetensors": 4,
    "Qwen-Image-Lightning-8steps-V1.1-bf16.safetensors": 8,
    "jasperai/flash-sdxl": 4,
    "jasperai/flash-pixart": 4,
    "LightningStrike_style.safetensors": None,  # styles, of which the words mean something else
    "lightning_mcqueen.safetensors": None,
    "the_flash_dc.safetensors": None,
    "flash-photography-v2.safetensors": None,
    "turbo_granny.safetensors": None,
    "hyperrealism-flux.safetensors": None,
    "add-detail-xl.safetensors": None,
    "pixel-art-xl.safetensors": None,
}


@pytest.mark.parametrize(("name", "steps"), MODELS.items())
def test_published_models(name: str, steps: int | None) -> None:
    assert is_distilled_model(name) == (steps is not None)
    settings = settings_for(name, "StableDiffusionXLPipeline", {}, {}, {})
    wanted = (30, 6.0, "dpm++") if steps is None else (steps, 1.0, "euler")
    assert (settings.steps, settings.guidance_scale, settings.sampler) == wanted


@pytest.mark.parametrize(("name", "steps"), LORAS.items())
def test_published_loras(name: str, steps: int | None) -> None:
    assert is_distilled_lora(name) == (steps is not None)
    if steps is not None:
        assert (named_steps(name) or 4) == steps
    assert keeps_guidance(name) == ("-CFG-" in name)


@pytest.mark.parametrize(
    ("lora", "denoiser", "expected"),
    [
        ("sdxl_lightning_8step_lora", {}, (8, 1.0)),
        ("Hyper-SDXL-12steps-CFG-lora", {}, (12, 7.5)),
        ("Hyper-FLUX.1-dev-8steps-lora", {"guidance_embeds": True}, (8, 7.5)),
        ("lightning_mcqueen", {}, (25, 7.5)),
    ],
)
def test_founders_start_as_the_lora_wants_it(
    tmp_path: Path, lora: str, denoiser: dict[str, bool], expected: tuple[int, float]
) -> None:
    folder = write_pipeline(tmp_path / "model")
    config = {"in_channels": 4, "sample_size": 64, "block_out_channels": [32] * 4, **denoiser}
    write_json(folder / "unet/config.json", config)
    file = tmp_path / f"{lora}.safetensors"
    write_lora(file)
    card = describe(f"{folder}+{file}")
    assert (card.settings.steps, card.settings.guidance_scale) == expected
    assert (card.schedule == TRAILING) == (expected[0] < 25)


def test_one_that_halves_its_steps_keeps_its_own() -> None:
    name = "Tencent-Hunyuan/HunyuanDiT-v1.2-Diffusers-Distilled"
    assert settings_for(name, "HunyuanDiTPipeline", {}, {}, {}).steps == 30
