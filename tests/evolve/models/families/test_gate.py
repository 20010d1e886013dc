"""What is not for painting single pictures from words is said to be that, before it is loaded."""

import shutil
from pathlib import Path

import pytest
from folders import UNET, VAE, write_json, write_pipeline, write_weights

from evolve.errors import ModelError
from evolve.models.catalog import describe
from evolve.models.families.defaults import FAMILIES, canvas_for
from evolve.models.families.gate import require_noise_alone, require_words_to_picture
from evolve.models.families.pipeline_source import call_parameters, default_cells

PART = ["diffusers", "ControlNetModel"]


@pytest.mark.parametrize(
    ("pipeline", "what"),
    [
        ("AnimateDiffPipeline", "paints videos"),
        ("WanPipeline", "paints videos"),
        ("TextToVideoSDPipeline", "paints videos"),
        ("CogVideoXVideoToVideoPipeline", "changes videos"),
        ("FluxControlPipeline", "paints after a control picture"),
        ("StableDiffusionUpscalePipeline", "changes a picture that it is given"),
        ("StableDiffusionImageVariationPipeline", "paints from something else than words"),
        ("DiTPipeline", "paints from something else than words"),
        ("AudioLDM2Pipeline", "makes sounds"),
        ("OmniGenPipeline", "encodes no prompt by itself"),
    ],
)
def test_a_model_for_something_else_is_said_to_be_that(
    tmp_path: Path, pipeline: str, what: str
) -> None:
    folder = write_pipeline(tmp_path / "model", _class_name=pipeline)
    article = "an" if pipeline[0] in "AO" else "a"
    with pytest.raises(
        ModelError, match=f"is {article} {pipeline}, which {what}.*: fancier paints single"
    ):
        describe(str(folder))


def test_a_part_for_control_pictures_and_channels_for_another_picture_tell_it_too(
    tmp_path: Path,
) -> None:
    control = write_pipeline(
        tmp_path / "control", _class_name="StableDiffusionControlNetPipeline", controlnet=PART
    )
    with pytest.raises(ModelError, match=r"control picture \(it has a part 'controlnet'\)"):
        describe(str(control))
    inpaint = write_pipeline(tmp_path / "inpaint", _class_name="StableDiffusionInpaintPipeline")
    write_json(inpaint / "unet/config.json", {**UNET, "in_channels": 9})
    with pytest.raises(ModelError, match="its denoiser sees 9 channels, where its noise has 4"):
        describe(str(inpaint))


@pytest.mark.parametrize("pipeline", sorted(FAMILIES))
def test_all_families_that_settings_are_known_for_pass(pipeline: str) -> None:
    assert {"prompt", "num_inference_steps"} <= call_parameters(pipeline).keys()
    require_words_to_picture("m", pipeline, ("transformer", "unet", "vae"))
    require_noise_alone("m", pipeline, 16, {"in_channels": 64})


def test_what_may_be_left_out_of_a_call_is_read_over_several_lines() -> None:
    taken = call_parameters("GlmImagePipeline")
    assert taken["image"]
    assert not call_parameters("StableDiffusionUpscalePipeline").get("height", False)
    assert call_parameters("NoSuchPipeline") == {}


def test_the_pixels_of_a_cell_are_those_that_a_vae_states(tmp_path: Path) -> None:
    folder = write_pipeline(tmp_path / "model")
    stated = {"scale_factor_spatial": 16, "temperal_downsample": [False] * 3, "z_dim": 4}
    for vae, scale in (
        (stated, 16),
        ({**stated, "scale_factor_spatial": None, "patch_size": 2}, 16),
        ({"latent_channels": 4, "spatial_compression_ratio": 32}, 32),
        (VAE, 8),
    ):
        write_json(folder / "vae/config.json", vae)
        assert describe(str(folder)).scale == scale


def test_a_pipeline_that_states_its_size_in_cells_of_its_vae_is_believed() -> None:
    assert default_cells("HunyuanImagePipeline") == 64  # of 32 pixels
    assert default_cells("FluxPipeline") is None
    vae = {"latent_channels": 64, "spatial_compression_ratio": 32}
    assert canvas_for("m", vae, {"in_channels": 64}, cells=64).latent == (64, 64, 64)


@pytest.mark.parametrize("single", [False, True])
def test_a_part_that_is_not_there_is_named(tmp_path: Path, single: bool) -> None:
    folder = write_pipeline(tmp_path / "model")
    name = folder
    if single:
        name = tmp_path / "model.safetensors"
        write_weights(name)
    describe(str(name))
    vocabulary = folder / "tokenizer/vocab.json"
    vocabulary.rename(vocabulary.with_name("tokenizer_config.json"))
    with pytest.raises(ModelError, match="incomplete: the vocabulary is missing in 'tokenizer'"):
        describe(str(name))
    shutil.rmtree(folder / "tokenizer")
    with pytest.raises(ModelError, match="incomplete: the folder 'tokenizer' is missing"):
        describe(str(name))
