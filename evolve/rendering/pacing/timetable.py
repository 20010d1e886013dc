"""The timesteps of a sampler in main memory.

Pipelines put them on the device. A sampler that looks there where it is in its schedule waits each
time for all that the GPU still has to do, and the GPU then for what comes next.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import torch

from evolve.rendering.pacing.unhurried import Unhurried
from evolve.rendering.pipeline.noise_levels import Level, levels


class Timetable:
    """What is known of a sampler's steps from when they are set."""

    def __init__(self, sampler: Any) -> None:
        """Watch `sampler.set_timesteps`, of a sampler that is fresh."""
        self._sampler = sampler
        self._there: torch.Tensor | None = None
        self._here: Sequence[torch.Tensor] | None = None
        self._levels: list[Level] | None = None
        set_timesteps = sampler.set_timesteps

        @functools.wraps(set_timesteps)  # pipelines read its signature
        def watched(*args: Any, **kwargs: Any) -> Any:
            with Unhurried() as sending:
                answer = set_timesteps(*args, **kwargs)
            self._look(sending)
            return answer

        sampler.set_timesteps = watched

    def levels(self) -> list[Level] | None:
        """Return the levels of the steps (see `noise_levels.levels`)."""
        if self._there is not None and self._there is self._sampler.timesteps:
            return self._levels
        return levels(self._sampler)

    def here(self, step: int, timestep: Any) -> Any:
        """Return a timestep in main memory, if it is the one of that step, from 0; else as it is.

        It is the one if it lies in the same place: to compare numbers would be to wait for them.
        """
        there, here = self._there, self._here
        if there is None or here is None or there is not self._sampler.timesteps:
            return timestep
        if not torch.is_tensor(timestep) or timestep.ndim or step >= len(there):
            return timestep
        place = there.data_ptr() + step * there.stride(0) * there.element_size()
        return here[step] if timestep.data_ptr() == place else timestep

    def _look(self, sending: Unhurried) -> None:
        sampler, there = self._sampler, self._sampler.timesteps
        if not torch.is_tensor(there) or not there.numel():
            return
        here = sending.known(there)
        here = there.cpu() if here is None else here
        self._there, self._here = there, here.unbind()
        self._levels = levels(sampler)
        alone = here.tolist().count(here[0].item()) == 1
        if alone and getattr(sampler, "begin_index", 0) is None:
            sampler.set_begin_index(0)  # where it would find itself by looking
