"""Tiny autoencoders for previews: found, fetched, refused, and seen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from crowds import finished, paint
from diffusers import AutoencoderTiny
from folders import write_json
from hub import Hub
from huggingface_hub import constants
from tiny import face, save
from unstarted import Unstarted

from evolve.errors import ModelError
from evolve.models.loading import load_model
from evolve.models.tiny_vae import fetch_named
from evolve.rendering.pipeline.preview import SIDE, TinyPreview
from evolve.rendering.process import starting, worker
from evolve.rendering.process.starting import load_renderer
from evolve.rendering.protocol import Fetching, Stepped


def write_tiny(folder: Path, *, channels: int = 4, blocks: int = 3) -> Path:
    torch.manual_seed(0)
    widths, counts = (8,) * blocks, (1,) * blocks
    AutoencoderTiny(
        encoder_block_out_channels=widths,
        decoder_block_out_channels=widths,
        num_encoder_blocks=counts,
        num_decoder_blocks=counts,
        latent_channels=channels,
    ).save_pretrained(folder)
    return folder


@pytest.fixture
def model(tmp_path: Path, cache: Path) -> str:
    return str(save(tmp_path / "model"))


def test_previews_are_what_the_tiny_autoencoder_makes_of_it(model: str, tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    loaded = load_model(model, device="cpu", tiny_vae=str(folder))
    events = paint(loaded, [face()])
    *_, last = (e for e in events if isinstance(e, Stepped))
    (done,) = finished(events)
    assert last.preview is not None
    assert last.preview.shape == done.picture.shape
    tiny = AutoencoderTiny.from_pretrained(folder)
    assert done.latent is not None
    with torch.no_grad():
        made = tiny.decode(torch.from_numpy(done.latent.astype(np.float32))[None]).sample[0]
    expected = (made.numpy().transpose(1, 2, 0) / 2 + 0.5).clip(0, 1) * 255
    assert np.abs(last.preview - expected).mean() < 4  # bfloat16, and the step to come


def test_pictures_are_the_same_with_it_and_without(model: str, tmp_path: Path) -> None:
    folder = write_tiny(tmp_path / "tiny")
    models = [load_model(model, device="cpu", tiny_vae=named) for named in (None, str(folder))]
    (without,), (with_it,) = (finished(paint(each, [face()])) for each in models)
    np.testing.assert_array_equal(without.picture, with_it.picture)


def test_that_of_the_family_is_used_if_the_cache_has_it_and_never_asked_for(
    hub: Hub, model: str, tmp_path: Path
) -> None:
    hub.add("madebyollin/taesd", write_tiny(tmp_path / "tiny"))
    assert load_model(model, device="cpu").tiny is None
    assert hub.asked == []
    fetch_named("madebyollin/taesd", lambda fetched: None)
    asked = len(hub.asked)
    assert load_model(model, device="cpu").tiny is not None
    fetch_named("madebyollin/taesd", lambda fetched: None)
    assert len(hub.asked) == asked


def test_one_in_the_cache_that_does_not_fit_is_as_good_as_none(
    hub: Hub, model: str, tmp_path: Path
) -> None:
    hub.add("madebyollin/taesd", write_tiny(tmp_path / "tiny", blocks=4))
    fetch_named("madebyollin/taesd", lambda fetched: None)
    assert load_model(model, device="cpu").tiny is None


def cut_off(folder: Path) -> None:
    file = write_tiny(folder) / "diffusion_pytorch_model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (lambda folder: None, "there is no tiny autoencoder '.*': name a folder, or one on"),
        (lambda folder: write_tiny(folder, channels=16), "makes 4 pixels of a cell of 16 channels"),
        (lambda folder: write_tiny(folder, blocks=4), "makes 8 pixels of a cell .* 4 of 4"),
        (lambda folder: write_json(folder / "config.json", {}), "is not a tiny autoencoder"),
        (cut_off, "is not a complete safetensors file: remove it and get it again"),
    ],
)
def test_one_that_was_named_and_cannot_be_used_is_told_in_one_line(
    model: str, tmp_path: Path, write: Callable[[Path], object], message: str
) -> None:
    write(tmp_path / "tiny")
    with pytest.raises(ModelError, match=message) as caught:
        load_model(model, device="cpu", tiny_vae=str(tmp_path / "tiny"))
    assert "\n" not in str(caught.value)


def test_the_environment_names_it_for_a_renderer_which_fetches_it(
    hub: Hub, cache: Path, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(starting, "ProcessRenderer", Unstarted)
    hub.add("owner/tiny", write_tiny(tmp_path / "tiny"))
    with load_renderer(model, environ={"FANCIER_TINY_VAE": "owner/tiny"}) as renderer:
        assert isinstance(renderer, Unstarted)
        named = renderer._assignment.tiny_vae
    reports: list[Fetching] = []
    worker._bring(renderer._assignment, reports.append)
    assert reports[-1].done == reports[-1].total > 0
    assert constants.is_offline_mode()  # from then on
    events = paint(load_model(model, device="cpu", tiny_vae=named), [face()])
    shown = [e.preview for e in events if isinstance(e, Stepped) and e.preview is not None]
    assert [preview.shape for preview in shown] == [(32, 32, 3)] * 2


def test_previews_of_large_pictures_are_small() -> None:
    preview = TinyPreview(AutoencoderTiny(num_decoder_blocks=(1, 1, 1, 1)).eval())
    with torch.no_grad():
        seen = preview.paint(torch.zeros(4, 40, 64))
    assert seen is not None
    assert seen.array.shape == (SIDE * 40 // 64, SIDE, 3)


def test_too_little_memory_for_a_preview_costs_the_preview_alone(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = load_model(model, device="cpu", tiny_vae=str(write_tiny(tmp_path / "tiny")))

    def starved(*args: object, **kwargs: object) -> None:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(loaded.tiny, "decode", starved)
    events = paint(replace(loaded, rows=4), [face()])
    assert all(e.preview is None for e in events if isinstance(e, Stepped))
    assert len(finished(events)) == 1
