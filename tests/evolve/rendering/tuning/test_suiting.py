"""On a GPU the manner of painting is tried once, and remembered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from families import model_of
from recordings import Recorder

from evolve.models.loading import LoadedModel, load_model
from evolve.models.machine import openvino, trials
from evolve.rendering.manner import USUAL, Manner
from evolve.rendering.tuning import suiting


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    """As if it were on a GPU."""
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)
    return replace(model_of("Stable Diffusion"), device="cuda")


def test_what_was_found_is_remembered(model: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> None:
    manner, begun = Manner(decode_rows=4, decode_in="float16"), list[int]()
    monkeypatch.setattr(suiting, "tried", lambda model: manner)
    found = suiting.suited(model, begin=lambda: begun.append(1))
    monkeypatch.setattr(suiting, "tried", lambda model: pytest.fail("tried again"))
    again = suiting.suited(model, begin=lambda: begun.append(2))
    assert found.manner == again.manner == manner
    assert found.info.record["manner"] == {"decode_rows": 4, "decode_in": "float16"}
    assert begun == [1]


def test_what_an_older_trial_found_is_tried_again(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It took the time of one decoding in full precision as it was without a recording."""
    before, now = Manner(decode_in="float16"), Manner(decode_rows=4)
    old = {**model.info.record, "trial": "manner", "version": 4, "latent": list(model.info.latent)}
    trials.remember(old, {"manner": before.to_json()})
    monkeypatch.setattr(suiting, "tried", lambda model: now)
    assert suiting.suited(model).manner == now


def test_the_embedded_model_is_decoded_in_what_the_cpu_computes_in(model: LoadedModel) -> None:
    embedded = replace(model, device="cpu", info=replace(model.info, name="portraits"))
    assert suiting.suited(embedded) is embedded
    half = suiting.suited(replace(embedded, dtype=torch.bfloat16))
    assert half.manner == Manner(decode_in="bfloat16")
    assert half.info.record["manner"] == {"decode_in": "bfloat16"}
    other = replace(model, device="cpu", dtype=torch.bfloat16)
    assert suiting.suited(other) is other


@pytest.mark.skipif(not openvino.available(), reason="the extra 'openvino' is not installed")
def test_the_embedded_model_is_computed_in_streams_by_openvino_but_for_older_pictures() -> None:
    loaded = suiting.suited(load_model("portraits", device="cpu"))
    assert loaded.manner == Manner(streams=True)
    assert loaded.info.record["manner"] == {"streams": True}
    before = loaded.in_manner(Manner.recorded({}))
    assert not before.denoiser.divides
    assert "manner" not in before.info.record


def test_a_model_that_openvino_does_not_compute_has_no_streams(model: LoadedModel) -> None:
    assert model.in_manner(Manner(streams=True)).manner == USUAL


def test_a_trial_that_fails_leaves_a_model_that_paints_as_always(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(model: LoadedModel) -> Manner:
        model.in_manner(Manner(channels_last=True))
        raise RuntimeError("this kind of convolution is not there")

    released: list[str] = []
    monkeypatch.setattr(suiting, "tried", failing)
    monkeypatch.setattr(suiting, "relieve", released.append)
    found = suiting.suited(model)
    assert found.manner == USUAL
    assert "manner" not in found.info.record
    assert model.denoiser.conv_in.weight.is_contiguous()  # type: ignore[operator, union-attr]
    assert released == ["cuda"]
    monkeypatch.setattr(suiting, "tried", lambda model: Manner(decode_rows=2))
    assert suiting.suited(model).manner == Manner(decode_rows=2)  # it is tried another time


@pytest.mark.parametrize(
    ("before", "after", "taken"),
    [
        ({8: 0.027, 16: 0.048}, {8: 0.028, 16: 0.052}, False),
        ({8: 0.027, 16: 0.048}, {8: 0.022, 16: 0.052}, False),  # not all of them together
        ({8: 0.027, 16: 0.048}, {8: 0.026, 16: 0.041}, True),
        ({8: 0.027, 16: 0.048}, {8: 0.02}, True),  # memory was short for the others
        ({8: 0.027}, {}, False),
    ],
)
def test_another_order_in_memory_is_taken_where_forwards_as_in_painting_gain(
    model: LoadedModel,
    monkeypatch: pytest.MonkeyPatch,
    before: Mapping[int, float],
    after: Mapping[int, float],
    taken: bool,
) -> None:
    class Timed:
        def __init__(self, model: LoadedModel, rows: Sequence[int]) -> None:
            assert tuple(rows) == suiting.DENOISED
            self.run = lambda: after if model.manner.channels_last else before

    monkeypatch.setattr(suiting, "Trial", Timed)
    monkeypatch.setattr(suiting, "_may_gain", lambda denoiser: True)
    monkeypatch.setattr(suiting, "asked_of_parts", lambda model: ([], {}))
    on_cpu = replace(model, device="cpu")
    assert suiting.tried(on_cpu).channels_last is taken
    last = model.denoiser.conv_in.weight.is_contiguous(  # type: ignore[operator, union-attr]
        memory_format=torch.channels_last
    )
    assert last is taken


def test_latents_are_decoded_in_the_trial_as_in_painting_replayed(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder, replayed = Recorder(), list[int]()

    def noted(model: LoadedModel, compute: Callable[[], object]) -> float:
        before = recorder.replayed
        for _ in range(suiting.FORWARDS):
            compute()
        replayed.append(recorder.replayed - before)
        return 1.0

    monkeypatch.setattr(suiting, "_may_gain", lambda denoiser: False)
    monkeypatch.setattr(suiting, "_in_reading", lambda model, manner, asked: manner)
    monkeypatch.setattr(suiting, "_seconds", noted)
    monkeypatch.setattr(suiting, "ROWS", (2,))
    monkeypatch.setattr(suiting, "replays_of", lambda model: recorder.replays())
    suiting.tried(replace(model, device="cpu"))
    assert len(replayed) == 4  # as exact as the model, in half precision, again, and in rows
    assert all(replayed)
