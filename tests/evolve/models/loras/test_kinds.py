"""What is no plain LoRA is refused by the name of what it is, and nothing is left out silently."""

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from evolve.errors import ModelError
from evolve.models.catalog import describe
from evolve.models.loras import places
from evolve.models.loras.attaching import attach
from evolve.models.loras.kinds import require_plain
from evolve.models.loras.lora_file import read_lora

KOHYA = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"
LAYER = "down_blocks.0.attentions.0.transformer_blocks.0.attn1"
HALVES = [f"{KOHYA}.lora_down.weight", f"{KOHYA}.lora_up.weight"]


@pytest.mark.parametrize(
    ("tensors", "what"),
    [
        (["a.hada_w1_a", "a.hada_w1_b"], "a LoHa"),
        (["a.lokr_w1", "a.lokr_w2_a"], "a LoKr"),
        (["a.weight", "a.on_input"], "an IA3"),
        (["a.oft_blocks", "a.alpha"], "an OFT"),
        (["base_model.model.a.boft_R"], "an OFT"),
        (["base_model.vera_A", "base_model.vera_B"], "a VeRA"),
        ([*HALVES, f"{KOHYA}.dora_scale"], "a DoRA"),
        (["a.lora_A.weight", "a.lora_B.weight", "a.lora_magnitude_vector"], "a DoRA"),
        (["a.lora_down.weight", "a.lora_mid.weight", "a.lora_up.weight"], "a LoCon with a core"),
        ([*HALVES, f"{KOHYA}.diff_b"], "changes of whole layers"),
        ([*HALVES, "lora_unet_conv_norm_out.w_norm"], "changes of whole layers"),
        (["a.lora_A.weight", "a.lora_B.weight", "a.lora_B.bias"], "biases of LoRA layers"),
        ([*HALVES, "bundle_emb.cat.string_to_param.*"], "embeddings of words"),
        (["emb_params"], "embeddings of words"),
        (["model.diffusion_model.input_blocks.0.0.weight"], "weights of a whole model"),
        (["lora_controlnet", "input_hint_block.0.weight"], "a network for control pictures"),
        (["a.a1.weight", "a.b1.weight"], "a GLoRA"),
        ([*HALVES, f"{KOHYA}.reason"], "more than a LoRA, 1 tensors such as"),
    ],
)
def test_what_is_no_plain_lora_is_called_by_its_name(tensors: list[str], what: str) -> None:
    with pytest.raises(ModelError, match=f"'x.safetensors' holds {what}"):
        require_plain("x.safetensors", tensors)


@pytest.mark.parametrize(
    "half", [*HALVES, "unet.a.lora_B.weight", "a.processor.to_q_lora.up.weight"]
)
def test_a_half_without_the_other_is_damage(half: str) -> None:
    with pytest.raises(ModelError, match=r"is damaged: it has '.*' without '.*(down|up|_A)"):
        require_plain("x.safetensors", [half])


@pytest.mark.parametrize(
    ("down", "up"),
    [
        HALVES,
        ("unet.a.lora_A.default.weight", "unet.a.lora_B.default.weight"),
        ("blocks.0.qkv_lora1.down.weight", "blocks.0.qkv_lora1.up.weight"),
        ("text_encoder.a.lora_linear.down.weight", "text_encoder.a.lora_linear.up.weight"),
        ("a.to_q.lora.down.weight", "a.to_q.lora.up.weight"),
    ],
)
def test_the_dialects_of_loras_are_known(down: str, up: str) -> None:
    require_plain("x.safetensors", [down, up, "a.alpha"])


def test_what_was_saved_of_a_denoiser_alone_in_earlier_years_is_its_own(
    pipeline: Any, tmp_path: Path
) -> None:
    down, up = torch.randn(3, 16), torch.randn(16, 3)
    halves = {"down": down, "up": up}
    old = {f"{LAYER}.processor.to_q_lora.{k}.weight": half for k, half in halves.items()}
    save_file(old, tmp_path / "old.safetensors")
    layers = read_lora(pipeline, tmp_path / "old.safetensors")
    assert list(layers) == [f"unet.{LAYER}.to_q"]
    attach(copy.deepcopy(pipeline), [tmp_path / "old.safetensors"])


@pytest.mark.parametrize(
    ("half", "alpha", "message"),
    [
        (torch.full((3, 16), torch.nan), torch.tensor(1.0), "is damaged: its layer .* no numbers"),
        (torch.zeros(0, 16), torch.tensor(1.0), "is damaged: its layer .* holds no numbers"),
        (torch.ones(3, 16, dtype=torch.int8), torch.tensor(1.0), "has whole numbers in its layer"),
        (
            torch.zeros(3, 16),
            torch.ones(4),
            "is damaged: '.*alpha' is not one number",
        ),
    ],
)
def test_numbers_that_mean_nothing_are_refused(
    pipeline: Any, tmp_path: Path, half: torch.Tensor, alpha: torch.Tensor, message: str
) -> None:
    file = tmp_path / "odd.safetensors"
    made = {HALVES[0]: half, HALVES[1]: torch.zeros(16, len(half)), f"{KOHYA}.alpha": alpha}
    save_file(made, file)
    with pytest.raises(ModelError, match=message):
        read_lora(pipeline, file)


def test_a_folder_with_one_lora_is_that_lora(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(places.FOLDER, str(tmp_path))
    folder = tmp_path / "training"
    folder.mkdir()
    with pytest.raises(ModelError, match=r"no LoRA in folder '.*training': name a"):
        places.here(str(folder))
    file = folder / "pytorch_lora_weights.safetensors"
    save_file({"a": torch.zeros(1)}, file)
    assert places.here(str(folder)) == file
    save_file({"a": torch.zeros(1)}, folder / "another.safetensors")
    more = r"2 LoRAs in folder '.*' \(another.safetensors, pytorch_lora_weights.safetensors\): name"
    with pytest.raises(ModelError, match=more):
        places.here(str(folder))
    with pytest.raises(ModelError, match=r"'strong' is not the weight of a LoRA: use a number"):
        places.here(f"{folder}:strong")
    assert places.here("owner/name") is None


def test_what_is_no_plain_lora_is_refused_before_anything_is_created(tmp_path: Path) -> None:
    file = tmp_path / "x.safetensors"
    save_file({"lora_unet_a.hada_w1_a": torch.zeros(2, 2)}, file)
    with pytest.raises(ModelError, match=r"'x.safetensors' holds a LoHa"):
        describe(f"portraits+{file}")
