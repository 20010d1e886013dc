"""The safety net for pipelines never seen: do they paint, and the same together as alone?

Whether they do so to the last bit is tried with the rows that they get (`independence`).
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn

from evolve.errors import FancierError, ModelError, NoiseShapeError
from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.models.families.gate import with_article
from evolve.models.loading import LoadedModel
from evolve.rendering.batching.fibres import Outcome
from evolve.rendering.batching.out_of_memory import is_memory_short
from evolve.rendering.pipeline.painter import Painter
from evolve.rendering.protocol import Failed, Finished, Job, RenderEvent, Task
from evolve.rendering.tuning.independence import Asked


def tolerance(model: LoadedModel) -> float:
    """Return the largest difference that is rounding, as a share of the largest of a latent."""
    return 0.01 if model.dtype == torch.float32 else 0.2


def why_one_by_one(model: LoadedModel) -> str:
    """Paint two genomes together and one by one; return what speaks against painting together.

    Returns:
        Nothing if both ways agree but for rounding.

    Raises:
        ModelError: It cannot paint at all; not for want of memory, which may pass.
    """
    genomes = trial_genomes(model)
    alone, failed = latents_of(replace(model, rows=None), genomes, _Strict)
    if failed:
        return ""  # not for being merged: the person will read why when painting
    together, failed = latents_of(model, genomes)
    if failed:
        return f"painted together: {failed}"
    if (far := apart(alone, together)) > tolerance(model):
        return f"painted together, pictures differ by {far:.2g} from those painted alone"
    return ""


def apart(latents: Sequence[np.ndarray], others: Sequence[np.ndarray]) -> float:
    """Return how far any latent is from its other, as a share of its largest value; 0 if equal.

    Latents are (channels, height, width), as many of the one as of the other.
    """
    return max(
        float(np.abs(a.astype(float) - b).max() / max(1e-6, np.abs(a).max()))
        for a, b in zip(latents, others, strict=True)
    )


def denoiser_calls(model: LoadedModel) -> Asked:
    """Return what the denoiser of a model is asked for two pictures, painted one by one."""
    with noting(model.denoiser) as asked:
        latents_of(replace(model, rows=None), trial_genomes(model))
    return asked


@contextmanager
def noting(module: nn.Module) -> Iterator[Asked]:
    """Return a list to which each call of a module is added until the block ends."""
    asked: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    hook = module.register_forward_hook(
        lambda module, args, kwargs, output: asked.append((args, kwargs)), with_kwargs=True
    )
    try:
        yield asked
    finally:
        hook.remove()


def trial_genomes(model: LoadedModel) -> list[Genome]:
    """Return two genomes of two steps that differ in their words and guidance."""
    rng = np.random.default_rng(0)
    return [
        Genome(
            rng.standard_normal(model.info.latent).astype(np.float16),
            Prompt.typed(text),
            Settings(guidance_scale=guidance, steps=2, sampler=model.info.settings.sampler),
        )
        for text, guidance in (("a house", 1.0), ("the sea", 3.0))
    ]


class _Strict(Painter):
    """A painter that does not go on when the pipeline itself fails."""

    def _end(self, job: Task, outcome: Outcome) -> None:
        error = outcome.error
        name, kind = self.model.info.name, with_article(type(self.model.pipeline).__name__)
        if isinstance(error, NoiseShapeError):
            raise ModelError(
                f"model '{name}' is {kind}, which fancier cannot begin with noise of its own: "
                f"{error}; choose a text-to-image model"
            )
        if error and not isinstance(error, FancierError) and not is_memory_short(error):
            why = f"{type(error).__name__}: {' '.join(str(error).split())}"
            if wanted := _pictures_wanted(self.model.pipeline):
                raise ModelError(
                    f"model '{name}' is {kind}, which paints from a picture ({wanted}) and not "
                    f"from words alone: choose a text-to-image model ({why})"
                )
            raise ModelError(
                f"model '{name}' cannot paint as {kind}, which its model_index.json says it is: "
                f"{why}"
            )
        super()._end(job, outcome)


def _pictures_wanted(pipeline: Any) -> str:
    """Return the first argument of a pipeline's call that takes a picture; empty if none does."""
    taken = inspect.signature(pipeline.__call__).parameters
    # Not those of `ip_adapter_image`, which text-to-image pipelines take on top of words.
    return next((name for name in ("image", "control_image", "mask_image") if name in taken), "")


def latents_of(
    model: LoadedModel, genomes: list[Genome], kind: type[Painter] = Painter
) -> tuple[list[np.ndarray], str]:
    """Return the latents that genomes come to, or why one failed."""
    events: list[RenderEvent] = []
    painter = kind(model, report=events.append)
    painter.take([Job(i, genome) for i, genome in enumerate(genomes)])
    try:
        painter.paint()
    finally:
        painter.hub.spare()  # recordings would hold memory until the painter is collected
    failed = [e.error for e in events if isinstance(e, Failed)]
    by_job = {e.id: e.latent for e in events if isinstance(e, Finished)}
    latents = [latent for i in range(len(genomes)) if (latent := by_job.get(i)) is not None]
    return latents, failed[0] if failed else ""
