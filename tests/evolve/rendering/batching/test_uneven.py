"""Calls whose rows depend on their place in a forward run alone, and are recorded so."""

import operator

import numpy as np
import pytest
import torch
from crowds import finished, paint, population
from families import model_of
from greenlet import greenlet
from uneven_rows import middle, uneven

from evolve.models.loading import LoadedModel
from evolve.rendering.batching.fibres import Hub
from evolve.rendering.batching.station import Station
from evolve.rendering.manner import USUAL, Manner
from evolve.rendering.pipeline import ready_model


class Uneven(torch.nn.Module):
    """Adds a little to the last row of full forwards of wide rows."""

    def __init__(self, memory: int = 99) -> None:
        super().__init__()
        self.sizes, self.memory = list[int](), memory

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if len(x) > self.memory:
            raise torch.OutOfMemoryError
        self.sizes.append(len(x))
        moved = x * 2
        if x.shape[1] > 2 and len(x) > 2:
            moved[-1] += 2.0**-10
        return moved


def answered(station: Station, *values: torch.Tensor) -> list[torch.Tensor]:
    for value in values:
        station.park(greenlet(), (value,), {})
    return [call.answer for call in station.answer()]


def test_each_form_of_call_is_tried_once_and_runs_alone_where_places_differ() -> None:
    station = Station(Uneven(), 4, tries=True)
    for _ in range(2):
        for width in (2, 3):
            values = [torch.full((1, width), float(k)) for k in range(4)]
            for value, answer in zip(values, answered(station, *values), strict=True):
                assert torch.equal(answer, value * 2)
            assert station.last_rows == (4 if width == 2 else None)
    assert station.module.sizes == [4, 4, 4, 1, 1, 1, 1, 4, 1, 1, 1, 1]


def test_fewer_rows_for_want_of_memory_are_tried_as_well() -> None:
    station = Station(Uneven(memory=6), 8, tries=True)
    values = [torch.full((1, 3), float(k)) for k in range(8)]
    for value, answer in zip(values, answered(station, *values), strict=True):
        assert torch.equal(answer, value * 2)
    assert station.rows == 4
    assert station.last_rows is None


def test_what_overflows_at_every_place_is_the_same_at_every_place() -> None:
    station = Station(Uneven(), 4, tries=True)
    for _ in range(2):
        answered(station, *[torch.tensor([[float("nan"), k]]) for k in range(4)])
        assert station.last_rows == 4


def test_a_call_that_fits_in_only_once_is_beside_no_other() -> None:
    station = Station(module := Uneven(), 4, tries=True)
    values = [torch.zeros(1, 2), torch.ones(3, 2), torch.ones(1, 2)]
    for value, answer in zip(values, answered(station, *values), strict=True):
        assert torch.equal(answer, value * 2)
    assert module.sizes == [4, 4, 4, 4]  # the first is the trial of calls of one row
    assert station.last_rows == 4


class Listed(torch.nn.Module):
    """Takes texts of any length, and treats the last otherwise where they are long."""

    def forward(self, x: list[torch.Tensor]) -> list[torch.Tensor]:
        moved = [each * 2 for each in x]
        if len(x) > 1 and len(x[0]) > 4:
            moved[-1] = moved[-1] + 2.0**-10
        return moved


def test_texts_of_other_lengths_are_other_forms() -> None:
    station = Station(Listed(), 4, tries=True)
    for length, rows in ((3, 4), (5, None), (3, 4)):
        call = station.park(greenlet(), ([torch.ones(length, 2)],), {})
        station.answer()
        assert torch.equal(call.answer[0], torch.full((length, 2), 2.0))
        assert station.last_rows == rows


def test_what_fails_where_it_is_tried_fails_for_the_call_that_asked() -> None:
    station = Station(Uneven(memory=0), 1, tries=True)
    station.park(greenlet(), (torch.zeros(1, 3),), {})
    (call,) = station.answer()
    assert isinstance(call.error, MemoryError)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> LoadedModel:
    """A model that is tried as on a GPU."""
    monkeypatch.setattr(ready_model, "Hub", lambda *a, tries, **k: Hub(*a, tries=True, **k))
    return model_of("Stable Diffusion")


@pytest.mark.parametrize("part", ["unet", "vae.decoder"])
def test_pictures_of_a_size_whose_rows_differ_are_painted_alone_to_the_same_bits(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    uneven(monkeypatch, operator.attrgetter(part)(model.pipeline), middle(3), by=1e-2)
    manner = Manner(decode_rows=4)
    model, genomes = model.in_manner(manner), population(model)
    crowd = paint(model, genomes)
    rows, decoded = (None, manner) if part == "unet" else (model.rows, USUAL)
    for event in finished(crowd):
        assert event.record["rows"] == rows
        assert Manner.recorded(event.record) == decoded
    replayed = model.with_rows(rows).in_manner(decoded)
    for k, event in enumerate(finished(crowd)):
        for way in (model, replayed):
            (alone,) = finished(paint(way, [genomes[k]]))
            np.testing.assert_array_equal(alone.latent, event.latent)
            np.testing.assert_array_equal(alone.picture, event.picture)
