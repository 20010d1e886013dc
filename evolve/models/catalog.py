"""Models by name, described from their files alone: nothing heavy is imported here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evolve.errors import ModelError
from evolve.models import portraits
from evolve.settings import Settings

EMBEDDED: Mapping[str, Path] = {"portraits": portraits.WEIGHTS}
"""Models that come with fancier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What is known of a model before it is loaded."""

    name: str
    kind: str
    """`embedded` or `folder`."""
    folder: Path
    licence: str
    bytes: int
    latent: tuple[int, int, int]
    """Shape of the noise at the model's own size: channels, height, width."""
    pixels: tuple[int, int]
    """Height and width of a picture at that size."""
    settings: Settings
    """Settings a founder starts with."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """The model's `fancier.json`, empty if it has none."""

    @property
    def scale(self) -> int:
        """Pixels per latent cell, in each direction."""
        return self.pixels[0] // self.latent[1]

    def latent_at(self, width: int, height: int) -> tuple[int, int, int]:
        """Return the shape of the noise for a picture of another size.

        Raises:
            ModelError: The size is not a multiple of what the model can paint.
        """
        unit = 4 * self.scale  # the denoiser halves the latent twice
        if not (unit <= width <= 4096 and unit <= height <= 4096) or width % unit or height % unit:
            raise ModelError(
                f"size {width}x{height} does not fit model '{self.name}': "
                f"width and height must be multiples of {unit}"
            )
        return self.latent[0], height // self.scale, width // self.scale


def describe(name: str) -> ModelCard:
    """Return the card of an embedded model, or of a diffusers folder given by its path.

    Raises:
        ModelError: There is no such model, or its folder is not a complete pipeline.
    """
    if name in EMBEDDED:
        return _read(name, "embedded", EMBEDDED[name])
    try:
        folder = Path(name).expanduser().resolve()
        is_there = folder.is_dir()
    except (OSError, RuntimeError, ValueError):  # an unknown ~user, or no path at all
        is_there = False
    if is_there:
        try:
            return _read(str(folder), "folder", folder)
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"model '{name}' has a configuration without sense: {error!r}"
            ) from None
    raise ModelError(
        f"unknown model '{name}': use {', '.join(sorted(EMBEDDED))}, or the path of a folder "
        "that holds a diffusers pipeline (model_index.json, unet/, vae/, ...)"
    )


def known() -> list[ModelCard]:
    """Return the cards of all models that come with fancier."""
    return [describe(name) for name in sorted(EMBEDDED)]


def _read(name: str, kind: str, folder: Path) -> ModelCard:
    index = _json(folder / "model_index.json", name)
    if index.get("_class_name") != "StableDiffusionPipeline":
        raise ModelError(
            f"model '{name}' is a {index.get('_class_name', 'folder without a pipeline class')}: "
            "this version of fancier paints with StableDiffusionPipeline"
        )
    unet, vae = _json(folder / "unet/config.json", name), _json(folder / "vae/config.json", name)
    extra = _json(folder / "fancier.json", name) if (folder / "fancier.json").exists() else {}
    scale = 2 ** (len(vae["block_out_channels"]) - 1)
    side = int(unet["sample_size"])
    return ModelCard(
        name=name,
        kind=kind,
        folder=folder,
        licence=str(extra.get("licence", "unknown: see where you have it from")),
        bytes=sum(f.stat().st_size for f in folder.rglob("*.safetensors")),
        latent=(int(unet["in_channels"]), side, side),
        pixels=(side * scale, side * scale),
        settings=Settings.from_json(extra.get("defaults", {"guidance_scale": 7.5, "steps": 25})),
        extra=extra,
    )


def _json(path: Path, name: str) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"model '{name}' is incomplete: {path} is missing") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"model '{name}' cannot be read: {path}: {error}") from None
    if not isinstance(data, dict):
        raise ModelError(f"model '{name}' cannot be read: {path} holds no JSON object")
    return data
