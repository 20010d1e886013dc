"""Model folders that a stranger made: only data is read, and only what belongs to the model."""

import os
import pickle
import shutil
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from crowds import finished, paint, work
from folders import Bomb, change, write_json, write_pipeline
from safetensors.torch import load_file, save_file
from tiny import face

from evolve.errors import ModelError
from evolve.models.catalog import describe
from evolve.models.files.fingerprint import CONFIGURATION, WEIGHTS, identity, is_recorded
from evolve.models.files.licence import UNKNOWN
from evolve.models.loading import load_model
from evolve.models.machine import memory
from evolve.models.portraits import WEIGHTS as PORTRAITS
from evolve.rendering.protocol import Failed, Job
from evolve.scoring.clip import Clip

UNET = "unet/diffusion_pytorch_model.safetensors"
TEXT = "text_encoder/model.safetensors"


@pytest.fixture(autouse=True)
def _nothing_is_unpickled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    asked: list[object] = []

    def load(*args: object, **_: object) -> None:
        asked.append(args)
        raise AssertionError(f"torch.load was called with {args}")

    monkeypatch.setattr(torch, "load", load)
    yield
    assert not asked


def shard(folder: Path, weights: str, named: str | None = None) -> Path:
    """Replace weights by one shard and a list that names another file instead; return the list."""
    file = folder / weights
    stem = file.name.removesuffix(".safetensors")
    tensors = load_file(file)
    file.unlink()
    only = f"{stem}-00001-of-00001.safetensors"
    save_file(tensors, file.with_name(only), {"format": "pt"})
    index = file.with_name(f"{stem}.safetensors.index.json")
    write_json(index, {"metadata": {}, "weight_map": dict.fromkeys(tensors, named or only)})
    return index


@pytest.mark.parametrize("weights", [UNET, TEXT])
@pytest.mark.parametrize(
    "named", ["weights.bin", "../weights.safetensors", "/etc/passwd", "x.safetensors", ""]
)
def test_a_list_of_shards_names_nothing_but_safetensors_beside_it(
    copy: Path, weights: str, named: str
) -> None:
    file = copy / weights
    torch.save(load_file(file), file.with_name("weights.bin"))
    shard(copy, weights, named or "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"as weights in .*: fancier reads only safetensors"):
        describe(str(copy))


@pytest.mark.parametrize("listed", [None, [], {"a": 1}])
def test_a_list_of_shards_without_sense_is_refused(copy: Path, listed: object) -> None:
    write_json(shard(copy, UNET), {"weight_map": listed})
    with pytest.raises(ModelError, match=r"index.json' lists no weights"):
        describe(str(copy))


def test_a_list_of_shards_beside_whole_weights_is_not_followed(copy: Path) -> None:
    """diffusers looks for the list first: it would read weights of which nobody knows."""
    other = {name: tensor + 1 for name, tensor in load_file(copy / UNET).items()}
    stem = "diffusion_pytorch_model"
    save_file(other, copy / f"unet/{stem}-00001-of-00002.safetensors", {"format": "pt"})
    shards = dict.fromkeys(other, f"{stem}-00001-of-00002.safetensors")
    write_json(copy / f"unet/{stem}.safetensors.index.json", {"weight_map": shards})
    loaded = load_model(str(copy), device="cpu").pipeline.unet.state_dict()
    for name, tensor in load_file(copy / UNET).items():
        assert torch.equal(loaded[name].float(), tensor.to(loaded[name].dtype).float())


@pytest.mark.parametrize(
    ("file", "values", "message"),
    [
        ("text_encoder/config.json", {"_attn_implementation": "kernels-community/x"}, "code of"),
        ("text_encoder/config.json", {"attn_implementation": {"": "a/b:c"}}, "code of its own"),
        ("text_encoder/config.json", {"text_config": {"_attn_implementation": "a/b"}}, "code of"),
        ("text_encoder/config.json", {"experts_implementation": "a/b"}, "'experts_implem"),
        ("text_encoder/config.json", {"use_kernels": True}, "'use_kernels' in 'text_encoder"),
        ("text_encoder/config.json", {"quantization_config": {"quant_method": "mxfp4"}}, "code of"),
        ("unet/config.json", {"quantization_config": {"quant_method": "gguf"}}, "code of its own"),
        ("unet/config.json", {"quantization_config": "x"}, "code of its own"),
        ("text_encoder/config.json", {"transformers_weights": "x.bin"}, "names other files"),
        ("model_index.json", {"custom_pipeline": "evil/pipeline"}, "'custom_pipeline' in 'model_i"),
        ("model_index.json", {"trust_remote_code": True}, "'trust_remote_code' in 'model_index"),
        (
            "model_index.json",
            {"../../outside": ["diffusers", "UNet2DConditionModel"]},
            "not the name of a folder",
        ),
        ("model_index.json", {"tokenizer": ["os", "system"]}, "its tokenizer from 'os'"),
    ],
)
def test_a_configuration_that_asks_for_code_is_refused_before_anything_is_made(
    copy: Path, file: str, values: dict[str, Any], message: str
) -> None:
    change(copy / file, **values)
    with pytest.raises(ModelError, match=message) as caught:
        describe(str(copy))
    assert "\n" not in str(caught.value)


def test_a_class_that_the_library_looks_for_may_bring_no_map_to_code(copy: Path) -> None:
    change(copy / "model_index.json", tokenizer=["transformers", "AutoTokenizer"])
    change(
        copy / "tokenizer/tokenizer_config.json",
        tokenizer_class="EvilTokenizer",
        auto_map={"AutoTokenizer": ["evil.EvilTokenizer", None]},
    )
    with pytest.raises(ModelError, match=r"code of its own to be run \('auto_map' in 'tokenizer"):
        describe(str(copy))


def test_kernels_on_the_hub_are_switched_off_for_both_libraries() -> None:
    from diffusers.utils import constants
    from transformers.integrations import hub_kernels

    assert not constants.DIFFUSERS_TRUST_REMOTE_KERNELS
    assert not hub_kernels._kernels_enabled


def test_an_adapter_beside_the_weights_brings_in_no_other_model(copy: Path) -> None:
    write_json(copy / "text_encoder/adapter_config.json", {"base_model_name_or_path": "evil/model"})
    with pytest.raises(
        ModelError, match="'base_model_name_or_path' in 'text_encoder/adapter_config"
    ):
        describe(str(copy))


@pytest.mark.parametrize(
    ("file", "values"),
    [
        ("text_encoder/config.json", {"num_hidden_layers": 10**9}),
        ("unet/config.json", {"layers_per_block": 10**9}),
        ("unet/config.json", {"transformer_layers_per_block": [1, 10**6]}),
        ("unet/config.json", {"down_block_types": ["DownBlock2D"] * 10**5}),
        ("unet/config.json", {"num_class_embeds": 10**12}),
        ("vae/config.json", {"layers_per_block": 1e300}),
        ("scheduler/scheduler_config.json", {"num_train_timesteps": 10**7}),
    ],
)
def test_counts_that_the_weights_contradict_are_refused_before_anything_is_built(
    copy: Path, file: str, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(copy / file, **values)
    from diffusers import DiffusionPipeline

    monkeypatch.delattr(DiffusionPipeline, "from_pretrained")
    with pytest.raises(ModelError, match=r"invalid configuration: '.*' in '.*config.json' asks"):
        load_model(str(copy), device="cpu")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
def test_what_is_built_larger_than_its_weights_is_stopped(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "SPARE", 100_000_000)
    with memory.bounded(describe(str(copy))), pytest.raises(RuntimeError, match="alloc"):
        torch.ones(10**9)
    torch.ones(10**8)  # free again


@pytest.mark.parametrize(
    ("file", "values"),
    [
        ("vae/config.json", {"latent_channels": 10**9}),
        ("vae/config.json", {"latent_channels": -4}),
        ("vae/config.json", {"latent_channels": 1e400}),
        ("unet/config.json", {"sample_size": [1, 10**30]}),
        ("vae/config.json", {"block_out_channels": [8] * 2000}),
        ("unet/config.json", {"block_out_channels": [16] * 2000}),
    ],
)
def test_noise_of_a_size_without_sense_is_refused(
    copy: Path, file: str, values: dict[str, Any]
) -> None:
    change(copy / file, **values)
    with pytest.raises(ModelError, match="invalid configuration") as caught:
        describe(str(copy))
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "file", ["model_index.json", UNET, "unet/config.json", "tokenizer/vocab.json", "README.md"]
)
def test_a_link_out_of_the_folder_is_refused(copy: Path, file: str) -> None:
    outside = copy.parent.parent / "private"
    outside.write_bytes((copy / file).read_bytes() if (copy / file).exists() else b"x")
    (copy / file).unlink(missing_ok=True)
    (copy / file).symlink_to(outside)
    with pytest.raises(ModelError, match="a link that leads out of its folder"):
        describe(str(copy))


def test_a_folder_that_is_a_link_out_of_the_folder_is_refused(copy: Path) -> None:
    (copy / "unet").rename(copy.parent / "unet")
    (copy / "unet").symlink_to("../unet")
    with pytest.raises(ModelError, match="a link that leads out of its folder"):
        describe(str(copy))


def test_links_within_the_folder_are_followed(copy: Path) -> None:
    (copy / UNET).rename(copy / "numbers")
    (copy / UNET).symlink_to("../numbers")
    load_model(str(copy), device="cpu")


@pytest.mark.parametrize(
    "file",
    [
        "model_index.json",
        "unet/config.json",
        "README.md",
        "fancier.json",
        UNET,
        "scheduler/scheduler_config.json",
        "tokenizer/vocab.json",
    ],
)
def test_a_pipe_in_place_of_a_file_is_never_waited_for(copy: Path, file: str) -> None:
    (copy / file).unlink(missing_ok=True)
    os.mkfifo(copy / file)
    # One of which nobody is in need is as good as none.
    needed = file not in ("README.md", "fancier.json", "tokenizer/vocab.json")
    with pytest.raises(ModelError, match=r"^[^\n]+$") if needed else nullcontext():
        load_model(str(copy), device="cpu")


def test_a_configuration_without_end_is_not_read(copy: Path) -> None:
    with (copy / "unet/config.json").open("wb") as file:
        file.truncate(10**11)
    with pytest.raises(ModelError, match=r"'unet/config.json' has over 256 MB"):
        describe(str(copy))


def test_weights_without_end_are_not_read(copy: Path) -> None:
    with (copy / TEXT).open("wb") as file:
        file.truncate(10**13)
    with pytest.raises(ModelError, match="is not a complete safetensors file"):
        load_model(str(copy), device="cpu")


def test_the_fingerprint_covers_configurations_and_vocabularies(copy: Path) -> None:
    before = identity(describe(str(copy)))
    for file, values in (
        ("scheduler/scheduler_config.json", {"beta_end": 0.02}),
        ("unet/config.json", {"flip_sin_to_cos": False}),
        ("tokenizer/tokenizer_config.json", {"clean_up_tokenization_spaces": True}),
        ("model_index.json", {"requires_safety_checker": True}),
    ):
        old = (copy / file).read_bytes()
        change(copy / file, **values)
        now = identity(describe(str(copy)))
        assert now[WEIGHTS] == before[WEIGHTS]
        assert now[CONFIGURATION] != before[CONFIGURATION], file
        (copy / file).write_bytes(old)
    (copy / "README.md").write_text("---\nlicense: mit\n---\n")
    assert identity(describe(str(copy))) == before


def test_a_record_of_an_earlier_version_is_of_the_same_model_as_far_as_it_says(copy: Path) -> None:
    card = describe(str(copy))
    now = identity(card)
    assert is_recorded(now, card)
    assert is_recorded({WEIGHTS: now[WEIGHTS]}, card)
    assert not is_recorded({**now, CONFIGURATION: "0" * 64}, card)
    assert not is_recorded({**now, WEIGHTS: "0" * 64}, card)
    assert not is_recorded({}, card)


def test_what_a_single_file_lacks_counts_as_its_configuration(tmp_path: Path) -> None:
    folder = write_pipeline(tmp_path / "m")
    file = tmp_path / "m.safetensors"
    shutil.copy(folder / UNET, file)
    before = identity(describe(str(file)))
    (folder / TEXT).write_bytes((folder / UNET).read_bytes())
    after = identity(describe(str(file)))
    assert after[WEIGHTS] == before[WEIGHTS]
    assert after[CONFIGURATION] != before[CONFIGURATION]


@pytest.mark.parametrize("named", ["model.bin", "../clip.bin"])
def test_a_clip_is_read_by_the_same_rules(tmp_path: Path, named: str) -> None:
    folder = Path(shutil.copytree(PORTRAITS / "clip", tmp_path / "clip"))
    (folder / named).write_bytes(pickle.dumps(Bomb(tmp_path / "mark")))
    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    save_file(tensors, folder / "model-00001-of-00001.safetensors", {"format": "pt"})
    write_json(
        folder / "model.safetensors.index.json", {"weight_map": dict.fromkeys(tensors, named)}
    )
    with pytest.raises(ModelError, match=r"no CLIP model can be loaded from .*: .* as weights in"):
        Clip(folder)
    assert not (tmp_path / "mark").exists()


def test_a_clip_that_cannot_read_a_text_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(PORTRAITS / "clip", tmp_path / "clip"))
    change(folder / "tokenizer_config.json", eos_token="beyond the vocabulary")
    clip = Clip(folder)
    with pytest.raises(ModelError, match=r"the CLIP in '.*clip' cannot read 'a hat': \w+: "):
        clip.likeness([np.zeros((8, 8, 3), np.uint8)], ["a hat"])


def test_a_configuration_built_larger_than_its_weights_is_refused(copy: Path) -> None:
    """What is missing would be drawn at random, in the full size of some large model."""
    write_json(copy / "text_encoder/config.json", {"model_type": "clip_text_model"})
    with pytest.raises(ModelError, match=r"a configuration of 63 million numbers in 'text_enc"):
        load_model(str(copy), device="cpu")


@pytest.mark.parametrize(
    "factors", [None, "x", [], [[1.0]], [[1e400] * 3] * 5, [["a"] * 3] * 5, {}]
)
def test_colours_without_sense_cost_the_preview_alone(copy: Path, factors: object) -> None:
    write_json(copy / "fancier.json", {"latent_rgb": factors})
    assert load_model(str(copy), device="cpu").preview_factors is None


@pytest.mark.parametrize(
    ("stated", "licence"),
    [("a\nb\x1b[2J", r"a b\x1b[2J"), ("\n", UNKNOWN), (["mit"], UNKNOWN), ({}, UNKNOWN)],
)
def test_a_licence_is_one_line_of_text_or_unknown(copy: Path, stated: object, licence: str) -> None:
    write_json(copy / "fancier.json", {"licence": stated})
    assert describe(str(copy)).licence == licence


@pytest.mark.parametrize("limit", [[], -5, 7.5])
def test_a_limit_of_texts_that_is_no_number_of_tokens_is_refused(copy: Path, limit: object) -> None:
    change(copy / "tokenizer/tokenizer_config.json", model_max_length=limit)
    with pytest.raises(ModelError, match=r"'model_max_length' of its tokenizer is '.*', not a num"):
        load_model(str(copy), device="cpu")


@pytest.mark.parametrize("limit", [10**12, 1e300, None])
def test_texts_are_filled_up_to_what_the_encoder_reads_whatever_the_limit_is(
    copy: Path, limit: object
) -> None:
    """The library would ask for terabytes, and end the process."""
    change(copy / "tokenizer/tokenizer_config.json", model_max_length=limit)
    loaded = load_model(str(copy), device="cpu")
    (one,) = finished(paint(loaded, [face()]))
    assert one.picture.shape == (32, 32, 3)
    assert loaded.pipeline.tokenizer.model_max_length == 64


class PanicException(BaseException):
    """As libraries in Rust raise it."""


@pytest.mark.parametrize("kind", [TypeError, PanicException])
def test_a_picture_that_fails_is_explained_in_one_line(
    copy: Path, kind: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise kind("conv2d() got an invalid combination, but expected one of:\n * (Tensor)")

    loaded = load_model(str(copy), device="cpu")
    monkeypatch.setattr(loaded.pipeline, "encode_prompt", fail)
    (failed,) = (event for event in work(loaded, Job(0, face())) if isinstance(event, Failed))
    assert failed.error.endswith("but expected one of: * (Tensor)")
