"""Models in one file."""

import shutil
from pathlib import Path

import ldm
import pytest
import torch
from folders import write_json, write_lora, write_weights
from hub import Hub
from safetensors.torch import load_file, save_file
from tiny import stable_diffusion

from evolve.errors import ModelError
from evolve.models.catalog import describe
from evolve.models.hub.fetch import fetch_missing
from evolve.models.loading import load_model
from evolve.rendering.pipeline.samplers import make_sampler


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `tiny.safetensors`, and `tiny/` with its configuration."""
    folder = tmp_path_factory.mktemp("single")
    pipeline = stable_diffusion()
    ldm.write(pipeline, folder / "tiny.safetensors")
    pipeline.save_pretrained(folder / "tiny")
    for weights in (folder / "tiny").rglob("*.safetensors"):
        weights.unlink()
    return folder


def test_a_single_file_is_read_with_the_configuration_beside_it(written: Path) -> None:
    file = written / "tiny.safetensors"
    card = describe(str(file))
    assert (card.kind, card.name, card.latent) == ("file", str(file), (4, 8, 8))
    assert card.bytes == file.stat().st_size
    loaded = load_model(str(file), device="cpu").pipeline
    made = stable_diffusion()
    for part in ("unet", "vae", "text_encoder"):
        mine, theirs = getattr(loaded, part).state_dict(), getattr(made, part).state_dict()
        for name, tensor in theirs.items():
            assert torch.equal(mine[name].float(), tensor.to(mine[name].dtype).float()), name


def test_without_one_beside_it_the_configuration_comes_from_the_hub(
    written: Path, hub: Hub, tmp_path: Path
) -> None:
    file = tmp_path / "tiny.safetensors"
    shutil.copy(written / "tiny.safetensors", file)
    with pytest.raises(ModelError, match="needs the configuration of stable-diffusion-v1-5/") as e:
        describe(str(file))
    assert f"'fancier models --get {file}'" in str(e.value)
    # The repository there has weights too, which nobody needs here.
    folder = Path(shutil.copytree(written / "tiny", tmp_path / "published"))
    for part, name in (("unet", "diffusion_pytorch_model"), ("vae", "diffusion_pytorch_model")):
        write_weights(folder / part / f"{name}.safetensors")
    write_weights(folder / "text_encoder/model.safetensors")
    hub.add("stable-diffusion-v1-5/stable-diffusion-v1-5", folder)
    fetch_missing(str(file), lambda fetched: None)
    assert not [path for _, path, _ in hub.asked if path.endswith(".safetensors")]
    assert describe(str(file)).latent == (4, 8, 8)


@pytest.mark.parametrize(
    ("name", "marks", "expected"),
    [
        ("tiny", (), ("epsilon", False, None)),
        ("tiny", ("v_pred", "ztsnr"), ("v_prediction", True, "trailing")),
        ("tiny-v-pred", (), ("v_prediction", False, None)),
        ("tiny_turbo_fp16", (), ("epsilon", False, "trailing")),
    ],
)
def test_a_file_that_says_how_it_was_trained_is_painted_so(
    written: Path,
    tmp_path: Path,
    name: str,
    marks: tuple[str, ...],
    expected: tuple[str, bool, str | None],
) -> None:
    """As A1111 and ComfyUI read them: empty tensors, for there is no configuration in the file."""
    file = tmp_path / f"{name}.safetensors"
    tensors = load_file(written / "tiny.safetensors")
    save_file({**tensors, **{mark: torch.zeros(0) for mark in marks}}, file)
    shutil.copytree(written / "tiny", tmp_path / name)
    scheduler = load_model(str(file), device="cpu").pipeline.scheduler
    prediction, no_signal, spacing = expected
    for sampler in (scheduler, make_sampler(scheduler, "euler"), make_sampler(scheduler, "deis")):
        assert sampler.config.prediction_type == prediction
        assert sampler.config.timestep_spacing == (spacing or "leading")
        assert (float(sampler.alphas_cumprod[-1]) < 1e-6) == no_signal


def test_a_lora_that_distils_starts_with_few_steps_from_pure_noise(
    written: Path, tmp_path: Path
) -> None:
    lora = tmp_path / "lcm-lora-sdv1-5.safetensors"
    write_lora(lora)
    card = describe(f"{written / 'tiny.safetensors'}+{lora}:0.9")
    assert (card.settings.steps, card.settings.guidance_scale, card.settings.lora) == (4, 1, 0.9)
    assert card.schedule == {"timestep_spacing": "trailing"}


def test_pickles_beside_its_configuration_are_refused(written: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(written, tmp_path / "copy"))
    (copy / "tiny/text_encoder/pytorch_model.bin").write_bytes(b"code")
    with pytest.raises(ModelError, match=r"pickles in .*text_encoder"):
        load_model(str(copy / "tiny.safetensors"), device="cpu")


def test_a_lora_is_not_taken_for_a_model(tmp_path: Path) -> None:
    save_file({"lora_unet_x.lora_down.weight": torch.zeros(2, 2)}, tmp_path / "l.safetensors")
    with pytest.raises(ModelError, match=r"is a LoRA: name the model it belongs to"):
        describe(str(tmp_path / "l.safetensors"))


@pytest.mark.parametrize("name", ["a", "model.diffusion_model.blocks.0.attn.weight"])
def test_a_file_of_no_known_kind_gets_advice(tmp_path: Path, name: str) -> None:
    """diffusers would take it for the first kind."""
    save_file({name: torch.zeros(2, 2)}, tmp_path / "any.safetensors")
    with pytest.raises(ModelError, match=r"put a folder with its configuration .* named 'any'"):
        describe(str(tmp_path / "any.safetensors"))
    write_json(tmp_path / "any.json", {})
    with pytest.raises(ModelError, match=r"is not a \.safetensors file"):
        describe(str(tmp_path / "any.json"))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("emb_params", "embeddings of words"),
        ("control_model.input_hint_block.0.weight", "a ControlNet"),
        ("ip_adapter.1.to_k_ip.weight", "an IP adapter"),
        ("model.1.sub.0.RDB1.conv1.0.weight", "an upscaler"),
        ("decoder.up_blocks.0.resnets.0.conv1.weight", "a VAE alone"),
        ("text_model.embeddings.token_embedding.weight", "a text encoder alone"),
        ("down_blocks.0.resnets.0.conv1.weight", "a UNet alone"),
        ("model.diffusion_model.patch_embedding.weight", "a model of videos"),
    ],
)
def test_what_is_no_model_is_called_by_its_name(tmp_path: Path, name: str, what: str) -> None:
    file = tmp_path / "x.safetensors"
    save_file({name: torch.zeros(2, 2)}, file)
    with pytest.raises(ModelError, match=f"holds {what}: name the file of a whole model"):
        describe(str(file))


def test_a_file_of_scaled_weights_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.safetensors"
    eight = torch.zeros(2, 2).to(torch.float8_e4m3fn)
    names = ("model.diffusion_model.img_in.weight", "model.diffusion_model.img_in.scale_weight")
    save_file({name: eight.clone() for name in names}, file)
    with pytest.raises(ModelError, match="has quantised weights without a configuration"):
        describe(str(file))
