"""Tiny autoencoders (TAESD and its kin, github.com/madebyollin/taesd): sharper previews.

That of a model's family is used if the hub's cache has it; another can be named. Only one that is
named is downloaded. Finished pictures are decoded by the model's own VAE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from evolve.errors import IncompleteModelError, ModelError
from evolve.models.catalog import ModelCard
from evolve.models.files import allowed_files, configs, staging
from evolve.models.hub import cache
from evolve.models.hub.advice import advice
from evolve.models.hub.fetch import Report, fetch
from evolve.models.model_names import HubName, local

if TYPE_CHECKING:
    import torch

CONFIG = "config.json"
WEIGHTS = "diffusion_pytorch_model.safetensors"

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "madebyollin/taesd": (
        "StableDiffusionPipeline",
        "LatentConsistencyModelPipeline",
        "PixArtAlphaPipeline",
    ),
    "madebyollin/taesdxl": (
        "StableDiffusionXLPipeline",
        "PixArtSigmaPipeline",
        "HunyuanDiTPipeline",
        "KolorsPipeline",
        "AuraFlowPipeline",
    ),
    "madebyollin/taesd3": ("StableDiffusion3Pipeline",),
    "madebyollin/taef1": (
        "FluxPipeline",
        "ZImagePipeline",
        "ChromaPipeline",
        "Lumina2Pipeline",
    ),
}
"""Pipelines whose latents each of them decodes: they share a VAE."""


def fetch_named(named: str, report: Report) -> None:
    """Download a named tiny autoencoder, unless it is here.

    Raises:
        ModelError: It cannot be downloaded.
    """
    name = HubName.parse(named)
    if local(named) is None and name is not None and _cached(name) is None:
        for file in (CONFIG, WEIGHTS):
            fetch(replace(name, file=file), report)


def load_tiny(
    card: ModelCard, named: str | None, *, device: str, dtype: torch.dtype
) -> torch.nn.Module | None:
    """Return the tiny autoencoder for a model's previews; None if there is none.

    It is the named one, a folder or on the hub, or else that of the family, if the cache has it.

    Raises:
        ModelError: The named one is not here, or is for another kind of model.
    """
    folder = _folder(card, named)
    if folder is None:
        return None
    try:
        _require_fit(card, folder)
        return _loaded(folder).to(device, dtype)
    except ModelError:
        if named is not None:
            raise
        return None  # as if it were not there


def _folder(card: ModelCard, named: str | None) -> Path | None:
    if named is None:
        usual = (repo for repo, kinds in FAMILIES.items() if card.pipeline in kinds)
        return next((_cached(HubName(repo)) for repo in usual), None)
    name = HubName.parse(named)
    folder = local(named) or (_cached(name) if name else None)
    if folder is None:
        raise ModelError(
            f"there is no tiny autoencoder '{named}': name a folder, or one on the hub like "
            f"{next(iter(FAMILIES))}"
        )
    return folder


def _cached(name: HubName) -> Path | None:
    _, folder = cache.snapshot(name) or (name, None)
    return folder if folder and (folder / CONFIG).exists() and (folder / WEIGHTS).exists() else None


def _require_fit(card: ModelCard, folder: Path) -> None:
    allowed_files.files_of(str(folder), folder, ())
    config = allowed_files.read_json(folder / CONFIG, str(folder))
    if config.get("_class_name") != "AutoencoderTiny":
        raise ModelError(
            f"'{folder}' is not a tiny autoencoder, according to its {CONFIG}: "
            "name another, or none"
        )
    configs.require_harmless(str(folder), CONFIG, config, auto=False)
    channels = config.get("latent_channels", 4)
    blocks = config.get("decoder_block_out_channels", range(4))
    scale = 2 ** (len(blocks) - 1) if isinstance(blocks, list | range) and len(blocks) else 0
    if (channels, scale) != (card.latent[0], card.scale):
        raise ModelError(
            f"the tiny autoencoder '{folder}' is for another kind of model: it makes "
            f"{scale} pixels of a cell of {channels} channels, "
            f"'{card.name}' {card.scale} of {card.latent[0]}: name another, or none"
        )
    if not (folder / WEIGHTS).is_file():
        raise IncompleteModelError(
            f"the tiny autoencoder '{folder}' lacks its {WEIGHTS}: get it again"
        )


def _loaded(folder: Path) -> torch.nn.Module:
    from diffusers import AutoencoderTiny

    try:
        staging.require_sane(str(folder), folder, [WEIGHTS])
        with staging.staged(folder, (CONFIG, WEIGHTS)) as stage:
            tiny: torch.nn.Module = AutoencoderTiny.from_pretrained(
                stage, use_safetensors=True, local_files_only=True
            )
    except ModelError:
        raise
    except Exception as error:  # whatever damaged files make libraries raise
        raise ModelError(advice(str(folder), error)) from error
    return tiny.eval().requires_grad_(False)
