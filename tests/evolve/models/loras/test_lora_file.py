"""Files of LoRAs: their layers are found by any name, and what does not fit is refused."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from lora_tensors import ATTENTION, LAYERS, RANK, matrices, ones, saved
from safetensors.torch import save_file

from evolve.errors import ModelError
from evolve.models.loras.attaching import attach
from evolve.models.loras.lora_file import read_lora


def test_a_stabilised_lora_is_scaled_by_the_root_of_its_rank(pipeline: Any, tmp_path: Path) -> None:
    stated = {"lora_alpha": 2.0, "use_rslora": True, "alpha_pattern": {"conv1": 6.0}}
    header = {"lora_adapter_metadata": json.dumps({f"unet.{k}": v for k, v in stated.items()})}
    layers = read_lora(pipeline, saved(tmp_path, matrices(pipeline), header))
    scales = {path: round(change.scale, 6) for path, change in layers.items()}
    assert scales[f"unet.{ATTENTION}.to_q"] == round(2 / RANK**0.5, 6)
    assert scales["unet.down_blocks.0.resnets.0.conv1"] == round(6 / RANK**0.5, 6)
    assert scales["text_encoder.encoder.layers.0.self_attn.q_proj"] == 1


def test_a_lora_that_peft_saved_of_the_denoiser_alone(pipeline: Any, tmp_path: Path) -> None:
    path = LAYERS[0].removeprefix("unet.")
    tensors = {
        key.replace("unet.", "base_model.model."): tensor
        for key, tensor in matrices(pipeline, LAYERS[:1]).items()
    }
    file = tmp_path / "adapter_model.safetensors"
    save_file(tensors, file)
    (tmp_path / "adapter_config.json").write_text(json.dumps({"lora_alpha": 12, "r": RANK}))
    assert read_lora(pipeline, file)[f"unet.{path}"].scale == 12 / RANK


# Published files say `text_model`, which transformers has dropped for most classes.
SPELLINGS = {
    "diffusers": ("unet.{path}", "text_encoder.text_model.{path}", "A", "B"),
    "kohya": ("lora_unet_{flat}", "lora_te_text_model_{flat}", "down", "up"),
    "kohya, text encoders by number": (
        "lora_unet_{flat}",
        "lora_te1_text_model_{flat}",
        "down",
        "up",
    ),
    "OneTrainer": ("lora_transformer_{flat}", "lora_te_text_model_{flat}", "down", "up"),
    "LyCORIS": ("lycoris_{flat}", "lora_te_{flat}", "down", "up"),
    "ComfyUI": ("diffusion_model.{path}", "text_encoder.{path}", "A", "B"),
    "paths with halves of kohya": ("unet.{path}", "text_encoder.text_model.{path}", "down", "up"),
    "paths alone": ("{path}", "lora_te_text_model_{flat}", "down", "up"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_layers_are_found_whatever_a_trainer_writes_around_their_names(
    pipeline: Any, tmp_path: Path, spelling: str
) -> None:
    unet, text, *halves = SPELLINGS[spelling]
    made, named = matrices(pipeline), {}
    for path in LAYERS:
        part, _, inner = path.partition(".")
        name = (unet if part == "unet" else text).format(path=inner, flat=inner.replace(".", "_"))
        for half, its in zip("AB", halves, strict=True):
            named[f"{name}.lora_{its}.weight"] = made[f"{path}.lora_{half}.weight"]
        named[f"{name}.alpha"] = torch.tensor(2.0 * RANK)
    file = saved(tmp_path, named)
    layers = read_lora(pipeline, file)
    found = {path.replace("text_model.", ""): change for path, change in layers.items()}
    assert set(found) == set(LAYERS)
    for path, change in found.items():
        down, up = (made[f"{path}.lora_{half}.weight"].flatten(1) for half in "AB")
        total = change.scale * change.up.flatten(1) @ change.down.flatten(1)
        torch.testing.assert_close(total, 2.0 * up @ down)
    attach(copy.deepcopy(pipeline), [file])


class Parts:
    """A pipeline without diffusers' loader."""

    def __init__(self, **components: torch.nn.Module) -> None:
        self.components = components
        vars(self).update(components)


class Dropping(Parts):
    """A pipeline whose loader silently drops what is not for the UNet, as diffusers' may."""

    @staticmethod
    def lora_state_dict(tensors: Any, **options: Any) -> Any:
        return {name: each for name, each in tensors.items() if name.startswith("unet")}, {}


def test_models_for_which_diffusers_reads_no_lora_take_those_that_name_their_layers(
    pipeline: Any, tmp_path: Path
) -> None:
    plain = Parts(unet=pipeline.unet, text_encoder=pipeline.text_encoder)
    assert set(read_lora(plain, saved(tmp_path, matrices(pipeline)))) == set(LAYERS)
    with pytest.raises(ModelError, match=r"was made for another model: a .* has no layer a"):
        read_lora(plain, saved(tmp_path, ones("a")))


@pytest.mark.parametrize("begin", ["lora_te3_", "text_encoders.t5xxl.transformer."])
def test_text_encoders_that_diffusers_leaves_out_are_read_or_named(
    pipeline: Any, tmp_path: Path, begin: str
) -> None:
    t5 = torch.nn.ModuleDict({"block": torch.nn.Linear(4, 4, bias=False)})
    flux = Dropping(unet=pipeline.unet, text_encoder=pipeline.text_encoder, text_encoder_2=t5)
    made = {**matrices(pipeline, LAYERS[:1]), **ones(f"{begin}block", ("down", "up"))}
    layers = read_lora(flux, saved(tmp_path, made))
    assert set(layers) == {LAYERS[0], "text_encoder_2.block"}
    for other in (f"{begin}elsewhere", "lora_te2_block"):  # the second is the third here
        named = other.rpartition("_")[2].rpartition(".")[2]
        with pytest.raises(ModelError, match=rf"its layer .*{named} is in no text encoder"):
            read_lora(flux, saved(tmp_path, {**made, **ones(other, ("down", "up"))}))


@pytest.mark.parametrize(
    "name",
    [
        "text_encoders.t5xxl.encoder.block.0.layer.0.SelfAttention.q",
        "text_encoders.qwen25_7b.model.layers.0.mlp.up_proj",
        "text_encoder.elsewhere",
        "text_encoder_2.encoder.elsewhere",
    ],
)
def test_a_layer_of_a_text_encoder_that_is_not_there_is_named(
    pipeline: Any, tmp_path: Path, name: str
) -> None:
    dropping = Dropping(unet=pipeline.unet, text_encoder=pipeline.text_encoder)
    file = saved(tmp_path, {**matrices(pipeline, LAYERS[:1]), **ones(name)})
    with pytest.raises(ModelError, match=rf"its layer {re.escape(name)} is in no text encoder"):
        read_lora(dropping, file)


def test_a_lora_of_which_diffusers_leaves_nothing_is_refused(pipeline: Any, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not know: its layer unknown"):
        read_lora(Dropping(unet=pipeline.unet), saved(tmp_path, ones("strange")))


def test_a_header_that_states_nonsense_is_refused(pipeline: Any, tmp_path: Path) -> None:
    for stated in ('{"unet.lora_alpha": "strong"}', "[1]", '{"unet.lora_alpha": 1e999}'):
        file = saved(tmp_path, matrices(pipeline), {"lora_adapter_metadata": stated})
        with pytest.raises(ModelError, match=r"'style.safetensors' (does not say|is damaged)"):
            read_lora(pipeline, file)


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({"unet.nowhere.to_q.lora_A.weight": (3, 16)}, "was made for another model: its layer"),
        ({f"unet.{ATTENTION}.to_q.lora_A.weight": (3, 9)}, "its layer 'unet.down_blocks.0"),
        ({f"unet.{ATTENTION}.to_q.dora_scale": (3, 9)}, "holds a DoRA"),
        ({"unet.conv_in.lora_magnitude": (3,)}, "is not a LoRA that fancier knows"),
    ],
)
def test_what_does_not_fit_is_refused(
    pipeline: Any, tmp_path: Path, tensors: dict[str, tuple[int, ...]], message: str
) -> None:
    made = {name: torch.zeros(shape) for name, shape in tensors.items()}
    ups = {n.replace("lora_A", "lora_B"): torch.zeros(16, 3) for n in made if "lora_A" in n}
    with pytest.raises(ModelError, match=message):
        attach(copy.deepcopy(pipeline), [saved(tmp_path, {**made, **ups})])


@pytest.mark.parametrize(
    ("down", "up"),
    [((3, 16, 3, 3), (16, 3)), ((3, 16, 1, 1), (16, 3, 1, 1)), ((3, 16, 3, 3), (16, 3, 3, 3))],
)
def test_what_would_only_fail_while_painting_is_refused(
    pipeline: Any, tmp_path: Path, down: tuple[int, ...], up: tuple[int, ...]
) -> None:
    layer = "unet.down_blocks.0.resnets.0.conv1"
    made = {f"{layer}.lora_{half}.weight": torch.ones(of) for half, of in (("A", down), ("B", up))}
    with pytest.raises(ModelError, match=f"its layer '{layer}' does not fit"):
        attach(copy.deepcopy(pipeline), [saved(tmp_path, made)])
