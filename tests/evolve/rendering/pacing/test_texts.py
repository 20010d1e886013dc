"""Texts are encoded in rows, as is recorded, to the same bits; what several ask is read once."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tiny
import torch
from crowds import Desk, finished, latents, paint, population
from uneven_rows import uneven

from evolve.genome import Prompt
from evolve.genome.settings import Settings
from evolve.models.loading import LoadedModel, load_model
from evolve.rendering.batching.fibres import Hub
from evolve.rendering.manner import USUAL, Manner
from evolve.rendering.pacing.texts import encoders_of
from evolve.rendering.pipeline import ready_model
from evolve.rendering.protocol import Finished, Job, Stepped
from evolve.rendering.tuning import suiting
from evolve.rendering.tuning.suiting import tried


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedModel:
    folder = tiny.save(tmp_path_factory.mktemp("models") / "small")
    return load_model(str(folder), device="cpu").with_rows(8)


@pytest.fixture
def model(loaded: LoadedModel) -> LoadedModel:
    return loaded.in_manner(Manner(encode_rows=4))


@pytest.fixture
def read(model: LoadedModel, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Texts of each forward of the text encoder."""
    encoder, seen = model.pipeline.text_encoder, list[int]()
    forward = encoder.forward

    def counted(input_ids: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        seen.append(len(input_ids))
        return forward(input_ids, *args, **kwargs)

    monkeypatch.setattr(encoder, "forward", counted)
    return seen


def test_a_picture_is_the_same_alone_in_a_crowd_and_reversed(model: LoadedModel) -> None:
    genomes = population(model)
    crowd = latents(events := paint(model, genomes))
    alone = [latents(paint(model, [genome]))[0] for genome in genomes]
    reverse = latents(paint(model, genomes[::-1]))[::-1]
    np.testing.assert_array_equal(np.stack(crowd), np.stack(alone))
    np.testing.assert_array_equal(np.stack(crowd), np.stack(reverse))
    records = [event.record for event in events if isinstance(event, Finished)]
    assert [record["manner"] for record in records] == [{"encode_rows": 4}] * 4


def test_what_several_ask_is_read_once(model: LoadedModel, read: list[int]) -> None:
    alike = [replace(genome, prompt=Prompt.parse("a cat")) for genome in population(model)]
    paint(model, [replace(g, settings=alike[1].settings) for g in alike])
    assert read == [4, 4]  # the words, then the negative prompt; padded


def test_no_more_are_begun_than_fit_while_their_texts_are_read(model: LoadedModel) -> None:
    genomes = [replace(g, settings=population(model)[1].settings) for g in population(model)] * 2
    steps = [
        event.step for event in paint(model.with_rows(4), genomes) if isinstance(event, Stepped)
    ]
    assert steps[:3] == [0, 0, 1]  # two with guidance fill four rows


def test_with_too_little_memory_fewer_are_read_at_once_and_recorded_so(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = model.pipeline.text_encoder
    forward = encoder.forward

    def starved(input_ids: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        if len(input_ids) > 2:
            raise torch.OutOfMemoryError
        return forward(input_ids, *args, **kwargs)

    monkeypatch.setattr(encoder, "forward", starved)
    events = paint(model, population(model))
    records = [event.record for event in events if isinstance(event, Finished)]
    assert [record["manner"] for record in records] == [{"encode_rows": 2}] * 4


def test_texts_read_in_fewer_rows_for_want_of_memory_are_read_again_when_there_is_enough(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, short = model.pipeline.text_encoder, [True]
    forward = encoder.forward

    def starved(input_ids: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        if short and len(input_ids) > 2:
            raise torch.OutOfMemoryError
        output = forward(input_ids, *args, **kwargs)
        output[0].add_(len(input_ids))  # as if the number of rows changed its bits
        return output

    monkeypatch.setattr(encoder, "forward", starved)
    (genome, *_), desk = population(model), Desk(model)
    for k in range(2):
        desk.work(Job(k, genome))
        short.clear()
    first, second = finished(desk.events)
    assert [each.record["manner"] for each in (first, second)] == [
        {"encode_rows": 2},
        {"encode_rows": 4},
    ]
    assert not np.array_equal(first.latent, second.latent)  # type: ignore[arg-type]


def test_the_record_says_in_how_many_rows_its_own_texts_were_read(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, seen = model.pipeline.text_encoder, list[int]()
    forward = encoder.forward

    def starved(input_ids: torch.Tensor, *args: Any, **kwargs: Any) -> Any:
        if seen and len(input_ids) > 2:
            raise torch.OutOfMemoryError
        seen.append(len(input_ids))
        return forward(input_ids, *args, **kwargs)

    monkeypatch.setattr(encoder, "forward", starved)
    alone = replace(population(model)[3], settings=Settings(guidance_scale=1.0, steps=5))
    later = replace(alone, prompt=Prompt.parse("the moon"))
    desk = Desk(model)

    def ask() -> None:
        if desk.events and isinstance(last := desk.events[-1], Stepped) and last.step == 2:
            desk.painter.take([Job(1, later), Job(2, alone)])

    desk.work(Job(0, alone), attend=ask)
    rows = [event.record["manner"]["encode_rows"] for event in finished(desk.events)]
    assert rows == [4, 2, 4]


def test_texts_whose_places_differ_on_a_gpu_are_read_one_by_one_and_recorded_so(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    uneven(monkeypatch, model.pipeline.text_encoder, lambda rows: slice(2, 3), by=1e-2)
    monkeypatch.setattr(ready_model, "Hub", lambda *a, tries, **k: Hub(*a, tries=True, **k))
    genomes = population(model)
    events = paint(model, genomes)
    records = [event.record for event in events if isinstance(event, Finished)]
    assert ["manner" in record for record in records] == [False] * 4
    replayed = paint(model.in_manner(USUAL), genomes)
    np.testing.assert_array_equal(latents(events), latents(replayed))


def test_a_trial_leaves_a_manner_in_which_texts_are_read_and_pictures_decoded(
    loaded: LoadedModel,
) -> None:
    assert list(encoders_of(loaded.pipeline)) == ["text_encoder"]
    manner = tried(loaded)
    assert manner.encode_rows in (None, 4)
    assert len(finished(paint(loaded.in_manner(manner), population(loaded)[:2]))) == 2


@pytest.mark.parametrize(("place", "rows"), [(2, None), (4, 4)])
def test_texts_are_read_at_once_only_where_each_place_reads_the_same(
    loaded: LoadedModel, monkeypatch: pytest.MonkeyPatch, place: int, rows: int | None
) -> None:
    encoder = loaded.pipeline.text_encoder
    uneven(monkeypatch, encoder, lambda rows: slice(place, place + 1), by=1e-5)
    monkeypatch.setattr(suiting, "_seconds", lambda model, compute: 1.0)
    monkeypatch.setattr(suiting, "_may_gain", lambda denoiser: False)
    for other in ("_in_half", "_in_rows"):
        monkeypatch.setattr(suiting, other, lambda model, manner, *others: manner)
    assert tried(loaded).encode_rows == rows
