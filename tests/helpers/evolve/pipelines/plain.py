"""A pipeline called by itself, as its documentation says, to compare pictures with.

Nothing of the engine is used but the arguments of the call, the sampler that the settings name, and
a size held against pipelines that would rather paint another.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.overrides import TorchFunctionMode

from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.models.loading import LoadedModel
from evolve.rendering.pipeline.asked import hold_size
from evolve.rendering.pipeline.call import arguments
from evolve.rendering.pipeline.samplers import make_sampler
from evolve.session.archive import Picture


class _Drawn(TorchFunctionMode):
    """Remembers the first so many random numbers drawn at once: the noise a picture starts from.

    They are rounded to what a genome can store.
    """

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self.first: torch.Tensor | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        values = func(*args, **(kwargs or {}))
        if func is torch.randn and self.first is None and values.numel() == self._count:
            self.first = values = values.half().to(values.dtype)
        return values


def plain_call(
    model: LoadedModel, prompt: Prompt, settings: Settings, *, seed: int = 5
) -> tuple[Picture, Genome]:
    """Call a model's pipeline; return the picture, and the genome that is to paint the same.

    Args:
        model: All of its pipeline is in one precision.
        prompt: Of one concept.
        settings: How.
        seed: Of the noise.
    """
    pipeline, (_, height, width) = model.pipeline, model.info.latent
    height, width = height * model.scale, width * model.scale
    before = {name: pipeline.__dict__.get(name) for name in ("scheduler", "guider")}
    options = arguments(pipeline, model.denoiser, prompt, settings, height=height, width=width)
    if before["guider"] is not None:
        pipeline.guider = pipeline.guider.new(guidance_scale=settings.guidance_scale)
    hold_size(pipeline, height, width)
    pipeline.scheduler = make_sampler(pipeline.scheduler, settings.sampler)
    try:
        with torch.no_grad(), _Drawn(int(np.prod(model.info.latent))) as drawn:
            options["generator"] = torch.Generator().manual_seed(seed)
            image = pipeline(**options)[0][0]
    finally:
        for name, part in before.items():
            if part is not None:
                setattr(pipeline, name, part)
    assert drawn.first is not None
    picture: Picture = (image.float() * 255).round().byte().permute(1, 2, 0).numpy()
    return picture, Genome(_noise(drawn.first, model.info.latent), prompt, settings)


def _noise(drawn: torch.Tensor, shape: tuple[int, ...]) -> NDArray[np.float16]:
    """Return what a pipeline drew as (channels, height, width)."""
    values = drawn.half().reshape([n for n in drawn.shape if n != 1])
    if values.shape == torch.Size(shape[1:] + shape[:1]) != torch.Size(shape):
        values = values.permute(2, 0, 1)
    elif len(values) > shape[0]:
        values = torch.nn.functional.pixel_shuffle(values, shape[1] // values.shape[1])
    noise: NDArray[np.float16] = values.reshape(shape).contiguous().numpy()
    return noise
