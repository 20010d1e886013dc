"""CLIP: the agreement of views of a picture with a text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolve.errors import ModelError, ordinary_errors
from evolve.genome import Genome, Prompt
from evolve.genome.prompt import encoded
from evolve.installed_packages import reason
from evolve.models.files.building import require_filled
from evolve.models.files.pipeline_files import DATA
from evolve.models.files.staging import clip_files, staged
from evolve.session.archive import Picture

if TYPE_CHECKING:
    import torch


class _Loaded(NamedTuple):
    """A CLIP in memory."""

    torch: Any
    model: Any
    tokenizer: Any
    mean: torch.Tensor
    std: torch.Tensor


class Clip:
    """A CLIP model as a judge of views (Radford et al. 2021; score as in Hessel et al. 2021)."""

    def __init__(
        self,
        source: str | Path,
        *,
        text: str | None = None,
        label: str = "clip",
        device: str = "cpu",
        later: bool = False,
    ) -> None:
        """Load a CLIP model.

        Args:
            source: Folder of a transformers CLIPModel with its tokenizer and image processor, or
                the name of one on the hub, which is downloaded if it is not there yet.
            text: What pictures should show; None for the prompt of each genome.
            label: Start of the name.
            device: The torch device to compute on.
            later: Whether it is loaded with the first views only, and may fail then.

        Raises:
            ModelError: There is no usable CLIP model.
        """
        self._source, self._text, self._label = source, text, label
        self._loaded = cache(lambda: _load(source, device))
        self._texts: dict[str, torch.Tensor] = {}
        if not later:
            self._loaded()

    @property
    def _torch(self) -> Any:
        return self._loaded().torch

    @property
    def name(self) -> str:
        """`clip` or `clip:TEXT`."""
        return self._label if self._text is None else f"{self._label}:{self._text}"

    @property
    def side(self) -> int:
        """Side of the square views, in pixels."""
        return int(self._loaded().model.config.vision_config.image_size)

    def judge(self, views: Sequence[Image.Image], genome: Genome) -> NDArray[np.float64]:
        """Return 100 cos(E_image, E_text) of each RGB view of `side` x `side` pixels, (n,)."""
        with self._torch.no_grad():
            similar: NDArray[np.float64] = (
                self.agreement(self._pixels(views), genome.prompt).double().cpu().numpy()
            )
        return similar * 100

    def agreement(self, pixels: torch.Tensor, prompt: Prompt) -> torch.Tensor:
        """Return cos(E_image(view), E_text) of each view, (n,); can be differentiated.

        The views are (n, 3, side, side) from 0 to 1, float32 on the CLIP's device. They should show
        the prompt, unless a text was given.
        """
        similar: torch.Tensor = self._images(pixels) @ self._target(prompt)
        return similar

    def embed(self, pictures: Sequence[Picture]) -> NDArray[np.float64]:
        """Return the unit embedding E_image of each whole picture, (n, width)."""
        size = (self.side, self.side)
        views = [Image.fromarray(p).resize(size, Image.Resampling.BICUBIC) for p in pictures]
        with self._torch.no_grad():
            vectors: NDArray[np.float64] = self._images(self._pixels(views)).double().cpu().numpy()
        return vectors

    def likeness(self, pictures: Sequence[Picture], texts: Sequence[str]) -> NDArray[np.float64]:
        """Return cos(E_image, E_text) of each whole picture with each text, (n, texts)."""
        described = self._torch.stack([self._embedded(text) for text in texts])
        similar: NDArray[np.float64] = self.embed(pictures) @ described.double().cpu().numpy().T
        return similar

    def _pixels(self, views: Sequence[Image.Image]) -> torch.Tensor:
        """Return views as (n, 3, height, width) from 0 to 1."""
        pixels = np.stack([np.asarray(view, dtype=np.float32) / 255 for view in views])
        rows: torch.Tensor = self._torch.from_numpy(pixels).permute(0, 3, 1, 2)
        return rows.to(self._loaded().mean.device)

    def _images(self, pixels: torch.Tensor) -> torch.Tensor:
        _, model, _, mean, std = self._loaded()
        features = model.get_image_features(pixel_values=(pixels - mean) / std)
        return self._unit(_pooled(features))

    def _target(self, prompt: Prompt) -> torch.Tensor:
        """Return the unit embedding of the text, or of the prompt by its rule."""
        if self._text is not None:
            return self._embedded(self._text)
        parts = [w * self._embedded(text) for text, w in encoded(prompt.concepts, prompt.rule)]
        return self._unit(self._torch.stack(parts).sum(0))

    def _embedded(self, text: str) -> torch.Tensor:
        if text not in self._texts:
            self._texts[text] = self._unit(_pooled(self._features(text)))[0]
        return self._texts[text]

    def _unit(self, vectors: torch.Tensor) -> torch.Tensor:
        unit: torch.Tensor = self._torch.nn.functional.normalize(vectors, dim=-1)
        return unit

    def _features(self, text: str) -> Any:
        """Return what the text encoder answers.

        Raises:
            ModelError: Its tokenizer or configuration is damaged.
        """
        torch, model, tokenizer, mean, _ = self._loaded()
        limit = model.config.text_config.max_position_embeddings
        try:
            with ordinary_errors(), torch.no_grad():
                given = tokenizer(text, truncation=True, max_length=limit, return_tensors="pt")
                return model.get_text_features(**given.to(mean.device))
        except Exception as error:  # whatever damaged files make the libraries raise
            raise ModelError(
                f"the CLIP in '{self._source}' cannot read '{text}': {reason(error)}"
            ) from error


def _load(source: str | Path, device: str) -> _Loaded:
    import torch
    import transformers
    from transformers.image_processing_utils import BaseImageProcessor

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    try:
        folder = _folder(source)
        files, shapes = clip_files(folder)
        with staged(folder, files) as stage:
            require_filled(str(folder), transformers.CLIPModel, stage, shapes)
            model = transformers.CLIPModel.from_pretrained(
                stage, use_safetensors=True, local_files_only=True, dtype=torch.float32
            )
            model.to(device).eval().requires_grad_(False)
            with ordinary_errors():
                tokenizer = transformers.CLIPTokenizer.from_pretrained(stage, local_files_only=True)
            # The processor itself would want torchvision; its numbers are all that is needed.
            processor, _ = BaseImageProcessor.get_image_processor_dict(stage, local_files_only=True)
        mean, std = (
            torch.tensor(processor[name], dtype=torch.float32, device=device).view(3, 1, 1)
            for name in ("image_mean", "image_std")
        )
    except ModelError as error:
        raise ModelError(f"no CLIP model can be loaded from '{source}': {error}") from error
    except Exception as error:  # whatever a damaged folder makes the loaders raise
        why = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"no CLIP model can be loaded from '{source}': {why}") from error
    return _Loaded(torch, model, tokenizer, mean, std)


def _folder(source: str | Path) -> Path:
    """Return the folder of a CLIP; one on the hub is downloaded, its data alone."""
    if Path(source).is_dir():
        return Path(source)
    from huggingface_hub import snapshot_download

    wanted = [*(f"*{end}" for end in DATA), "model*.safetensors"]
    return Path(snapshot_download(str(source), allow_patterns=wanted, ignore_patterns="*/*"))


def _pooled(features: Any) -> Any:
    """Return the projected embedding: transformers gives it bare or wrapped, by version."""
    return getattr(features, "pooler_output", features)
