"""The rows of a forward are measured once, and the same at every later start."""

import functools
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from crowds import paint, population
from families import model_of
from uneven_rows import middle, uneven

from evolve.models.loading import LoadedModel
from evolve.models.machine import memory, trials
from evolve.rendering.protocol import Finished
from evolve.rendering.tuning import calibration, measuring
from evolve.rendering.tuning.calibration import Calibration, calibrated, measure
from evolve.rendering.tuning.measuring import ROWS, Stopwatch


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)
    return tmp_path / "fancier/trials"


@pytest.fixture
def model(one_thread: None, monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    monkeypatch.setattr(measuring, "TRIES", 1)
    model = model_of("Stable Diffusion")
    identity = {"fingerprint": "aa", "pipeline": "StableDiffusionPipeline"}
    return replace(model, info=replace(model.info, record={**model.info.record, **identity}))


def test_only_rows_that_are_the_same_at_every_place_are_taken(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "best", max)
    uneven(monkeypatch, model.denoiser, middle(8), by=1e-5)
    found = measure(model)
    assert found.rows == 4
    assert set(found.seconds) == set(ROWS)


def test_where_no_forward_treats_its_rows_alike_pictures_are_painted_one_by_one(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "best", max)
    uneven(monkeypatch, model.denoiser, middle(2), by=1e-5)
    found = measure(model)
    assert found.rows is None
    assert "depends in its last bits on its place in a forward of 24 rows" in found.one_by_one


def test_memory_that_is_short_while_rows_are_compared_counts_until_there_is_more(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = list[int | None]()

    def dependence(way: LoadedModel, asked: object) -> str:
        tried.append(way.rows)
        if way.rows == 8:
            raise MemoryError("not enough memory for 8 rows")
        return ""

    monkeypatch.setattr(calibration, "denoiser_calls", lambda model: [])
    monkeypatch.setattr(calibration, "denoiser_dependence", dependence)
    monkeypatch.setattr(calibration, "why_one_by_one", lambda model: "")
    monkeypatch.setattr(calibration, "best", lambda left: sorted(left)[len(left) // 2])
    monkeypatch.setattr(calibration.Trial, "run", lambda trial: {4: 1.0, 8: 1.0, 16: 1.0})
    found = measure(model)
    assert tried == [8, 4]
    assert (found.rows, found.short, found.one_by_one) == (4, True, "")


def test_only_the_device_that_computes_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[str] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "synchronize", waited.append)
    monkeypatch.setattr(torch.mps, "synchronize", lambda: waited.append("mps"))
    for device in ("cpu", "mps", "cuda:1"):
        with Stopwatch(module := torch.nn.Identity(), device) as watch:
            module(torch.zeros(1))
        assert len(watch.seconds) == 1
    assert waited == ["mps"] * 2 + ["cuda:1"] * 2


def test_what_was_found_is_kept_and_not_measured_again(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = calibrated(model)
    monkeypatch.setattr(calibration, "measure", lambda model: pytest.fail("measured again"))
    again = calibrated(model)
    assert again.rows == again.info.record["rows"] == found.rows
    assert found.rows in ROWS
    (kept,) = trials.of_model("StableDiffusionPipeline", lambda: "aa")
    assert kept["rows"] == found.rows
    assert set(kept["seconds"]) == {str(rows) for rows in ROWS}


@pytest.mark.parametrize("change", ["device", "dtype", "fingerprint", "pipeline", "threads"])
def test_anything_that_rows_depend_on_is_measured_anew(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    answers = iter([4, 12])
    monkeypatch.setattr(calibration, "measure", lambda model: Calibration(rows=next(answers)))
    other = replace(model, info=replace(model.info, record={**model.info.record, change: "other"}))
    renamed = replace(model, info=replace(model.info, record={**model.info.record, "model": "b"}))
    assert [calibrated(each).rows for each in (model, other, model, renamed)] == [4, 12, 4, 4]


def test_what_an_older_trial_found_is_measured_anew_once(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {**model.info.record, "latent": list(model.info.latent), "tried": [2, 4, 8, 12, 24]}
    trials.remember(old, {"rows": 24, "one_by_one": "", "seconds": {}})
    answers = iter([8])
    monkeypatch.setattr(calibration, "measure", lambda model: Calibration(rows=next(answers)))
    assert [calibrated(model).rows for _ in range(2)] == [8, 8]


def test_models_of_one_name_do_not_take_each_others_trials(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([4, 12])
    monkeypatch.setattr(calibration, "measure", lambda model: Calibration(rows=next(answers)))
    record = {**model.info.record, "fingerprint": "bb"}
    changed = replace(model, info=replace(model.info, record=record))
    assert [calibrated(each).rows for each in (model, changed)] == [4, 12]
    for fingerprint, rows in (("aa", 4), ("bb", 12)):
        (found,) = trials.of_model("StableDiffusionPipeline", lambda of=fingerprint: of)
        assert found["rows"] == rows
    unread = functools.partial(pytest.fail, "read weights of a model that was never tried")
    assert trials.of_model("StableDiffusionXLPipeline", unread) == []


@pytest.mark.parametrize("content", ["", "{", "[]", '{"rows": "many"}', '{"rows": 4}'])
def test_a_damaged_memory_is_written_anew(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    answers = iter([4, 12])
    monkeypatch.setattr(calibration, "measure", lambda model: Calibration(rows=next(answers)))
    calibrated(model)
    (file,) = cache.iterdir()
    file.write_text(content)
    assert calibrated(model).rows == 12
    assert json.loads(file.read_text())["rows"] == 12


def test_a_cache_that_cannot_be_written_costs_time_alone(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "measure", lambda model: Calibration(rows=4))
    cache.parent.mkdir()
    cache.write_text("a file where the folder should be")
    assert calibrated(model).rows == 4


def test_no_more_rows_are_tried_than_there_is_memory_for(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    peaks = iter([10_000, 20_000, 40_000, 60_000, 80_000])
    monkeypatch.setattr(memory, "free", lambda device: 100_000)
    monkeypatch.setattr(memory, "reset_peak", lambda device: 0)
    monkeypatch.setattr(memory, "peak", lambda device: next(peaks))
    assert set(measure(model).seconds) == {2, 4, 8, 12, 16}  # 24 would take 120,000


def test_memory_that_is_short_ends_the_trial(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward = model.denoiser.forward

    @functools.wraps(forward)
    def small(sample: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        if len(sample) > 6:
            raise torch.OutOfMemoryError
        return forward(sample, *args, **kwargs)

    monkeypatch.setattr(model.denoiser, "forward", small)
    found = measure(model)
    assert set(found.seconds) == {2, 4}
    assert found.short


def test_where_not_even_the_fewest_rows_fit_they_are_halved(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    @functools.wraps(model.denoiser.forward)
    def starved(*args: Any, **kwargs: Any) -> Any:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(model.denoiser, "forward", starved)
    assert measure(model) == Calibration(rows=1, short=True)


def test_what_was_found_while_memory_was_short_counts_until_there_is_far_more(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([Calibration(rows=2, short=True), Calibration(rows=12)])
    monkeypatch.setattr(calibration, "measure", lambda model: next(answers))
    rows = []
    for free in (1000, 500, 1400, 1600, 1000, 5000):
        monkeypatch.setattr(memory, "free", lambda device, free=free: free)
        rows.append(calibrated(model).rows)
    assert rows == [2, 2, 2, 12, 12, 12]


def test_short_memory_of_which_nobody_tells_how_much_there_is_is_not_remembered(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([Calibration(rows=2, short=True), Calibration(rows=12)])
    monkeypatch.setattr(calibration, "measure", lambda model: next(answers))
    monkeypatch.setattr(memory, "free", lambda device: None)
    assert [calibrated(model).rows for _ in range(3)] == [2, 12, 12]


@pytest.mark.parametrize("rows", [-3, 0, 1000, True, "4", math.inf, [4]])
def test_what_was_remembered_and_is_damaged_is_measured_again(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch, rows: Any
) -> None:
    monkeypatch.setattr(calibration, "measure", lambda model: Calibration(rows=4))
    calibrated(model)
    (file,) = cache.iterdir()
    file.write_text(json.dumps({**json.loads(file.read_text()), "rows": rows}))
    assert [calibrated(model).rows for _ in range(2)] == [4, 4]
    assert json.loads(file.read_text())["rows"] == 4


def test_of_two_that_measure_at_once_the_first_decides(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(model: LoadedModel) -> Calibration:
        monkeypatch.setattr(calibration, "measure", lambda model: Calibration(rows=4))
        assert calibrated(model).rows == 4  # another process, which is done before
        return Calibration(rows=12)

    monkeypatch.setattr(calibration, "measure", slow)
    assert calibrated(model).rows == 4
    assert [file.suffix for file in cache.iterdir()] == [".json"]


def test_a_model_whose_rows_see_each_other_is_remembered_as_such(
    cache: Path, model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibration, "why_one_by_one", lambda model: "they differ")
    for _ in range(2):
        found = calibrated(model)
        assert found.rows is None
        (event,) = [e for e in paint(found, population(model)[:1]) if isinstance(e, Finished)]
        assert event.record["one_by_one"] == "they differ"
        assert event.record["rows"] is None
        monkeypatch.setattr(calibration, "why_one_by_one", lambda model: pytest.fail("tried again"))
