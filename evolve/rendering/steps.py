"""The one place where painting is watched and changed: the sampler's `step`.

Every pipeline calls `scheduler.step` once per step, whatever its family, while not all offer a
callback. The method is replaced on the sampler's instance, of which each genome has its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch

from evolve.errors import GenomeError
from evolve.rendering.editing import Anchor
from evolve.rendering.levels import levels, predicted_clean


class Steps:
    """Follows one sampler through its steps."""

    def __init__(
        self,
        sampler: Any,
        *,
        anchor: Callable[[int], Anchor] | None,
        before: Callable[[int, torch.Tensor | None], None],
        idle: Callable[[bool], None],
    ) -> None:
        """Replace `sampler.step`.

        Args:
            sampler: Fresh; its timesteps may be set later.
            anchor: Makes what holds the sample, if anything is to be held, from the number of
                steps.
            before: Called before each step with its number, from 1, and the clean latent that
                is predicted, if it is known. What it raises ends the painting.
            idle: Called after each step, whether the next prediction is of no consequence.
        """
        self.clean: torch.Tensor | None = None
        """After the last step: the clean latent it came to, as a sample."""
        self._sampler, self._step = sampler, sampler.step
        self._make_anchor, self._before, self._idle = anchor, before, idle
        self._done = 0

        @functools.wraps(self._step)  # pipelines read its signature
        def step(*args: Any, **kwargs: Any) -> Any:
            return self._take(*args, **kwargs)

        sampler.step = step

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
            self._levels = levels(self._sampler)
            self._anchor = self._anchored()
        at, self._done = self._done, self._done + 1
        if self._levels is not None and self._anchor is not None:
            sample = self._anchor.sample(at, self._levels[at], sample)
            model_output = self._anchor.prediction(
                self._sampler, at, self._levels[at], model_output
            )
        clean = None
        if self._levels is not None:
            clean = predicted_clean(self._sampler, self._levels[at], model_output, sample)
        self._before(self._done, clean)
        output = self._step(model_output, timestep, sample, *args, return_dict=True, **kwargs)
        if self._levels is not None and self._anchor is not None:
            for name in ("prev_sample", "denoised"):  # some pipelines end with the latter
                if (value := output.get(name)) is not None:
                    there = self._levels[at + 1 if name == "prev_sample" else -1]
                    output[name] = self._anchor.sample(at + 1, there, value)
            self._idle(self._anchor.idle(at + 1))
        self.clean = output.get("denoised", output.prev_sample)
        if self._levels is not None:
            self.clean = self.clean / self._levels[-1].signal
        return output if return_dict else output.to_tuple()

    def _anchored(self) -> Anchor | None:
        if self._make_anchor is None:
            return None
        if self._levels is None:
            raise GenomeError(
                f"with {type(self._sampler).__name__} nothing can be painted over: "
                "choose another sampler"
            )
        return self._make_anchor(len(self._levels) - 1)
