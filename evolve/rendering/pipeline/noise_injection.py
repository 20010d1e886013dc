"""Giving a genome's noise to a pipeline, whatever form its latents have.

Families draw noise in different shapes, pack it into tokens and scale it. None of this is known in
advance. While the pipeline prepares its latents, it gets the genome's noise for what it draws;
where each number goes is learnt by giving it numbered places once.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import torch
from torch.overrides import TorchFunctionMode

from evolve.errors import ModelError, NoiseShapeError
from evolve.rendering.pacing.unhurried import Unhurried, sent


@dataclass(frozen=True, slots=True)
class Layout:
    """Where samples of a pipeline, or the input of its VAE, have the cells of a latent."""

    places: torch.Tensor
    """int64, of the shape of a sample (1, ...): index into the flat (channels, height, width)."""
    shape: tuple[int, ...]
    """Channels, height, width."""
    back: torch.Tensor | None
    """int64, of the shape of a latent: index into the flat sample; None if all are in order."""

    @classmethod
    def of(cls, places: torch.Tensor, shape: Sequence[int], device: torch.device | str) -> Self:
        """Return the layout for samples on a device; `places` and `shape` are as above."""
        back = places.flatten().argsort()
        if torch.equal(back, torch.arange(len(back))):
            return cls(places.to(device), tuple(shape), None)
        return cls(places.to(device), tuple(shape), back.reshape(tuple(shape)).to(device))

    def packed(self, latent: torch.Tensor) -> torch.Tensor:
        """Return a (channels, height, width) latent as a sample."""
        if self.back is None:
            return latent.reshape(self.places.shape)
        return latent.reshape(-1)[self.places]

    def spatial(self, sample: torch.Tensor) -> torch.Tensor:
        """Return a sample as (channels, height, width)."""
        return sample.reshape(self.shape) if self.back is None else sample.reshape(-1)[self.back]


def hand_over(
    pipeline: Any,
    noise: torch.Tensor,
    layouts: dict[tuple[int, ...], Layout],
    denoiser: Mapping[str, Any],
) -> dict[str, Any]:
    """Make a pipeline, a copy of its own, paint from `noise`.

    Args:
        pipeline: Its `prepare_latents` is replaced.
        noise: (channels, height, width), in main memory.
        layouts: Layouts by shape of the noise; a missing one is added before the first step.
        denoiser: Configuration of its denoiser.

    Returns:
        Further arguments of its call: latents, if it has no `prepare_latents`.
    """
    shape, device = tuple(noise.shape), pipeline._execution_device
    if not hasattr(pipeline, "prepare_latents"):
        if shape not in layouts:
            factor = math.isqrt(int(denoiser["in_channels"]) // len(noise))
            places = torch.arange(noise.numel()).reshape(shape)
            layouts[shape] = Layout.of(gathered(places, factor)[None], shape, device)
        return {"latents": layouts[shape].packed(sent(noise, device))}
    prepare = pipeline.prepare_latents

    @functools.wraps(prepare)  # pipelines read signatures
    def prepare_latents(*args: Any, **kwargs: Any) -> Any:
        def given(values: torch.Tensor) -> Any:
            with Unhurried(), _Answered(values):
                return prepare(*args, **kwargs)

        if shape not in layouts:
            places = _learnt(lambda values: _first(given(values)), noise)
            layouts[shape] = Layout.of(places, shape, device)
        return given(noise)

    pipeline.__dict__["prepare_latents"] = prepare_latents
    return {}


def send_sizes(pipeline: Any) -> None:
    """Have a pipeline, a copy of its own, send the sizes for its denoiser without waiting.

    Pipelines of the SDXL family would wait for the device.
    """
    if not hasattr(pipeline, "_get_add_time_ids"):
        return
    sizes, device = pipeline._get_add_time_ids, pipeline._execution_device

    @functools.wraps(sizes)
    def sent_sizes(*args: Any, **kwargs: Any) -> Any:
        found = sizes(*args, **kwargs)
        return sent(found, device) if torch.is_tensor(found) else found

    pipeline.__dict__["_get_add_time_ids"] = sent_sizes


def places_of(moved: torch.Tensor) -> torch.Tensor:
    """Return the numbers 0, 1, ... in their new places; int64 of the shape of `moved`.

    Raises:
        ModelError: They were changed in other ways.
    """
    places = moved.double().round().long()
    if not torch.equal(places.flatten().sort().values, torch.arange(places.numel())):
        raise ModelError(
            "this pipeline does more to its latents than shift and scale them: choose another model"
        )
    return places


def _learnt(given: Callable[[torch.Tensor], torch.Tensor], noise: torch.Tensor) -> torch.Tensor:
    places = torch.arange(noise.numel(), dtype=torch.float32).reshape(noise.shape)
    scale = given(torch.ones_like(places)).float().cpu()
    moved = given(places).float().cpu() / scale
    return places_of(moved)


def _first(prepared: Any) -> torch.Tensor:
    sample: torch.Tensor = prepared[0] if isinstance(prepared, tuple) else prepared
    return sample


class _Answered(TorchFunctionMode):
    """Returns given values for what is drawn from the normal distribution."""

    def __init__(self, values: torch.Tensor) -> None:
        super().__init__()
        self._values = values

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> torch.Tensor:
        kwargs = dict(kwargs or {})
        if func is not torch.randn:
            answer: torch.Tensor = func(*args, **kwargs)
            return answer
        kwargs.pop("generator", None)  # not touched: it is for the steps
        return self._as(torch.empty(*args, **kwargs))

    def _as(self, drawn: torch.Tensor) -> torch.Tensor:
        """Return the values in the shape that would be drawn."""
        values = self._values
        wanted = _without_ones(drawn.shape)
        if wanted == _without_ones(values.permute(1, 2, 0).shape) != _without_ones(values.shape):
            return values.permute(1, 2, 0).reshape(drawn.shape).to(drawn.device)  # channels last
        factor = math.isqrt(drawn.shape[-3] // len(values)) if drawn.ndim > 3 else 1
        if factor > 1:
            values = gathered(values, factor)
        if wanted != _without_ones(values.shape):
            raise NoiseShapeError(
                f"noise of shape {tuple(self._values.shape)} is not what this model paints from: "
                f"it wants {tuple(drawn.shape[1:])}"
            )
        return values.reshape(drawn.shape).to(drawn.device)


def gathered(values: torch.Tensor, factor: int) -> torch.Tensor:
    """Return cells (channels, height, width) gathered into fewer ones with more channels."""
    return torch.nn.functional.pixel_unshuffle(values, factor)


def _without_ones(shape: Sequence[int]) -> list[int]:
    return [n for n in shape if n != 1]
