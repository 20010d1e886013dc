"""A sampler knows its steps in main memory, and does the same with them."""

from typing import Any
from unittest import mock

import pytest
import torch
from families import model_of

from evolve.genome.settings import SAMPLERS
from evolve.rendering.pacing import unhurried
from evolve.rendering.pacing.timetable import Timetable
from evolve.rendering.pipeline.noise_levels import levels
from evolve.rendering.pipeline.samplers import make_sampler

SCHEDULER = model_of("Stable Diffusion").pipeline.scheduler


@pytest.fixture
def cpu_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unhurried, "KIND", "cpu")


def walked(sampler: Any, *, steps: int = 5) -> torch.Tensor:
    """Return what a sampler comes to with a denoiser that halves the sample."""
    sampler.set_timesteps(steps, device="cpu")
    sample = torch.linspace(-1, 1, 32).reshape(1, 2, 4, 4) * sampler.init_noise_sigma
    for timestep in sampler.timesteps:
        given = sampler.scale_model_input(sample, timestep)
        sample = sampler.step(given / 2, timestep, sample).prev_sample
    return sample


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_watched_sampler_walks_as_one_that_is_not(name: str) -> None:
    watched = make_sampler(SCHEDULER, name)
    table = Timetable(watched)
    found = walked(watched)
    assert table.levels() == levels(watched)
    for _ in range(2):  # each is a copy of a sampler that has walked nowhere
        assert torch.equal(found, walked(make_sampler(SCHEDULER, name)))


@pytest.mark.parametrize("name", SAMPLERS)
def test_what_is_sent_to_the_device_is_known_here_without_asking_there(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unhurried, "KIND", "meta")
    table = Timetable(sampler := make_sampler(SCHEDULER, name))
    sampler.set_timesteps(5, device="meta")  # from which nothing comes back
    assert sampler.timesteps.is_meta
    expected = make_sampler(SCHEDULER, name)
    expected.set_timesteps(5)
    step = sampler.timesteps[0]
    assert table.here(0, step).item() == expected.timesteps[0].item()
    assert table.here(0, step).dtype == expected.timesteps.dtype
    assert table.levels() == levels(expected)


def test_only_the_timestep_of_the_step_itself_is_exchanged() -> None:
    table = Timetable(sampler := make_sampler(SCHEDULER, "euler"))
    sampler.set_timesteps(4)
    own = sampler.timesteps
    assert table.here(2, own[2]).item() == own[2].item()
    other = own[2].clone()
    assert table.here(2, other) is other
    assert table.here(1, own[2]).item() == own[2].item()
    assert table.here(9, own[2]).item() == own[2].item()
    sampler.timesteps = own.clone()  # set by somebody else since
    assert table.levels() == levels(sampler)
    assert table.here(2, other) is other


@pytest.mark.usefixtures("cpu_is_not_waited_for")
def test_numbers_without_a_device_stay_in_main_memory() -> None:
    with unhurried.Unhurried(numbers=True):
        assert torch.tensor(2.5).item() == 2.5
        assert torch.tensor([2], device=None).tolist() == [2]
        assert torch.ones(()).item() == 1


@pytest.mark.usefixtures("cpu_is_not_waited_for")
def test_numbers_and_solutions_on_the_device_are_the_same_without_waiting() -> None:
    expected = walked(make_sampler(SCHEDULER, "unipc"), steps=7)
    with (
        mock.patch.object(torch.linalg, "solve_ex", wraps=torch.linalg.solve_ex) as solved,
        unhurried.Unhurried(),
    ):
        found = walked(make_sampler(SCHEDULER, "unipc"), steps=7)
    assert solved.called
    assert torch.equal(found, expected)
