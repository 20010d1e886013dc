"""From a name to a pipeline that paints, and nothing of a folder is ever executed."""

import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from crowds import finished, paint
from folders import Bomb, change
from safetensors.torch import load_file, save_file
from tiny import face, save

from evolve.errors import ModelError
from evolve.genome.settings import Settings
from evolve.models import loading
from evolve.models.catalog import describe
from evolve.models.loading import load_model
from evolve.models.machine import memory
from evolve.rendering.tuning.calibration import measure


def test_a_folder_is_described_without_its_weights(model: Path) -> None:
    card = describe(str(model))
    assert (card.latent, card.pixels, card.unit) == ((4, 8, 8), (32, 32), 8)
    assert (card.pipeline, card.denoiser) == ("StableDiffusionPipeline", "unet")
    assert card.settings == Settings(guidance_scale=7.5, steps=25)
    assert card.licence.startswith("unknown")


def test_a_loaded_folder_paints(model: Path) -> None:
    (one,) = finished(paint(load_model(str(model), device="cpu"), [face()]))
    assert one.picture.shape == (32, 32, 3)
    assert one.record["model"] == str(model)
    assert len(one.record["fingerprint"]) == 64
    assert type(one.record["versions"]["torch"]) is str  # the app must not load torch for it


def test_half_precision_variants_are_loaded(tmp_path: Path) -> None:
    save(tmp_path / "half", variant="fp16")
    assert describe(str(tmp_path / "half")).variant == "fp16"
    load_model(str(tmp_path / "half"), device="cpu")


def test_weights_in_shards_are_loaded_if_all_are_there(tmp_path: Path) -> None:
    folder = save(tmp_path / "sharded", max_shard_size="100KB")
    first, *_, last = sorted((folder / "unet").glob("*-of-*.safetensors"))
    assert first != last
    load_model(str(folder), device="cpu")
    last.unlink()
    with pytest.raises(ModelError, match=r"weights \(.safetensors\) are missing in 'unet'"):
        describe(str(folder))


def test_a_model_whose_files_change_while_it_is_loaded_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, load = save(tmp_path / "model"), loading.load_pipeline

    def slow(*args: Any) -> Any:
        pipeline = load(*args)
        save(folder, seed=1)
        return pipeline

    monkeypatch.setattr(loading, "load_pipeline", slow)
    with pytest.raises(ModelError, match="was changed while it was loaded: the same command"):
        load_model(str(folder), device="cpu")
    monkeypatch.undo()
    load_model(str(folder), device="cpu")


def test_other_weights_have_another_fingerprint(model: Path, tmp_path: Path) -> None:
    prints = [
        load_model(str(folder), device="cpu").info.record["fingerprint"]
        for folder in (model, save(tmp_path / "other", seed=1))
    ]
    assert prints[0] != prints[1]


def test_pickles_are_refused_and_nothing_in_them_runs(copy: Path, tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    for name in (
        "diffusion_pytorch_model.bin",
        "diffusion_pytorch_model.ckpt",
        "pytorch_model.bin",
    ):
        (copy / "unet" / name).write_bytes(pickle.dumps(Bomb(mark)))
    load_model(str(copy), device="cpu")  # there are safetensors beside them
    (copy / "unet/diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(ModelError, match="has its unet only as a pickle, which could run any code"):
        load_model(str(copy), device="cpu")
    pickled = tmp_path / "model.ckpt"
    pickled.write_bytes(pickle.dumps(Bomb(mark)))
    with pytest.raises(ModelError, match="reads no others, because they may contain code"):
        load_model(str(pickled), device="cpu")
    (copy / "unet/diffusion_pytorch_model.safetensors").write_bytes(pickle.dumps(Bomb(mark)))
    with pytest.raises(ModelError, match="not a complete safetensors file"):
        load_model(str(copy), device="cpu")
    assert not mark.exists()


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ({"unet": ["evil", "Unet"]}, "needs its unet from 'evil', which fancier does not run"),
        ({"unet": ["subprocess", "Popen"]}, "needs its unet from 'subprocess'"),
        ({"unet": ["a\nb", "Unet"]}, r"needs its unet from 'a\\nb'"),
        ({"_class_name": ["evil", "EvilPipeline"]}, "names no pipeline"),
        ({"_class_name": "EvilPipeline"}, "is an EvilPipeline, which diffusers .* does not have"),
        ({"_class_name": "DiffusionPipeline"}, "cannot be used|lacks parts|does not have"),
        ({"unet": ["diffusers", "NoSuchModel"]}, "the installed diffusers does not know"),
        ({"unet": ["diffusers", "DDIMScheduler"]}, "model '.*'"),
    ],
)
def test_an_index_that_names_code_is_refused(
    copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: dict[str, Any], message: str
) -> None:
    mark = tmp_path / "executed"
    code = f"from pathlib import Path\nPath({str(mark)!r}).touch()\nclass EvilPipeline: pass\n"
    for place in (tmp_path, copy):
        (place / "evil.py").write_text(code)
    (copy / "pipeline.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    change(copy / "model_index.json", **index)
    with pytest.raises(ModelError, match=message) as caught:
        load_model(str(copy), device="cpu")
    assert "\n" not in str(caught.value)
    assert not mark.exists()
    assert "evil" not in sys.modules


@pytest.mark.parametrize("task", ["Img2Img", "Inpaint"])
def test_a_model_saved_for_painting_over_pictures_paints_from_words(copy: Path, task: str) -> None:
    change(copy / "model_index.json", _class_name=f"StableDiffusion{task}Pipeline")
    assert type(load_model(str(copy), device="cpu").pipeline).__name__ == "StableDiffusionPipeline"


def test_code_beside_the_weights_is_refused(copy: Path, tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    # diffusers takes a module of the library's name, in the part's folder, for the part's code
    (copy / "unet/diffusers.py").write_text(f"open({str(mark)!r}, 'w')\n")
    with pytest.raises(ModelError, match="needs code of its own to be run for its unet"):
        load_model(str(copy), device="cpu")
    assert not mark.exists()


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("model_index.json", None, "has no model_index.json and is not a diffusers pipeline"),
        ("model_index.json", "{", "cannot be read"),
        ("unet/config.json", None, "config.json' is missing"),
        ("unet/config.json", "[]", "is not a JSON object"),
        ("vae/config.json", "{}", "has a VAE of an unknown kind"),
        ("unet/config.json", '{"sample_size": "x"}', "invalid configuration"),
        ("unet/config.json", '{"sample_size": 1000000}', "pictures of 4000000x4000000 pixels"),
        (
            "unet/config.json",
            '{"sample_size": -8}',
            "invalid configuration: pictures of -32x-32 pixels",
        ),
        ("vae/diffusion_pytorch_model.safetensors", None, "weights .* are missing in 'vae'"),
        ("vae/diffusion_pytorch_model.safetensors", "short", "not a complete safetensors file"),
        ("tokenizer/tokenizer.json", "{", "model '.*'"),
    ],
)
def test_a_damaged_folder_gets_one_clear_line(
    copy: Path, file: str, content: str | None, message: str
) -> None:
    (copy / file).unlink()
    if content is not None:
        (copy / file).write_text(content)
    with pytest.raises(ModelError, match=message) as caught:
        load_model(str(copy), device="cpu")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda name, tensor: None if "mid_block" in name else tensor, "lacks some of its weights"),
        (
            lambda name, tensor: tensor[:, :3].clone() if name == "conv_in.weight" else tensor,
            "has weights that do not fit its configuration",
        ),
    ],
)
def test_weights_that_are_not_those_of_the_configuration_are_told(
    copy: Path, change: Callable[[str, torch.Tensor], torch.Tensor | None], message: str
) -> None:
    file = copy / "unet/diffusion_pytorch_model.safetensors"
    changed = {name: change(name, tensor) for name, tensor in load_file(file).items()}
    save_file({n: t for n, t in changed.items() if t is not None}, file, {"format": "pt"})
    with pytest.raises(ModelError, match=message):
        load_model(str(copy), device="cpu")


def test_a_class_that_its_parts_are_not_of_is_told_when_the_model_is_tried_out(
    copy: Path,
) -> None:
    named = {"_class_name": "StableDiffusionXLPipeline", "text_encoder_2": [None, None]}
    change(copy / "model_index.json", **named)
    with pytest.raises(ModelError, match="cannot paint as a StableDiffusionXLPipeline") as caught:
        measure(load_model(str(copy), device="cpu"))
    assert "model_index.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_model_too_large_is_refused_before_it_is_loaded(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available", lambda: 100_000)
    with pytest.raises(ModelError, match=r"needs 0.\d GB of memory and 0.0 GB are free"):
        load_model(str(model), device="cpu")


def test_running_out_of_memory_while_loading_is_told_as_such(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9")

    monkeypatch.setattr(torch.nn.Module, "to", full)
    with pytest.raises(ModelError, match="does not fit into memory: close other programs"):
        load_model(str(model), device="cpu")
