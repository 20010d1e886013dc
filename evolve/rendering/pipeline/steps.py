"""The one place in which painting is observed and changed: the sampler's `step`.

Every pipeline calls `scheduler.step` once per step, whatever its family, while not all offer a
callback. The method is replaced on the sampler's instance, of which each genome has its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch

from evolve.errors import GenomeError
from evolve.rendering.pacing.timetable import Timetable
from evolve.rendering.pacing.unhurried import unhurried
from evolve.rendering.pipeline.editing import Anchor
from evolve.rendering.pipeline.noise_levels import Level, moved_prediction, predicted_clean

Steer = Callable[[int, Level, torch.Tensor], torch.Tensor]
"""Leads a picture: given a step, from 1, the level of its sample and the clean latent that is
predicted there, it returns the clean latent to go on with. Called without gradients; what is held
on a base stays there whatever it returns."""


class Steps:
    """Follows one sampler through its steps."""

    def __init__(
        self,
        sampler: Any,
        *,
        anchor: Callable[[int], Anchor] | None,
        steer: Steer | None,
        before: Callable[[int, int, torch.Tensor | None], None],
        idle: Callable[[bool], None],
    ) -> None:
        """Replace `sampler.step`.

        Args:
            sampler: Fresh; its timesteps may be set later.
            anchor: Makes what holds the sample, if anything is to be held, from the number of
                steps.
            steer: Leads the picture, if anything does; given samples as the sampler has them.
            before: Called before each step with its number, from 1, the number of steps, and the
                predicted clean latent, if it is known. What it raises ends the painting.
            idle: Called after each step with whether the next prediction has no effect.
        """
        self._last: torch.Tensor | None = None
        self._sampler, self._step = sampler, sampler.step
        self._make_anchor, self._steer = anchor, steer
        self._before, self._idle = before, idle
        self._done = 0
        self._timetable = Timetable(sampler)

        @functools.wraps(self._step)  # pipelines read its signature
        def step(*args: Any, **kwargs: Any) -> Any:
            return self._take(*args, **kwargs)

        sampler.step = step

    @property
    def clean(self) -> torch.Tensor:
        """The clean latent after the last step, as a sample."""
        assert self._last is not None
        return self._last if self._levels is None else self._last / self._levels[-1].signal

    def _take(
        self,
        model_output: torch.Tensor,
        timestep: Any,
        sample: torch.Tensor,
        *args: Any,
        return_dict: bool = True,
        **kwargs: Any,
    ) -> Any:
        if self._done == 0:
            self._levels = self._known_levels()
            known = self._levels
            self._count = len(self._sampler.timesteps) if known is None else len(known) - 1
            self._anchor = None
            if self._make_anchor is not None and known is not None:
                self._anchor = self._make_anchor(self._count)
        at, self._done = self._done, self._done + 1
        timestep = self._timetable.here(at, timestep)
        clean = None
        if self._levels is not None:
            if self._anchor is not None:
                sample = self._anchor.sample(at, self._levels[at], sample)
            model_output, clean = self._predicted(at, self._levels[at], model_output, sample)
        self._before(self._done, self._count, clean)
        with unhurried(self._sampler, sample):
            output = self._step(model_output, timestep, sample, *args, return_dict=True, **kwargs)
        if self._levels is not None and self._anchor is not None:
            for name in ("prev_sample", "denoised"):  # some pipelines end with the latter
                if (value := output.get(name)) is not None:
                    there = self._levels[at + 1 if name == "prev_sample" else -1]
                    output[name] = self._anchor.sample(at + 1, there, value)
            self._idle(self._anchor.idle(at + 1))
        self._last = output.get("denoised", output.prev_sample)
        return output if return_dict else output.to_tuple()

    def _predicted(
        self, at: int, level: Level, prediction: torch.Tensor, sample: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the prediction to use, held and steered, and the clean latent that it implies."""
        anchor = self._anchor
        if anchor is not None:
            prediction = anchor.prediction(self._sampler, at, level, prediction)
        clean = predicted_clean(self._sampler, level, prediction, sample)
        if self._steer is None or level.noise == 0 or (anchor is not None and anchor.idle(at)):
            return prediction, clean
        by = self._steer(at + 1, level, clean) - clean
        prediction = moved_prediction(self._sampler, level, prediction, by)
        if anchor is not None:
            prediction = anchor.prediction(self._sampler, at, level, prediction)
        return prediction, predicted_clean(self._sampler, level, prediction, sample)

    def _known_levels(self) -> list[Level] | None:
        known = self._timetable.levels()
        if known is None and (self._make_anchor or self._steer):
            what = "painted over" if self._make_anchor else "guided"
            raise GenomeError(
                f"with {type(self._sampler).__name__} nothing can be {what}: choose another sampler"
            )
        return known
