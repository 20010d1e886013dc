"""Pages whose forwards are replayed, as on a GPU: the same bits, and memory given back in time."""

import functools
import math
from typing import Any

import numpy as np
import pytest
import torch
from crowds import Desk, finished, jobs, paint, population
from families import model_of
from recordings import Recorder

from evolve.models.loading import LoadedModel
from evolve.rendering.batching.replaying import CHECKED, Replays
from evolve.rendering.manner import USUAL, Manner
from evolve.rendering.pacing.decoding import Decode
from evolve.rendering.pipeline import ready_model
from evolve.rendering.protocol import Failed, Finished, Job
from evolve.rendering.tuning import measuring
from evolve.rendering.tuning.measuring import Trial
from evolve.rendering.tuning.self_test import latents_of


@pytest.fixture
def model() -> LoadedModel:
    return model_of("Stable Diffusion")


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """Of all that paints from now on."""
    recorder = Recorder()
    monkeypatch.setattr(ready_model, "replays_of", lambda model: recorder.replays())
    return recorder


@pytest.mark.parametrize("manner", [USUAL, Manner(decode_rows=2), Manner(decode_in="bfloat16")])
def test_pictures_are_those_that_are_painted_without(
    model: LoadedModel, manner: Manner, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, genomes = model.in_manner(manner), population(model) * 2
    expected = finished(paint(model, genomes))
    recorder = Recorder()
    monkeypatch.setattr(ready_model, "replays_of", lambda model: recorder.replays())
    forwards: list[int] = []
    decode = Decode.forward

    def noted(self: Decode, z: torch.Tensor, half: str | None = None) -> torch.Tensor:
        before = recorder.replayed
        picture = decode(self, z, half)
        forwards.append(recorder.replayed - before)
        return picture

    monkeypatch.setattr(Decode, "forward", noted)
    for one, other in zip(finished(paint(model, genomes)), expected, strict=True):
        np.testing.assert_array_equal(one.picture, other.picture)
        np.testing.assert_array_equal(one.latent, other.latent)
    assert 1 in forwards  # pictures were decoded so
    assert recorder.replayed > sum(forwards)  # and forwards of the denoiser run


def decoded(decode: Decode, times: int) -> list[torch.Tensor]:
    with torch.no_grad():
        return [decode(z=torch.full((1, 4, 8, 8), k / times)) for k in range(times)]


def test_what_is_decoded_in_tiles_is_not_recorded(model: LoadedModel) -> None:
    recorder = Recorder()
    decode = Decode(model.pipeline.vae, recorder.replays(), tiled=True)
    decoded(decode, 5)
    assert recorder.made == 0
    decode.tiled = False
    decoded(decode, 5)
    assert recorder.made == 1


def test_weights_of_the_decoder_that_moved_are_recorded_again(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder, vae = Recorder(), model.pipeline.vae
    decode = Decode(vae, recorder.replays())
    decoded(decode, 6)
    for parameter in vae.parameters():
        monkeypatch.setattr(parameter, "data", parameter.data * 1.5)
    expected = decoded(Decode(vae), 6)
    for one, other in zip(decoded(decode, 6), expected, strict=True):
        assert torch.equal(one, other)
    assert recorder.made == 2


def test_a_trial_takes_the_time_of_replayed_forwards_and_gives_them_up(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder, shared = Recorder(), list[Replays]()
    replays = shared.append
    monkeypatch.setattr(
        ready_model, "replays_of", lambda model: (replays(recorder.replays()), shared[-1])[1]
    )
    monkeypatch.setattr(measuring, "ENOUGH_S", math.inf)
    found = Trial(model, rows := (2, 4)).run()
    assert set(found) == set(rows)
    assert recorder.made == len(rows)
    assert recorder.replayed == len(rows) * (CHECKED + 2)
    latents_of(model, population(model) * 2)
    assert recorder.made > len(rows)
    assert [each.works for each in shared] == [False] * 2
    assert not any(each.stop() for each in shared)


def short_at_the_end(pipeline: Any, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Have memory be short so many times where nothing of it is merged."""
    postprocess = pipeline.image_processor.postprocess
    left = [times]

    @functools.wraps(postprocess)
    def limited(*args: Any, **kwargs: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise torch.OutOfMemoryError
        return postprocess(*args, **kwargs)

    monkeypatch.setattr(pipeline.image_processor, "postprocess", limited)


@pytest.mark.parametrize(("times", "end"), [(1, Finished), (2, Failed)])
def test_where_memory_is_short_recordings_are_given_up_before_a_picture_is(
    model: LoadedModel,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    times: int,
    end: type,
) -> None:
    desk = Desk(model.with_rows(4))
    desk.work(*jobs(population(model)))
    assert recorder.made
    short_at_the_end(model.pipeline, monkeypatch, times)
    events = desk.work(Job(9, population(model)[0]))
    ends = [event for event in events if isinstance(event, Failed | Finished)]
    assert [type(event) for event in ends] == [end]
