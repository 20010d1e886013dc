"""One genome, one call of an unmodified pipeline: all of it but the denoiser and the sampler.

The arguments follow from the pipeline's signature and its parts, not from a table of families.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from evolve.genome import Prompt
from evolve.genome.settings import Settings
from evolve.models.families.defaults import is_guidance_an_input
from evolve.rendering.pacing.later import Later
from evolve.rendering.pacing.texts import RowsRead, Texts
from evolve.rendering.pipeline.asked import AS_WRITTEN, called_scale, hold_size, own_guiders
from evolve.rendering.pipeline.editing import Anchor
from evolve.rendering.pipeline.long_texts import LongTexts
from evolve.rendering.pipeline.noise_injection import Layout, hand_over, send_sizes
from evolve.rendering.pipeline.noise_levels import Level
from evolve.rendering.pipeline.samplers import make_sampler
from evolve.rendering.pipeline.shift import Shift
from evolve.rendering.pipeline.steps import Steer, Steps
from evolve.rendering.pipeline.weighted_prompt import Encoder, WeightedText
from evolve.session.archive import Picture


def as_it_is(rows: Sequence[tuple[float, ...]]) -> AbstractContextManager[None]:
    """Return the context of a model without a LoRA."""
    return nullcontext()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPipeline:
    """A pipeline to be called many times, and what was learnt from the calls so far."""

    pipeline: Any
    denoiser_name: str
    """Attribute of the pipeline that holds the denoiser."""
    scale: int
    """Pixels per latent cell."""
    device: torch.device
    """The device that it paints on."""
    around: Callable[[Sequence[tuple[float, ...]]], AbstractContextManager[None]] = as_it_is
    """The context in which texts are encoded, given the weights of the model's LoRAs."""
    long_texts: LongTexts | None = None
    """Divides texts that are longer than its text encoders read; None to cut them off."""
    encoder: Encoder = field(default_factory=Encoder)
    texts: Texts = field(default_factory=Texts)
    """Reads the texts."""
    layouts: dict[tuple[int, ...], Layout] = field(default_factory=dict)
    """Layouts by the shape of the noise."""
    forms: dict[torch.Size, Any] = field(default_factory=dict)
    """Any one answer of the denoiser, by the shape of its input."""
    kinds: dict[type, type] = field(default_factory=dict)
    """Classes of pipelines with a known device, by those that look for it."""

    def forget_texts(self) -> None:
        """Read all texts again, in as many rows as usual."""
        self.texts.forget()
        self.encoder.forget()

    def copied(self) -> Any:
        """Return a shallow copy of the pipeline, to be given parts of its own."""
        pipeline, kind = copy.copy(self.pipeline), type(self.pipeline)
        if kind not in self.kinds:
            # The search visits every module of every part at each call, and may find one that is
            # elsewhere while it is not used.
            known = {"_execution_device": self.device, "device": self.device}
            self.kinds[kind] = type(kind.__name__, (kind,), known)
        pipeline.__class__ = self.kinds[kind]
        return pipeline


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of a call."""

    sampler: str
    """Class of the sampler that was used."""
    sample: Later
    image: Later
    finite: Later
    """All three are on their way from the device."""
    rows: int | None
    """Rows of the last forward; None if the denoiser's calls were not merged."""
    encode_rows: int | None
    """Texts that were read at once; None if they were read one by one."""

    @property
    def is_there(self) -> bool:
        """Whether all parts can be read without waiting for the device."""
        parts = self.finite, self.sample, self.image  # the first of them was sent last
        return all(part.is_there for part in parts)

    @property
    def latent(self) -> torch.Tensor:
        """Clean, (channels, height, width) float32."""
        return self.sample.tensor

    @property
    def picture(self) -> Picture:
        """(height, width, 3)."""
        return self.image.array

    @property
    def is_finite(self) -> bool:
        """Whether the picture has no infinities and no NaNs."""
        return bool(self.finite.tensor)


def call(
    known: KnownPipeline,
    denoiser: nn.Module,
    noise: torch.Tensor,
    prompt: Prompt,
    settings: Settings,
    *,
    shift: Shift | None = None,
    anchor: Callable[[Layout, int], Anchor] | None = None,
    steer: Steer | None = None,
    before: Callable[[int, int, torch.Tensor | None], None] = lambda step, of, clean: None,
    decode: Callable[..., Any] | None = None,
) -> CallResult:
    """Call the pipeline.

    Args:
        known: The pipeline.
        denoiser: Replaces the pipeline's denoiser; if it has `rest`, that is called when its
            predictions have no effect.
        noise: (channels, height, width) float32, in main memory.
        prompt: What to paint.
        settings: How to paint it.
        shift: How the words are shifted, if they are.
        anchor: Makes what holds the sample on a base, from the layout and the number of steps.
        steer: Leads the picture, if anything does; given latents (channels, height, width).
        before: Called before each step with its number, from 1, the number of steps, and the
            predicted clean latent, (channels, height, width), if it is known.
        decode: Replaces the VAE's `decode`.
    """
    pipeline = known.copied()
    sampler = make_sampler(pipeline.scheduler, settings.sampler)
    shape = tuple(noise.shape)
    idle = getattr(denoiser, "rest", lambda idle: None)
    steps = _followed(known, sampler, shape, anchor=anchor, steer=steer, before=before, idle=idle)
    # Past __setattr__, which would register the parts in the configuration all copies share.
    pipeline.__dict__["scheduler"] = sampler
    pipeline.__dict__[known.denoiser_name] = denoiser
    if decode is not None:
        vae = copy.copy(pipeline.vae)
        vae.__dict__["decode"] = decode
        pipeline.__dict__["vae"] = vae
    height, width = (n * known.scale for n in shape[1:])
    hold_size(pipeline, height, width)
    own_guiders(pipeline, settings.guidance_scale)
    own = getattr(known.pipeline, known.denoiser_name)
    handed = hand_over(pipeline, noise, known.layouts, own.config)
    send_sizes(pipeline)
    rows_read = _remember(known, pipeline, settings)
    output = pipeline(
        **arguments(pipeline, own, prompt, settings, height=height, width=width, shift=shift),
        **handed,
    )
    image = output[0][0]
    return CallResult(
        sample=Later(known.layouts[shape].spatial(steps.clean)),
        image=Later(as_bytes(image)),
        finite=Later(torch.isfinite(image).all()),
        sampler=type(sampler).__name__,
        rows=getattr(denoiser, "rows", None),
        encode_rows=known.texts.recorded(rows_read),
    )


def _followed(
    known: KnownPipeline,
    sampler: Any,
    shape: tuple[int, ...],
    *,
    anchor: Callable[[Layout, int], Anchor] | None,
    steer: Steer | None,
    before: Callable[[int, int, torch.Tensor | None], None],
    idle: Callable[[bool], None],
) -> Steps:
    """Follow a sampler with the functions of `call`, which take latents in place of samples.

    The layout of samples is known by the first step.
    """

    def watched(step: int, of: int, clean: torch.Tensor | None) -> None:
        before(step, of, None if clean is None else known.layouts[shape].spatial(clean))

    def steered(step: int, level: Level, clean: torch.Tensor) -> torch.Tensor:
        assert steer is not None
        layout = known.layouts[shape]
        return layout.packed(steer(step, level, layout.spatial(clean)))

    return Steps(
        sampler,
        anchor=None if anchor is None else lambda count: anchor(known.layouts[shape], count),
        steer=None if steer is None else steered,
        before=watched,
        idle=idle,
    )


def _remember(known: KnownPipeline, pipeline: Any, settings: Settings) -> RowsRead:
    """Have a pipeline, a copy of its own, encode each text once; return in how many rows."""
    key = f"loras {settings.loras}"
    rows = known.texts.serve(pipeline, key=key)
    known.encoder.serve(
        pipeline,
        key=key,
        rows=rows,
        within=lambda: known.around([settings.loras]),
        long_texts=known.long_texts,
    )
    return rows


def arguments(
    pipeline: Any,
    denoiser: Any,
    prompt: Prompt,
    settings: Settings,
    *,
    height: int,
    width: int,
    shift: Shift | None = None,
) -> dict[str, Any]:
    """Return the arguments of a pipeline's call, in pixels."""
    taken = inspect.signature(pipeline.__call__).parameters
    # Guidance is called `true_cfg_scale` where `guidance_scale` is an input of distilled kinds.
    true_cfg = "true_cfg_scale" in taken and not denoiser.config.get("guidance_embeds")
    scale = called_scale(pipeline, settings.guidance_scale)
    painted, avoided = prompt.parts(contrasted=is_contrasted(pipeline, denoiser, settings))
    wanted: dict[str, Any] = {
        **AS_WRITTEN,
        "prompt": WeightedText(painted, prompt.rule, shift),
        "num_inference_steps": settings.steps,
        "true_cfg_scale" if true_cfg else "guidance_scale": scale,
        "distilled_guidance_scale": scale,
        "height": height,
        "width": width,
        "max_area": height * width,
        # The noise that a distilled sampler adds: the same for all, so that kin look alike.
        "generator": torch.Generator().manual_seed(0),
        "output_type": "pt",
    }
    if settings.is_guided and (avoided or true_cfg):
        wanted["negative_prompt"] = WeightedText(avoided, prompt.rule)
    if settings.steps != 2:  # a shortcut of two-step models
        wanted["intermediate_timesteps"] = None
    return {name: value for name, value in wanted.items() if name in taken}


def is_contrasted(pipeline: Any, denoiser: Any, settings: Settings) -> bool:
    """Return whether guidance leads from a negative prompt to the prompt."""
    takes_one = "negative_prompt" in inspect.signature(pipeline.__call__).parameters
    return settings.is_guided and takes_one and not is_guidance_an_input(denoiser.config)


def as_bytes(image: torch.Tensor) -> torch.Tensor:
    """Return (3, height, width) from 0 to 1 as (height, width, 3) bytes."""
    return (image.float() * 255).round().byte().permute(1, 2, 0).contiguous()
