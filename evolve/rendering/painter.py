"""The painter: a loaded pipeline that turns jobs into pictures, several at a time.

It lives where the model lives (the renderer process, or this one for tests and notebooks) and knows
nothing of processes.
"""

from __future__ import annotations

import copy
import functools
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from evolve.archive import Picture
from evolve.edit import Base
from evolve.errors import FancierError, GenomeError
from evolve.genome import Concept, Genome
from evolve.models.loading import LoadedModel
from evolve.rendering.editing import Anchor, paste
from evolve.rendering.fibres import Hub, Outcome, Proxy
from evolve.rendering.preview import LinearPreview
from evolve.rendering.protocol import (
    Encode,
    Encoded,
    Failed,
    Finished,
    Job,
    RenderEvent,
    Stepped,
    Task,
)
from evolve.rendering.samplers import make_sampler
from evolve.rendering.steps import Steps


class Cancelled(Exception):
    """Raised inside a fibre whose job is not wanted any more."""


class Painter:
    """Paints jobs on one model."""

    def __init__(self, model: LoadedModel, *, report: Callable[[RenderEvent], None]) -> None:
        """Paint on `model`; `report` is called with every event, as it happens."""
        self.model = model
        self.report = report
        self.queue: deque[Task] = deque()
        self.cancelled: set[int] = set()
        self.hub = Hub(
            _Mixed(model.denoiser, model.dtype), model.rows, model.lora.at if model.lora else None
        )
        self._preview = LinearPreview(model.info.latent[0], model.preview_factors)
        self._embedded: dict[tuple[str, float], torch.Tensor] = {}
        self._started: dict[int, float] = {}
        self._rows: dict[int, int] = {}

    def take(self, jobs: Sequence[Task]) -> None:
        """Queue jobs; one that was cancelled but is still under way goes on."""
        self.cancelled.difference_update(job.id for job in jobs)
        known = set(self._rows) | {job.id for job in self.queue}
        self.queue.extend(job for job in jobs if job.id not in known)

    def paint(self, attend: Callable[[], None] = lambda: None) -> None:
        """Paint until the queue is empty.

        Args:
            attend: Called after every round of forwards; may add to `queue` and `cancelled`.
        """
        for job, outcome in self.hub.run(functools.partial(self._admit, attend)):
            self._end(job, outcome)

    def _admit(self, attend: Callable[[], None]) -> tuple[Task, Callable[[], Any]] | None:
        """Start a job if there is room.

        Room is what fills one forward, so that the first pictures are finished early instead of
        all of them at the end, at the same throughput.
        """
        attend()
        while self.queue and self.queue[0].id in self.cancelled:
            self.cancelled.discard(self.queue.popleft().id)
        if not self.queue:
            return None
        rows = _rows(self.queue[0])
        busy = sum(self._rows.values())
        if busy and busy + rows > self.model.rows:
            return None
        job = self.queue.popleft()
        self._started[job.id] = time.perf_counter()
        self._rows[job.id] = rows
        if isinstance(job, Encode):
            return job, functools.partial(self._encode, job.picture)
        self.report(Stepped(job.id, 0, job.genome.settings.steps))
        return job, functools.partial(self._call, job)

    def _call(self, job: Job) -> torch.Tensor:
        """Run the pipeline for one genome, inside its fibre; returns latents (c, h, w)."""
        genome, settings = job.genome, job.genome.settings
        pipeline = copy.copy(self.model.pipeline)
        sampler = make_sampler(pipeline.scheduler, settings.sampler)
        lora = settings.lora or 0.0
        denoiser = Proxy(self.hub, beside=lora)
        noise = self._tensor(genome.noise)
        Steps(
            sampler,
            anchor=self._anchor(genome, noise),
            before=functools.partial(self._stepped, job),
            idle=denoiser.rest,
        )
        # Past __setattr__, which would register the parts in the configuration all copies share.
        pipeline.__dict__["scheduler"] = sampler
        pipeline.__dict__[self.model.denoiser_name] = denoiser
        guided = settings.guidance_scale > 1
        output = pipeline(
            prompt_embeds=self._embed(genome.prompt.concepts, lora),
            negative_prompt_embeds=self._embed(genome.prompt.negative, lora) if guided else None,
            latents=noise,
            num_inference_steps=settings.steps,
            guidance_scale=settings.guidance_scale,
            height=genome.noise.shape[1] * self.model.scale,
            width=genome.noise.shape[2] * self.model.scale,
            output_type="latent",
        )
        latents: torch.Tensor = output.images[0]
        return latents

    def _stepped(self, job: Job, step: int, clean: torch.Tensor | None) -> None:
        """Report a step, and leave the pipeline there if the job is cancelled."""
        if job.id in self.cancelled:
            raise Cancelled
        preview = None if clean is None else self._preview.paint(clean[0])
        steps = job.genome.settings.steps
        self.report(Stepped(job.id, min(step, steps), steps, preview))

    def _anchor(self, genome: Genome, noise: torch.Tensor) -> Callable[[int], Anchor] | None:
        """Return what holds the picture on its base, if it starts from one."""
        edit = genome.edit
        if edit is None or (edit.mask is None and edit.depth == 1):
            return None
        clean = self._tensor(edit.base.latent)
        free = torch.ones_like(clean, dtype=torch.bool)
        if edit.mask is not None:
            free &= torch.from_numpy(edit.mask.copy()).to(free.device)
        return lambda steps: Anchor(clean, noise, free, steps=steps, depth=edit.depth)

    def _tensor(self, latent: NDArray[np.float16]) -> torch.Tensor:
        return torch.from_numpy(latent.astype(np.float32))[None].to(self.model.device)

    def _embed(self, concepts: Sequence[Concept], lora: float) -> torch.Tensor:
        """Return the embedding of weighted concepts, (1, tokens, width): their weighted mean.

        Each text is encoded once and alone, so that its embedding is the same in every prompt.
        """
        total = sum(c.weight for c in concepts)
        parts = [c.weight / total * self._encoded(c.text, lora) for c in concepts]
        return torch.stack(parts).sum(0) if parts else self._encoded("", lora)

    def _encoded(self, text: str, lora: float) -> torch.Tensor:
        if (text, lora) not in self._embedded:
            if len(self._embedded) > 4096:
                self._embedded.clear()
            weighted = self.model.lora.at([lora]) if self.model.lora else nullcontext()
            with torch.no_grad(), weighted:
                self._embedded[text, lora] = self.model.pipeline.encode_prompt(
                    text, self.model.device, 1, do_classifier_free_guidance=False
                )[0]
        return self._embedded[text, lora]

    def _end(self, job: Task, outcome: Outcome) -> None:
        started = self._started.pop(job.id)
        del self._rows[job.id]
        if isinstance(outcome.error, Cancelled) or job.id in self.cancelled:
            self.cancelled.discard(job.id)
            return
        if isinstance(outcome.error, torch.OutOfMemoryError | MemoryError):
            raise outcome.error
        if isinstance(outcome.error, FancierError):
            self.report(Failed(job.id, str(outcome.error)))
            return
        if outcome.error is not None:
            self.report(Failed(job.id, f"{type(outcome.error).__name__}: {outcome.error}"))
            return
        if isinstance(job, Encode):
            self.report(Encoded(job.id, outcome.result))
            return
        if not torch.isfinite(outcome.result).all():
            self.report(Failed(job.id, "the picture came out as not-a-number: lower the guidance"))
            return
        picture = self._decode(outcome.result)
        self._preview.learn(outcome.result, picture)
        if job.genome.edit is not None:
            picture = paste(picture, job.genome.edit)
        record = {**self.model.info.record, "seconds": round(time.perf_counter() - started, 3)}
        latent = outcome.result.cpu().numpy().astype(np.float16)
        self.report(Finished(job.id, picture, record, self.hub.passes, latent))

    @torch.no_grad()
    def _decode(self, latents: torch.Tensor) -> Picture:
        """Return the picture of (c, h, w) latents; decoded alone, its bits depend on no crowd."""
        vae = self.model.pipeline.vae
        scaled = latents[None].to(vae.dtype) / vae.config.scaling_factor
        image = vae.decode(scaled, return_dict=False)[0][0].float()  # (3, H, W), -1 to 1
        picture: Picture = (
            ((image / 2 + 0.5).clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
        )
        return picture

    @torch.no_grad()
    def _encode(self, picture: Picture) -> Base:
        """Return a picture with its latent."""
        unit = 4 * self.model.scale
        if picture.shape[0] % unit or picture.shape[1] % unit:
            raise GenomeError(
                f"a picture of {picture.shape[1]}x{picture.shape[0]} cannot be encoded: "
                f"width and height must be multiples of {unit}"
            )
        vae = self.model.pipeline.vae
        image = torch.from_numpy(picture / np.float32(127.5) - 1).permute(2, 0, 1)[None]
        latent = vae.encode(image.to(vae.device, vae.dtype)).latent_dist.mode()[0]
        scaled = latent.float() * vae.config.scaling_factor
        return Base(scaled.cpu().numpy().astype(np.float16), picture)


def _rows(job: Task) -> int:
    """Return how many rows of a forward a job takes."""
    return 2 if isinstance(job, Job) and job.genome.settings.guidance_scale > 1 else 1


class _Mixed(torch.nn.Module):
    """The denoiser in its own precision between float32 latents: rounding errors do not add up."""

    def __init__(self, module: torch.nn.Module, dtype: torch.dtype) -> None:
        super().__init__()
        self.module = module
        self.inner = dtype

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("module"), name)

    def forward(self, sample: torch.Tensor, timestep: torch.Tensor, **kwargs: Any) -> Any:
        """Forward with floating inputs cast to the inner precision and float32 out."""
        cast = {
            k: v.to(self.inner) if torch.is_tensor(v) and v.is_floating_point() else v
            for k, v in kwargs.items()
        }
        output = self.module(sample.to(self.inner), timestep, **cast)
        if isinstance(output, tuple):
            return tuple(part.float() for part in output)
        return type(output)(**{k: v.float() for k, v in output.items()})
