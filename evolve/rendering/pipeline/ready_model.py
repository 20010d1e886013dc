"""A loaded model that all calls of one painter share, each inside a fibre."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from evolve.errors import ordinary_errors
from evolve.genome import Genome
from evolve.genome.edit import Base
from evolve.models.families.defaults import require_size
from evolve.models.loading import LoadedModel
from evolve.rendering.batching.choosing import Turn
from evolve.rendering.batching.fibres import Hub
from evolve.rendering.batching.out_of_memory import relieve
from evolve.rendering.batching.proxy import Proxy
from evolve.rendering.batching.replaying import Replays
from evolve.rendering.pacing.decoding import Decoder
from evolve.rendering.pacing.later import Later
from evolve.rendering.pacing.texts import Texts
from evolve.rendering.pacing.unhurried import sent
from evolve.rendering.pipeline.call import CallResult, KnownPipeline, as_bytes, as_it_is, call
from evolve.rendering.pipeline.editing import holding
from evolve.rendering.pipeline.encoding import Way, encoded, painted, way_of
from evolve.rendering.pipeline.guiding import CutGuide, Guides
from evolve.rendering.pipeline.long_texts import LongTexts
from evolve.rendering.pipeline.shift import shift_of
from evolve.session.archive import Picture


def around_of(model: LoadedModel) -> Callable[[Sequence[Any]], AbstractContextManager[None]]:
    """Return the context of each forward of a model's denoiser, given what is beside its rows."""
    return model.loras.at if model.loras else as_it_is


def replays_of(model: LoadedModel) -> Replays | None:
    """Return what replays forwards of a model; None where nothing can be replayed.

    Weights that change between rows, or move, are not where a recording reads them.
    """
    can_be = model.device.startswith("cuda") and model.loras is None and not model.visitors
    return Replays() if can_be else None


class ReadyModel:
    """A model, the hub of its denoiser, and what was learnt about its pipeline so far."""

    def __init__(self, model: LoadedModel, *, divides: bool = True) -> None:
        """Make a model ready to be called; `divides` as `Painter` takes it."""
        self.model = model
        around, replays = around_of(model), replays_of(model)
        self.hub = Hub(
            model.denoiser,
            model.rows,
            dtype=model.dtype,
            around=around,
            relieve=functools.partial(relieve, model.device),
            tries=model.device.startswith("cuda"),  # elsewhere forms make no difference
            within=ordinary_errors,
            replays=replays,
        )
        rows = None if model.loras else model.manner.encode_rows  # a LoRA is set for one text
        self.known = KnownPipeline(
            pipeline=model.pipeline,
            denoiser_name=model.denoiser_name,
            scale=model.scale,
            device=torch.device(model.device),
            around=around,
            long_texts=LongTexts.of(model.pipeline) if divides else None,
            texts=Texts(model.pipeline, rows, self.hub),
        )
        self.decoder = Decoder(model.pipeline.vae, model.manner, self.hub, replays=replays)
        self.guides = Guides(model)
        self._ways: dict[tuple[int, ...], Way] = {}

    def paint(
        self,
        job: int,
        genome: Genome,
        *,
        before: Callable[[int, int, torch.Tensor | None], None],
        parked: Callable[[int], Turn],
    ) -> CallResult:
        """Run the pipeline for the genome of a job, inside its fibre.

        `before` is as `call` takes it, `parked` as `Proxy` does.

        Raises:
            FancierError: The model does not paint this size, or has no CLIP to guide by.
        """
        height, width = (n * self.model.scale for n in genome.noise.shape[1:])
        require_size(self.model.info.name, self.model.unit, width, height)
        return call(
            self.known,
            Proxy(
                self.hub,
                self.known.forms,
                beside=genome.settings.loras,
                idle=genome.held_steps > 0,
                parked=parked,
            ),
            torch.from_numpy(genome.noise.astype(np.float32)),
            genome.prompt,
            genome.settings,
            shift=shift_of(genome),
            anchor=holding(genome.edit, genome.noise, self.tensor),
            steer=self._guide(genome),
            before=before,
            decode=functools.partial(self.decoder.decode, job),
        )

    def encode(self, picture: Picture) -> Base:
        """Return a picture with its latent.

        Raises:
            ModelError: The model does not paint this size.
        """
        scale = self.model.scale
        height, width = picture.shape[:2]
        require_size(self.model.info.name, self.model.unit, width, height)
        way = self._way((self.model.info.latent[0], height // scale, width // scale))
        latent = way.latent(encoded(self.model.pipeline.vae, picture, way.layout.places.ndim))
        return Base(latent.cpu().numpy().astype(np.float16), picture)

    def decoded(self, clean: torch.Tensor) -> Later:
        """Return the picture of a latent, (channels, height, width), on its way from the device."""
        way = self._way(tuple(clean.shape))
        return Later(as_bytes(painted(self.model.pipeline.vae, way, clean)))

    def _guide(self, genome: Genome) -> CutGuide | None:
        """Return the guide of a picture that is guided by cuts, else None."""
        strength = genome.settings.cut_guidance
        if strength is None:
            return None
        return self.guides.guide(genome.prompt, strength, self._way(genome.noise.shape))

    def tensor(self, latent: NDArray[np.float16]) -> torch.Tensor:
        """Return a latent on the device, float32."""
        return sent(torch.from_numpy(latent.astype(np.float32)), self.model.device)

    def _way(self, shape: tuple[int, ...]) -> Way:
        """Return the way between latents of a shape and what the VAE decodes."""
        if shape not in self._ways:
            like = torch.zeros(shape, device=self.model.device)
            self._ways[shape] = way_of(self.known, Proxy(self.hub, beside=()), like)
        return self._ways[shape]
