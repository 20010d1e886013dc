"""Models larger than a GPU's memory: their parts take turns there, and paint the same bits."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
import torch
from crowds import latents, paint, population
from families import model_of
from torch import nn

from evolve.errors import ModelError
from evolve.models.catalog import ModelCard, describe
from evolve.models.fitting import quantised
from evolve.models.fitting.offloading import WORKSPACE, Visitors, visiting
from evolve.models.loading import load_model
from evolve.models.machine import memory

GB = 1 << 30
NEEDED = {"text_encoder": 10 * GB, "transformer": 12 * GB, "vae": GB}


@pytest.fixture
def card() -> ModelCard:
    return describe("portraits")


def room(monkeypatch: pytest.MonkeyPatch, gpu: int, main: int) -> None:
    monkeypatch.setattr(memory, "free", lambda device: gpu if device == "cuda" else main)
    monkeypatch.setattr(memory, "available", lambda: main)


def test_what_fits_stays(card: ModelCard, monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, 24 * GB, 64 * GB)
    assert visiting(card, NEEDED, "cuda") == ()
    room(monkeypatch, 23 * GB, 64 * GB)  # nothing would be left to paint in
    assert visiting(card, NEEDED, "cuda") == ("text_encoder", "transformer")


def test_what_cannot_be_moved_stays(card: ModelCard, monkeypatch: pytest.MonkeyPatch) -> None:
    room(monkeypatch, 23 * GB, 64 * GB)
    assert visiting(card, NEEDED, "cuda", fixed=("transformer",)) == ("text_encoder",)


@pytest.mark.parametrize(("gpu", "main"), [(12, 64), (14, 16)])
def test_what_does_not_fit_even_in_turns_is_refused_in_numbers(
    card: ModelCard, monkeypatch: pytest.MonkeyPatch, gpu: int, main: int
) -> None:
    room(monkeypatch, gpu * GB, main * GB)
    where = "memory of the GPU" if gpu == 12 else "memory"
    with pytest.raises(ModelError, match=f"'portraits' needs .* GB of {where} and .* are free"):
        visiting(card, NEEDED, "cuda")


class Part(nn.Module):
    """A part that notes where it is."""

    def __init__(self, name: str, log: list[str], *, most: int = 9) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(4))
        self.name, self.log, self.most = name, log, most

    def to(self, device: str) -> Self:  # type: ignore[override]
        """Note it; there is room for so many parts."""
        there = sum(1 if line.endswith("gpu") else -1 for line in self.log)
        if device == "gpu" and there >= self.most:
            raise torch.OutOfMemoryError
        self.log.append(f"{self.name} {device}")
        return self

    def forward(self) -> None:
        """Compute nothing."""


def test_parts_come_when_they_are_called_and_leave_when_there_is_no_room() -> None:
    log: list[str] = []
    text, denoiser = Part("text", log), Part("denoiser", log)
    parts = {"text": text, "denoiser": denoiser}
    visitors = Visitors(parts, "gpu", free=lambda: 2 * WORKSPACE)
    text()
    text()
    assert log == ["text gpu"]
    denoiser()
    denoiser()
    assert log == ["text gpu", "denoiser gpu"]
    assert visitors.there == ["text", "denoiser"]
    text()
    assert visitors.there == ["denoiser", "text"]


@pytest.mark.parametrize("known", [True, False])
def test_a_part_makes_room_for_the_next(known: bool) -> None:
    log: list[str] = []
    text, denoiser = Part("text", log, most=1), Part("denoiser", log, most=1)
    free = (lambda: 0) if known else (lambda: None)
    Visitors({"text": text, "denoiser": denoiser}, "gpu", free=free)
    text()
    denoiser()
    text()
    moves = ["text gpu", "text cpu", "denoiser gpu", "denoiser cpu", "text gpu"]
    assert log == moves


def test_where_parts_wait_changes_no_bit() -> None:
    expected = latents(paint(model := model_of("SDXL"), population(model)))
    model = replace(model_of("SDXL"), visitors=("unet",))
    Visitors({"unet": model.denoiser}, "cpu", free=lambda: 0)
    events = paint(model, population(model))
    np.testing.assert_array_equal(np.stack(latents(events)), np.stack(expected))


def quantised_model(folder: Path, method: str) -> Path:
    from folders import write_json, write_pipeline

    write_pipeline(folder)
    config: dict[str, Any] = {"quantization_config": {"quant_method": method}}
    write_json(folder / "unet/config.json", {"_class_name": "UNet2DConditionModel", **config})
    return folder


@pytest.mark.parametrize(
    ("method", "package"), [("torchao", "torchao"), ("bitsandbytes", "bitsandbytes")]
)
def test_quantised_weights_name_the_library_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str, package: str
) -> None:
    monkeypatch.setattr(quantised, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=rf"quantised by {package} \(unet\): .*pip install"):
        load_model(str(quantised_model(tmp_path / "small", method)), device="cpu")


def test_quantised_weights_for_gpus_alone_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantised, "find_spec", lambda name: name)
    with pytest.raises(ModelError, match=r"bitsandbytes \(unet\), which needs a GPU"):
        load_model(str(quantised_model(tmp_path / "small", "bitsandbytes")), device="cpu")
