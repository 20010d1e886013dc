"""Which models paint single pictures from words, by their configurations: nothing is loaded.

The arguments of a pipeline, its parts and the channels of its denoiser show what it is for; there
is no list of pipelines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from evolve.errors import ModelError
from evolve.models.families.pipeline_source import call_parameters, class_source

PACKED = (1, 4, 16)
"""Channels of a denoiser that paints from noise alone, per channel of the noise: some gather 2 x 2
or 4 x 4 cells into one."""

_FRAMES = ("num_frames", "video_length", "num_latent_frames", "frames")


def is_after_a_picture(pipeline: str) -> bool:
    """Return whether a pipeline changes a picture, though its parts also paint from words alone."""
    return "Img2Img" in pipeline or "Inpaint" in pipeline


def require_words_to_picture(name: str, pipeline: str, parts: Iterable[str]) -> None:
    """Refuse models that do not paint single pictures from words, by their class and their parts.

    Raises:
        ModelError: The message says what it does instead.
    """
    if what := _other_purpose(pipeline, set(parts)):
        raise _refusal(name, pipeline, what)


def require_noise_alone(
    name: str, pipeline: str, channels: int, denoiser: Mapping[str, Any]
) -> None:
    """Refuse models whose denoiser sees another picture beside the channels of its noise.

    Raises:
        ModelError: Its configuration has more channels than noise has.
    """
    seen = denoiser.get("in_channels")
    more = isinstance(seen, int) and seen > channels
    if more and not any(seen == channels * times for times in PACKED):
        what = f"its denoiser sees {seen} channels, where its noise has {channels}"
        raise _refusal(name, pipeline, f"repaints pictures ({what})")


def with_article(pipeline: str) -> str:
    """Return the name of a class with `a` or `an` before it."""
    return f"{'an' if pipeline.startswith(('A', 'E', 'I', 'O')) else 'a'} {pipeline}"


def _refusal(name: str, pipeline: str, what: str) -> ModelError:
    return ModelError(
        f"model '{name}' is {with_article(pipeline)}, which {what}: fancier paints single "
        "pictures from a prompt, choose a text-to-image model"
    )


def _other_purpose(pipeline: str, parts: set[str]) -> str:
    taken = call_parameters(pipeline)
    if any(frames in taken for frames in _FRAMES):
        return "paints videos"
    if control := sorted(part for part in parts if part in ("controlnet", "adapter")):
        return f"paints after a control picture (it has a part '{control[0]}')"
    if "control_image" in taken:
        return "paints after a control picture"
    if not taken or is_after_a_picture(pipeline):
        return ""
    if "video" in taken:
        return "changes videos"
    if any(name.startswith("audio") for name in taken):
        return "makes sounds"
    if "prompt" not in taken:
        return "paints from something else than words"
    if taken.get("image") is False or ("image" in taken and "height" not in taken):
        return "changes a picture that it is given"
    if "height" not in taken:
        return "paints no picture of a size that is asked for"
    if "    def encode_prompt(" not in class_source(pipeline):
        return "encodes no prompt by itself, so that its words cannot be weighed"
    return ""
