"""Models by name, described from their configuration files: nothing heavy is imported here."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evolve.errors import IncompleteModelError, ModelError
from evolve.genome.settings import LORAS, Settings
from evolve.models import portraits
from evolve.models.families.defaults import (
    FEW,
    canvas_for,
    is_guidance_an_input,
    require_size,
    settings_for,
)
from evolve.models.families.distilled_names import (
    is_distilled_lora,
    is_distilled_model,
    keeps_guidance,
    named_steps,
)
from evolve.models.families.gate import require_noise_alone, require_words_to_picture, with_article
from evolve.models.families.noise_schedule import TRAILING, stated_by_file
from evolve.models.families.pipeline_source import default_cells
from evolve.models.files import (
    allowed_files,
    other_folders,
    pipeline_files,
    single,
    staging,
)
from evolve.models.files.licence import UNKNOWN, licence_of
from evolve.models.files.safetensors_headers import tensors_of
from evolve.models.files.scaled_weights import require_unscaled
from evolve.models.hub import cache
from evolve.models.loras import places
from evolve.models.loras.kinds import require_plain
from evolve.models.model_names import HubName, ModelName, advice_on_address, local
from evolve.text import one_line

EMBEDDED: Mapping[str, Path] = {portraits.NAME: portraits.WEIGHTS}
"""Models that come with fancier."""

DENOISERS = ("unet", "transformer")
"""Parts that can be the denoiser, by their names in a pipeline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """A model as its files describe it, before it is loaded."""

    name: str
    """As it is recorded: hub names carry their commit, paths are absolute."""
    kind: str
    """`embedded`, `hub`, `folder` or `file`."""
    folder: Path
    """A diffusers pipeline; of a single file, the one with its configuration."""
    pipeline: str
    """Class name of the pipeline."""
    denoiser: str
    """Its part that is the denoiser: `unet` or `transformer`."""
    variant: str | None
    """Variant of the weights, such as `fp16`; None for the plain ones."""
    parts: tuple[str, ...]
    """The parts of the pipeline that have weights."""
    weights: Mapping[str, tuple[Path, ...]]
    """The safetensors of each part; those of LoRAs under `lora`, a single file under ``."""
    configurations: tuple[str, ...]
    """What else is read from its folder: configurations, vocabularies, and for a single file the
    weights beside its configuration, which it may lack."""
    licence: str
    latent: tuple[int, int, int]
    """Shape of the noise at the model's own size: channels, height, width."""
    pixels: tuple[int, int]
    """Height and width of a picture at that size."""
    unit: int
    """Width and height of a picture are multiples of this."""
    settings: Settings
    """Settings a founder starts with."""
    schedule: Mapping[str, Any] = field(default_factory=dict)
    """Settings of its scheduler that stand elsewhere than in its configuration."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """The model's `fancier.json`, empty if it has none."""

    @property
    def scale(self) -> int:
        """Pixels per latent cell, in each direction."""
        return self.pixels[0] // self.latent[1]

    @property
    def loras(self) -> tuple[Path, ...]:
        """The files of its LoRAs, in the order of its name."""
        return self.weights.get("lora", ())

    @property
    def clip(self) -> Path | None:
        """The folder of the CLIP that comes with it, to judge and to guide by."""
        folder = self.folder / "clip"
        return folder if folder.is_dir() else None

    @property
    def reader(self) -> Path | None:
        """The folder of the network that reads its pictures; only an embedded model has it."""
        folder = self.folder / "reader"
        return folder if self.kind == "embedded" and folder.is_dir() else None

    @property
    def description(self) -> str:
        """A line by its maker about it; empty if there is none."""
        return _stated_line(self.extra, "description")

    @property
    def examples(self) -> list[str]:
        """Example prompts by its maker."""
        stated = self.extra.get("examples")
        return [one_line(str(each)) for each in stated] if isinstance(stated, list) else []

    @property
    def files(self) -> list[Path]:
        """All its weights, always in the same order."""
        return [file for part in sorted(self.weights) for file in self.weights[part]]

    @property
    def inside(self) -> list[str]:
        """All files of its folder that are read, relative to it."""
        weights = [
            file.relative_to(self.folder).as_posix()
            for part in self.parts
            for file in self.weights.get(part, ())
        ]
        return [*self.configurations, *weights]

    @property
    def bytes(self) -> int:
        """Size of the weights on the disk."""
        return sum(file.stat().st_size for file in self.files)

    def latent_at(self, width: int, height: int) -> tuple[int, int, int]:
        """Return the shape of the noise for a picture of another size.

        Raises:
            ModelError: The size is not a multiple of what the model can paint.
        """
        require_size(self.name, self.unit, width, height)
        return self.latent[0], height // self.scale, width // self.scale


def describe(name: str) -> ModelCard:
    """Return the card of a model that is on this machine, by its name (`model_names.py`).

    Raises:
        NotHereError: The hub may have what it lacks.
        ModelError: There is no such model here, or it is incomplete.
    """
    asked = ModelName.parse(name)
    card = _base(asked.base)
    if not asked.loras:
        return card
    found = [places.recorded(name) for name in asked.loras]
    for _, file in found:
        require_plain(file.name, tensors_of(file))
    weights = dict(zip(LORAS, asked.weights, strict=False))
    if distilling := [lora for lora in asked.loras if is_distilled_lora(lora)]:
        few = _distilled(card, distilling[0])
        card = replace(card, settings=few, schedule={**TRAILING, **card.schedule})
    return replace(
        card,
        name="+".join([card.name, *(shown for shown, _ in found)]),
        weights={**card.weights, "lora": tuple(file for _, file in found)},
        settings=replace(card.settings, **weights),  # type: ignore[arg-type]
    )


def _distilled(card: ModelCard, lora: str) -> Settings:
    """Return the settings of founders for a model with a LoRA that distils it to a few steps."""
    inner = allowed_files.read_json(card.folder / card.denoiser / "config.json", card.name)
    kept = is_guidance_an_input(inner) or keeps_guidance(lora)
    return Settings(
        guidance_scale=card.settings.guidance_scale if kept else 1.0,
        steps=min(card.settings.steps, named_steps(lora) or FEW),
        sampler="euler",
    )


def on_the_hub(name: str) -> list[HubName]:
    """Return those parts of a model's name that are names on the hub."""
    asked = ModelName.parse(name)
    parsed = [HubName.parse(part) for part in (asked.base, *asked.loras) if local(part) is None]
    return [repo for repo in parsed if repo is not None]


def known() -> list[ModelCard]:
    """Return the cards of the models that come with fancier and of those in the hub's cache.

    Pipelines in the cache that are not complete, or do not paint pictures, are left out.
    """
    cards = [describe(name) for name in sorted(EMBEDDED)]
    for repo in cache.repositories():
        try:
            cards.append(describe(str(repo)))
        except ModelError:
            continue
    return cards


def _base(name: str) -> ModelCard:
    if name in EMBEDDED:
        return _read(name, "embedded", EMBEDDED[name])
    path = local(name)
    if path is not None:
        return _read(str(path), "folder", path) if path.is_dir() else _single(path)
    repo = HubName.parse(name)
    if repo is not None and not repo.file:
        return _cached(repo)
    raise ModelError(
        advice_on_address(name)
        or f"unknown model '{name}': use {', '.join(sorted(EMBEDDED))}, a name on the hub like "
        "owner/name, the path of a folder with a diffusers pipeline, or a .safetensors file"
    )


def _by_part(folder: Path, weights: Iterable[str]) -> dict[str, tuple[Path, ...]]:
    by_part: dict[str, tuple[Path, ...]] = {}
    for file in weights:
        part = file.partition("/")[0]
        by_part[part] = (*by_part.get(part, ()), folder / file)
    return by_part


def _cached(repo: HubName) -> ModelCard:
    if found := cache.snapshot(repo):
        here, folder = found
        with contextlib.suppress(IncompleteModelError):
            return _read(str(here), "hub", folder)
    raise cache.NotHereError(
        f"model '{repo}' is not complete on this machine: "
        f"get it with 'fancier models --get {repo}'",
        repo,
    )


def _read(name: str, kind: str, folder: Path, file: Path | None = None) -> ModelCard:
    try:
        return _card(name, kind, folder, file)
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        reason = f"{error!r}"[:200]
        raise ModelError(f"model '{name}' has an invalid configuration: {reason}") from None


def _card(name: str, kind: str, folder: Path, file: Path | None) -> ModelCard:
    ours = kind == "embedded"
    allowed_files.files_of(name, folder, (), ours=ours)  # before the first is opened
    if kind == "folder" and not (folder / pipeline_files.INDEX).exists():
        raise IncompleteModelError(other_folders.without_index(name, folder))
    index = allowed_files.read_json(folder / pipeline_files.INDEX, name)
    pipeline = str(index.get("_class_name", ""))
    there = pipeline_files.components(name, index)
    denoiser = _denoiser(name, pipeline, there, ours=ours)
    listed = allowed_files.files_of(name, folder, there, ours=ours)
    choice = (pipeline_files.configured if file else pipeline_files.choose)(name, index, listed)
    chosen = staging.examined(name, folder, there, choice)

    def read(config: str) -> dict[str, Any]:
        return allowed_files.read_json(folder / config, name)

    inner = read(f"{denoiser}/config.json")
    cells = None if "sample_size" in inner else default_cells(pipeline)
    canvas = canvas_for(name, read("vae/config.json"), inner, cells=cells)
    if not ours:
        require_noise_alone(name, pipeline, canvas.latent[0], inner)
    _, height, width = canvas.latent
    extra = read("fancier.json") if "fancier.json" in chosen.data else {}
    if "defaults" in extra:
        settings = Settings.from_json(extra["defaults"])
    else:
        scheduler = read("scheduler/scheduler_config.json")
        settings = settings_for(name, pipeline, inner, scheduler, index)
    # Without the files at the top of the folder that only people read.
    configurations = sorted(n for n in chosen.data if n == pipeline_files.INDEX or "/" in n)
    return ModelCard(
        name=name,
        kind=kind,
        folder=folder,
        pipeline=pipeline,
        denoiser=denoiser,
        variant=chosen.variant,
        parts=tuple(pipeline_files.heavy(there, listed)),
        weights={"": (file,)} if file else _by_part(folder, chosen.weights),
        configurations=(*configurations, *(chosen.weights if file else ())),
        licence=_stated_line(extra, "licence") or (UNKNOWN if file else licence_of(folder)),
        latent=canvas.latent,
        pixels=(height * canvas.scale, width * canvas.scale),
        unit=canvas.unit,
        settings=settings,
        extra=extra,
    )


def _stated_line(extra: Mapping[str, Any], key: str) -> str:
    """Return a text of `fancier.json` as one line; empty if it is no text."""
    stated = extra.get(key)
    return one_line(stated).strip() if isinstance(stated, str) else ""


def _denoiser(name: str, pipeline: str, there: Mapping[str, str], *, ours: bool) -> str:
    """Return which part of a pipeline is its denoiser.

    Raises:
        ModelError: It does not paint single pictures from words in latents.
    """
    if not re.fullmatch(r"[A-Z]\w+Pipeline", pipeline):
        raise ModelError(
            f"model '{name}' names no pipeline in its {pipeline_files.INDEX}: "
            "get it again, or look for another copy"
        )
    if not ours:
        require_words_to_picture(name, pipeline, there)
    denoiser = next((part for part in DENOISERS if part in there), None)
    if denoiser is None or "vae" not in there:
        raise ModelError(
            f"model '{name}' is {with_article(pipeline)}, which has no single denoiser and VAE: "
            "fancier paints with latent text-to-image pipelines"
        )
    return denoiser


def _single(file: Path) -> ModelCard:
    single.require_safetensors(file)
    tensors = tensors_of(file)
    require_unscaled(str(file), tensors)
    there = single.configuration_of(file, tensors)
    if isinstance(there, Path):
        return _stated(_read(str(file), "file", there, file), file, tensors)
    if found := cache.snapshot(there):
        with contextlib.suppress(IncompleteModelError):
            return _stated(_read(str(file), "file", found[1], file), file, tensors)
    raise cache.NotHereError(
        f"model '{file}' needs the configuration of {there}, which is not on this machine: "
        f"get it with 'fancier models --get {file}', or put it in a folder '{file.stem}' beside it",
        there,
        weights=False,
    )


def _stated(card: ModelCard, file: Path, tensors: Iterable[str]) -> ModelCard:
    """Return the card of a single file with the noise schedule that it states."""
    trailing = TRAILING if is_distilled_model(str(file)) else {}
    return replace(card, schedule={**trailing, **stated_by_file(file.stem, tensors)})
