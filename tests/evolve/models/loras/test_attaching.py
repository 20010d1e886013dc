"""A LoRA whose weight is a gene: every genome of a batch is painted with its own."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from crowds import finished, forwards, paint
from safetensors.torch import save_file
from tiny import face, save, stable_diffusion

from evolve.errors import GenomeError, ModelError
from evolve.genome import Genome, Prompt
from evolve.genome.noise import stream
from evolve.genome.settings import GENES, Settings
from evolve.models.loading import LoadedModel, load_model
from evolve.models.loras import attaching
from evolve.models.loras.attaching import attach
from evolve.models.loras.lora_file import read_lora
from evolve.search.operators import cross_slerp, mutate_settings

ATTENTION = "down_blocks.0.attentions.0.transformer_blocks.0.attn1"
LAYERS = (
    f"unet.{ATTENTION}.to_q",
    f"unet.{ATTENTION}.to_out.0",
    "unet.down_blocks.0.resnets.0.conv1",
    "unet.up_blocks.0.resnets.0.time_emb_proj",
    "text_encoder.encoder.layers.0.self_attn.q_proj",
)
RANK = 3


def layer(pipeline: Any, path: str) -> torch.nn.Module:
    part, _, inner = path.partition(".")
    found: torch.nn.Module = getattr(pipeline, part).get_submodule(inner)
    return found


def matrices(pipeline: Any, paths: tuple[str, ...] = LAYERS) -> dict[str, torch.Tensor]:
    """Return random LoRA matrices for the layers, large enough to be seen."""
    draw = torch.Generator().manual_seed(3)
    tensors = {}
    for path in paths:
        weight = layer(pipeline, path).weight
        down = torch.randn(RANK, *weight.shape[1:], generator=draw) * 0.3
        up = torch.randn(weight.shape[0], RANK, *[1] * (weight.ndim - 2), generator=draw) * 0.3
        tensors[f"{path}.lora_A.weight"], tensors[f"{path}.lora_B.weight"] = down, up
    return tensors


def merged(pipeline: Any, tensors: Mapping[str, torch.Tensor], weight: float) -> Any:
    """Return a pipeline with the LoRA added to its weights, as one would without rows."""
    changed = copy.deepcopy(pipeline)
    for path in LAYERS:
        down, up = tensors[f"{path}.lora_A.weight"], tensors[f"{path}.lora_B.weight"]
        change = (up.flatten(1) @ down.flatten(1)).view_as(layer(changed, path).weight)
        layer(changed, path).weight.data += weight * change
    return changed


def forward(pipeline: Any, rows: int) -> torch.Tensor:
    draw = torch.Generator().manual_seed(1)
    with torch.no_grad():
        output: torch.Tensor = pipeline.unet(
            torch.randn(rows, 4, 8, 8, generator=draw),
            torch.full((rows,), 500.0),
            torch.randn(rows, 5, 16, generator=draw),
        ).sample
    return output


def ones(layer: str, halves: Sequence[str] = "AB") -> dict[str, torch.Tensor]:
    """Return matrices for a layer of four numbers."""
    return {f"{layer}.lora_{half}.weight": torch.ones(4, 4) for half in halves}


def saved(
    folder: Path, tensors: Mapping[str, torch.Tensor], metadata: dict[str, str] | None = None
) -> Path:
    """Write a LoRA; return its file."""
    save_file(dict(tensors), file := folder / "style.safetensors", metadata=metadata)
    return file


@pytest.fixture(scope="module")
def pipeline() -> Any:
    return stable_diffusion()


@pytest.fixture
def lora_file(pipeline: Any, tmp_path: Path) -> Path:
    return saved(tmp_path, matrices(pipeline))


def test_each_row_has_its_own_weight(pipeline: Any, lora_file: Path) -> None:
    weights = [0.0, 0.3, 1.0, 1.7]
    expected = [
        forward(merged(pipeline, matrices(pipeline), weight), 4)[row]
        for row, weight in enumerate(weights)
    ]
    with_lora = copy.deepcopy(pipeline)
    with attach(with_lora, [lora_file]).at([(weight,) for weight in weights]):
        rows = forward(with_lora, 4)
    torch.testing.assert_close(rows, torch.stack(expected), rtol=1e-4, atol=1e-4)
    assert (rows[2] - forward(pipeline, 4)[2]).abs().mean() > 0.01


def test_weights_are_sent_to_the_device_once_for_all_layers(
    pipeline: Any, lora_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies: list[torch.Tensor] = []

    def noted(here: torch.Tensor, device: torch.device) -> torch.Tensor:
        copies.append(here)
        return here.to(device)

    monkeypatch.setattr(attaching, "sent", noted)
    with_lora = copy.deepcopy(pipeline)
    loras = attach(with_lora, [lora_file])
    for weights in ([0.3, -0.5], [1.0, 2.0]):
        with loras.at([(weight,) for weight in weights]):
            forward(with_lora, 2)
    assert [each.tolist() for each in copies] == [pytest.approx([0.3, -0.5]), [1.0, 2.0]]


def test_a_weight_of_zero_is_the_model_without_it(pipeline: Any, lora_file: Path) -> None:
    with_lora = copy.deepcopy(pipeline)
    attach(with_lora, [lora_file])
    assert torch.equal(forward(with_lora, 2), forward(pipeline, 2))


def test_the_text_encoder_is_changed_too(pipeline: Any, lora_file: Path) -> None:
    with_lora = copy.deepcopy(pipeline)
    lora = attach(with_lora, [lora_file])
    ids = torch.tensor([[3, 4, 5]])
    plain = pipeline.text_encoder(ids).last_hidden_state
    with lora.at([(1.0,)]):
        changed = with_lora.text_encoder(ids).last_hidden_state
    expected = merged(pipeline, matrices(pipeline), 1.0).text_encoder(ids).last_hidden_state
    torch.testing.assert_close(changed, expected, rtol=1e-4, atol=1e-4)
    assert not torch.allclose(changed, plain)


def test_an_alpha_in_the_header_scales_it(pipeline: Any, tmp_path: Path) -> None:
    tensors = matrices(pipeline)
    header = {"lora_adapter_metadata": f'{{"unet.lora_alpha": {2 * RANK}, "unet.r": {RANK}}}'}
    changed = copy.deepcopy(pipeline)
    with attach(changed, [saved(tmp_path, tensors, header)]).at([(0.4,)]):
        got = forward(changed, 1)
    expected = forward(merged(pipeline, tensors, 0.8), 1)
    torch.testing.assert_close(got, expected, rtol=1e-4, atol=1e-4)


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


def test_layers_whose_weights_are_packed_as_whole_numbers_are_changed_too(
    pipeline: Any, lora_file: Path
) -> None:
    class Packed(torch.nn.Linear):
        """As libraries of quantised weights have them."""

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.nn.functional.linear(x, self.whole, self.bias)

    expected, packed = copy.deepcopy(pipeline), copy.deepcopy(pipeline)
    inner = packed.unet.get_submodule(ATTENTION)
    layer = Packed(inner.to_q.in_features, inner.to_q.out_features, bias=False)
    layer.whole = inner.to_q.weight.data
    layer.weight = torch.nn.Parameter(torch.zeros(7, 1, dtype=torch.uint8), requires_grad=False)
    inner.to_q = layer
    outputs = []
    for each in (expected, packed):
        with attach(each, [lora_file]).at([(0.7,), (-0.7,)]):
            outputs.append(forward(each, 2))
    assert torch.equal(*outputs)


def test_several_loras_add_up_each_with_its_weight(pipeline: Any, tmp_path: Path) -> None:
    tensors = matrices(pipeline)
    halves = [(path, tmp_path / f"{k}.safetensors") for k, path in enumerate(LAYERS[:2])]
    for path, file in halves:
        save_file({k: v for k, v in tensors.items() if k.startswith(f"{path}.")}, file)
    both = copy.deepcopy(pipeline)
    loras = attach(both, [file for _, file in halves])
    with loras.at([(0.7, 0.0), (0.0, -0.4), (0.7, -0.4)]):
        first, second, together = forward(both, 3)
    for row, got, kept in ((0, first, halves[:1]), (1, second, halves[1:])):
        one = copy.deepcopy(pipeline)
        with attach(one, [file for _, file in kept]).at([((0.7, -0.4)[row],)] * 3):
            torch.testing.assert_close(got, forward(one, 3)[row], rtol=1e-4, atol=1e-4)
    assert not torch.allclose(together, forward(pipeline, 3)[2], atol=1e-3)


def test_a_header_that_states_nonsense_is_refused(pipeline: Any, tmp_path: Path) -> None:
    for stated in ('{"unet.lora_alpha": "strong"}', "[1]", '{"unet.lora_alpha": 1e999}'):
        file = saved(tmp_path, matrices(pipeline), {"lora_adapter_metadata": stated})
        with pytest.raises(ModelError, match=r"'style.safetensors' (does not say|is damaged)"):
            read_lora(pipeline, file)


@pytest.mark.parametrize(
    ("tensors", "message"),
    [
        ({"unet.nowhere.to_q.lora_A.weight": (3, 16)}, "was made for another model: its layer"),
        ({f"unet.{ATTENTION}.to_q.lora_A.weight": (3, 9)}, "its layer unet.down_blocks.0"),
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
    with pytest.raises(ModelError, match=f"its layer {layer} does not fit"):
        attach(copy.deepcopy(pipeline), [saved(tmp_path, made)])


@pytest.fixture(scope="module")
def painted_with(tmp_path_factory: pytest.TempPathFactory, pipeline: Any) -> LoadedModel:
    folder = tmp_path_factory.mktemp("lora")
    file = saved(folder, matrices(pipeline))
    return load_model(f"{save(folder / 'model')}+{file}:0.7", device="cpu")


def test_genomes_of_different_weights_are_painted_in_the_same_forwards(
    painted_with: LoadedModel,
) -> None:
    assert painted_with.info.settings.lora == 0.7
    genomes = [face(lora=weight) for weight in (0.1, 0.7, 1.3, 2.0)]
    events = paint(painted_with, genomes)
    assert forwards(events) == forwards(paint(painted_with, genomes[:1] * 4))
    together = [one.picture for one in finished(events)]
    for genome, picture in zip(genomes, together, strict=True):
        (alone,) = finished(paint(painted_with, [genome]))
        np.testing.assert_array_equal(alone.picture, picture)
    assert len({picture.tobytes() for picture in together}) == 4


def test_what_it_changes_in_the_words_is_seen_in_the_picture(
    painted_with: LoadedModel, pipeline: Any, tmp_path: Path
) -> None:
    folder = painted_with.info.name.partition("+")[0]
    file = saved(tmp_path, matrices(pipeline, LAYERS[-1:]))
    model = load_model(f"{folder}+{file}", device="cpu")
    without, with_it = finished(paint(model, [face(), face(lora=2.0)]))
    assert not np.array_equal(without.picture, with_it.picture)
    (plain,) = finished(paint(load_model(folder, device="cpu"), [face()]))
    np.testing.assert_array_equal(without.picture, plain.picture)


def test_the_weight_is_a_gene_of_models_that_have_a_lora() -> None:
    noise = np.array([[[1, 2], [3, 4]]], np.float16)
    parent = Genome(noise, Prompt.parse("a"), Settings(lora=1.0))
    children = [mutate_settings(stream(1, k, "x"), parent, strength=5.0) for k in range(50)]
    weights = [child.settings.lora or 0.0 for child in children]
    assert len(set(weights)) > 30
    assert all(0.05 <= weight <= GENES["lora"].high for weight in weights)
    other = replace(parent, noise=noise[:, ::-1], settings=Settings(lora=0.25))
    assert cross_slerp(parent, other, share=0.5).settings.lora == 0.5
    without = replace(parent, settings=Settings())
    assert mutate_settings(stream(1, 0, "x"), without).settings.lora is None
    assert cross_slerp(without, other, share=0.1).settings.lora is None
    with pytest.raises(GenomeError, match="lora 5 is not between"):
        Settings(lora=5)


def test_a_negative_weight_keeps_its_sign_and_zero_stays_off() -> None:
    noise = np.random.default_rng(0).standard_normal((4, 8, 8)).astype(np.float16)
    parent = Genome(noise, Prompt.parse("a"), Settings(lora=-0.1, lora_2=0.0, lora_3=1.9))
    children = [mutate_settings(stream(1, i, "x"), parent, strength=3.0) for i in range(50)]
    assert all(-2 <= c.settings.loras[0] <= -0.05 for c in children)
    assert all(c.settings.loras[1] == 0 for c in children)
    assert all(0.05 <= c.settings.loras[2] <= 2 for c in children)
    assert len({c.settings.loras for c in children}) > 20
    other = replace(parent, settings=Settings(lora=0.3, lora_2=1.0, lora_3=1.9))
    assert cross_slerp(parent, other, share=0.5).settings.loras == (0.1, 0.5, 1.9)


def test_one_lock_holds_the_weights_of_all_loras() -> None:
    noise = np.zeros((4, 8, 8), np.float16)
    parent = Genome(noise, Prompt.parse("a"), Settings(lora=1.0, lora_2=0.5))
    child = mutate_settings(stream(1, 0, "x"), parent, locked=("lora",))
    assert child.settings.loras == (1.0, 0.5)


def test_a_genome_without_a_lora_is_what_it_was_before_there_were_any() -> None:
    genome = Genome(np.zeros((1, 2, 2), np.float16), Prompt.parse("a"))
    assert "lora" not in genome.to_json()["settings"]
    with_lora = replace(genome, settings=Settings(lora=1.0))
    assert with_lora.digest != genome.digest
    assert Genome.from_json(with_lora.to_json(), genome.noise) == with_lora
