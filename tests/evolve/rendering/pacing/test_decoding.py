"""Pictures are decoded in rows, in half precision or in tiles, as is recorded, to the same bits."""

import functools
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from crowds import Desk, finished, jobs, paint, population
from families import model_of
from uneven_rows import uneven

from evolve.models.loading import LoadedModel
from evolve.rendering.manner import USUAL, Manner
from evolve.rendering.pacing.decoding import Decode
from evolve.rendering.protocol import Finished, RenderEvent
from evolve.rendering.tuning import suiting
from evolve.rendering.tuning.suiting import tried
from evolve.session.archive import Picture


@pytest.fixture(scope="module")
def loaded() -> LoadedModel:
    return model_of("Stable Diffusion")


@pytest.fixture
def model(loaded: LoadedModel) -> Iterator[LoadedModel]:
    yield loaded
    loaded.in_manner(Manner(channels_last=True)).in_manner(USUAL)


def pictures(events: list[RenderEvent]) -> list[Picture]:
    return [event.picture for event in finished(events)]


def records(events: list[RenderEvent]) -> list[Any]:
    return [event.record.get("manner") for event in finished(events)]


MANNERS = (
    USUAL,
    Manner(decode_rows=4),
    Manner(decode_in="bfloat16", decode_rows=2),
    Manner(channels_last=True),
)


@pytest.mark.parametrize("manner", MANNERS, ids=lambda manner: str(manner.to_json()))
def test_a_picture_is_the_same_alone_in_a_crowd_and_reversed(
    model: LoadedModel, manner: Manner
) -> None:
    model, genomes = model.in_manner(manner), population(model)
    crowd = pictures(events := paint(model, genomes))
    alone = [pictures(paint(model, [genome]))[0] for genome in genomes]
    reverse = pictures(paint(model, genomes[::-1]))[::-1]
    np.testing.assert_array_equal(np.stack(crowd), np.stack(alone))
    np.testing.assert_array_equal(np.stack(crowd), np.stack(reverse))
    assert records(events) == [manner.to_json() or None] * 4


def test_a_vae_of_videos_is_decoded_in_half_precision_too() -> None:
    model = model_of("Qwen-Image").in_manner(Manner(decode_in="bfloat16"))
    assert records(paint(model, population(model)[:1])) == [{"decode_in": "bfloat16"}]


@torch.no_grad()
def test_a_vae_that_draws_noise_draws_the_same_each_time(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    vae, decode = model.pipeline.vae, model.pipeline.vae.decode

    @functools.wraps(decode)  # its signature is read
    def drawing(z: torch.Tensor, generator: torch.Generator | None = None) -> Any:
        return decode(z + torch.randn(z.shape, generator=generator))

    monkeypatch.setattr(vae, "decode", drawing)
    one, again = (Decode(vae)(torch.zeros(1, 4, 8, 8)) for _ in range(2))
    assert torch.equal(one, again)


def test_what_finishes_together_is_decoded_at_once(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoder, decoded = model.pipeline.vae.decoder, []
    forward = decoder.forward
    monkeypatch.setattr(
        decoder, "forward", lambda z, *args: (decoded.append(len(z)), forward(z, *args))[1]
    )
    alike = [replace(g, settings=population(model)[0].settings) for g in population(model)]
    paint(model.in_manner(Manner(decode_rows=4)), alike)
    assert decoded == [4]


def test_the_first_pictures_do_not_wait_for_those_that_take_long(model: LoadedModel) -> None:
    genomes = [
        replace(genome, settings=replace(genome.settings, steps=steps))
        for genome, steps in zip(population(model), (1, 30, 30, 30), strict=True)
    ]
    events = paint(model.in_manner(Manner(decode_rows=4)), genomes)
    first = next(e for e in events if isinstance(e, Finished))
    assert first.id == 0
    assert first.passes <= 6


def test_where_half_precision_is_too_small_a_picture_is_painted_again_in_full(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    weight = model.pipeline.vae.decoder.conv_in.weight
    monkeypatch.setattr(weight, "data", weight.data * 1e6)  # beyond float16, not beyond float32
    expected = pictures(paint(model, population(model)))
    events = paint(model.in_manner(Manner(decode_in="float16")), population(model))
    np.testing.assert_array_equal(np.stack(pictures(events)), np.stack(expected))
    assert records(events) == [None] * 4


def test_the_page_after_one_beyond_half_precision_is_decoded_as_before(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    manner, genomes = Manner(decode_in="float16", decode_rows=2), population(model)[:2]
    expected = paint(model.in_manner(manner), genomes)
    desk = Desk(model.in_manner(manner))
    bias = model.pipeline.vae.decoder.conv_in.bias
    with monkeypatch.context() as patched:
        patched.setattr(bias, "data", bias.data + 1e6)
        events = desk.work(*jobs(genomes))
    # The copy in half precision was made of what was patched.
    desk.painter.ready.decoder._module.samples.clear()
    assert records(events) == [{"decode_rows": 2}] * 2
    events = desk.work(*jobs(genomes))
    assert records(events) == [manner.to_json()] * 2
    np.testing.assert_array_equal(np.stack(pictures(events)), np.stack(pictures(expected)))


def test_the_page_after_too_little_memory_is_painted_as_before(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    vae, unet, genomes = model.pipeline.vae, model.pipeline.unet, population(model)[:2]
    model = model.in_manner(Manner(decode_rows=4)).with_rows(8)
    monkeypatch.setattr(vae, "tile_latent_min_size", 4)
    monkeypatch.setattr(vae, "tile_sample_min_size", 4 * model.scale)
    expected = paint(model, genomes)
    desk = Desk(model)
    with monkeypatch.context() as patched:
        patched.setattr(vae.decoder, "forward", short_of_memory(9, 4)(vae.decoder.forward))
        patched.setattr(unet, "forward", short_of_memory(4, 99)(unet.forward))
        events = desk.work(*jobs(genomes))
    assert records(events) == [{"decode_rows": 1, "tiled": True}] * 2
    short = [e.record for e in events if isinstance(e, Finished)]
    assert {record["rows"] for record in short} == {4}
    events = desk.work(*jobs(genomes))
    after = [e.record for e in events if isinstance(e, Finished)]
    assert records(events) == [{"decode_rows": 4}] * 2
    assert all(record["rows"] == 8 and "rows_before" not in record for record in after)
    np.testing.assert_array_equal(np.stack(pictures(events)), np.stack(pictures(expected)))


def short_of_memory(largest: int, side: int) -> Any:
    """Return a decoder's forward without memory for more rows, or for larger latents."""

    def limited(forward: Any) -> Any:
        @functools.wraps(forward)  # its signature is read
        def decode(z: torch.Tensor | None = None, *args: Any, **kwargs: Any) -> Any:
            z = kwargs.pop("sample") if z is None else z
            if len(z) > largest or z.shape[-1] > side:
                raise torch.OutOfMemoryError
            return forward(z, *args, **kwargs)

        return decode

    return limited


def test_with_too_little_memory_fewer_are_decoded_at_once_and_recorded_so(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoder = model.pipeline.vae.decoder
    monkeypatch.setattr(decoder, "forward", short_of_memory(2, 99)(decoder.forward))
    events = paint(model.in_manner(Manner(decode_rows=4)), population(model))
    assert records(events) == [{"decode_rows": 2}] * 4
    expected = paint(model.in_manner(Manner(decode_rows=2)), population(model))
    np.testing.assert_array_equal(np.stack(pictures(events)), np.stack(pictures(expected)))


def test_a_picture_too_large_to_be_decoded_at_once_is_decoded_in_tiles_and_recorded_so(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    vae = model.pipeline.vae
    monkeypatch.setattr(vae, "tile_latent_min_size", 4)
    monkeypatch.setattr(vae, "tile_sample_min_size", 4 * model.scale)
    with monkeypatch.context() as patched:
        patched.setattr(vae.decoder, "forward", short_of_memory(9, 4)(vae.decoder.forward))
        events = paint(model, population(model)[:1])
    assert records(events) == [{"tiled": True}]
    again = paint(model.in_manner(Manner(tiled=True)), population(model)[:1])
    np.testing.assert_array_equal(pictures(events)[0], pictures(again)[0])
    assert not vae.use_tiling


@pytest.mark.parametrize(("place", "most"), [(1, None), (5, 4)])
def test_a_trial_takes_only_rows_that_decode_the_same_at_every_place(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch, place: int, most: int | None
) -> None:
    decoder = model.pipeline.vae.decoder
    uneven(monkeypatch, decoder, lambda rows: slice(place, place + 1), by=1e-5)
    # In half precision a copy decodes, which would call this one.
    monkeypatch.setattr(suiting, "_seconds", lambda model, compute: 1.0)
    monkeypatch.setattr(suiting, "_in_half", lambda model, manner, *others: manner)
    monkeypatch.setattr(suiting, "_may_gain", lambda denoiser: False)
    assert tried(model).decode_rows == most


def test_a_cancelled_job_leaves_nothing_behind(model: LoadedModel) -> None:
    painter = (desk := Desk(model.in_manner(Manner(decode_rows=4)))).painter
    painter.take(jobs(population(model)))
    painter.cancelled.update(range(4))
    desk.work()
    assert not painter.queue
    assert not painter.hub.waiting


@pytest.mark.parametrize(
    "found",
    [None, 3, {}, {"decode_rows": 0, "decode_in": "int8", "tiled": 1}, {"decode_rows": True}],
)
def test_a_record_that_makes_no_sense_is_as_it_always_was(found: Any) -> None:
    assert Manner.recorded({"manner": found}) == USUAL


def test_a_manner_is_read_as_it_was_recorded() -> None:
    manner = Manner(decode_rows=4, decode_in="float16", tiled=True, channels_last=True)
    assert Manner.recorded({"manner": manner.to_json()}) == manner
    assert Manner.recorded({"manner": {**manner.to_json(), "of_another_version": True}}) == manner
    assert manner.on("cuda:1") == manner
    assert manner.on("cpu") == Manner(decode_rows=4, tiled=True)
    half = Manner(decode_in="bfloat16")
    assert half.on("cpu", "bfloat16") == half
    assert half.on("cpu", "float32") == half.on("mps", "bfloat16") == USUAL
