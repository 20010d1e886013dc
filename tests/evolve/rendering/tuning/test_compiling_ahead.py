"""What is compiled ahead is what the renderer computes with."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from crowds import finished, paint, population

from evolve.models.loading import load_model
from evolve.models.machine import openvino, trials
from evolve.rendering.tuning import calibration, compiling_ahead
from evolve.rendering.tuning.calibration import Calibration, calibrated
from evolve.rendering.tuning.suiting import suited

pytestmark = pytest.mark.skipif(
    not openvino.available(), reason="the extra 'openvino' is not installed"
)


@pytest.fixture
def two_threads() -> Iterator[None]:
    """So that rows are divided."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("two_threads")
def test_a_renderer_compiles_nothing_more_than_was_begun_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path)
    monkeypatch.setattr(calibration, "measure", lambda model: Calibration(rows=8))
    monkeypatch.setattr(openvino, "_begun", {})
    compiling_ahead.begin("portraits", "cpu")
    assert not openvino._begun  # nothing is measured yet
    model = calibrated(suited(load_model("portraits", device="cpu")))
    compiling_ahead.begin("portraits", "cpu")
    for begun in openvino._begun.values():
        begun.result()
    monkeypatch.setattr(openvino, "_compiled", lambda *_: pytest.fail("compiled again"))
    genome = population(model)[0]
    genome = replace(genome, settings=replace(genome.settings, steps=1))
    assert finished(paint(model, [genome]))
