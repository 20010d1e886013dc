"""CLIP: how well views of a picture agree with a text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolve.archive import Picture
from evolve.errors import ModelError
from evolve.genome import Genome


class Clip:
    """A CLIP model as a judge of views (Radford et al. 2021; score as in Hessel et al. 2021)."""

    def __init__(self, source: str | Path, *, text: str | None = None, label: str = "clip") -> None:
        """Load a CLIP model.

        Args:
            source: Folder of a transformers CLIPModel with its tokenizer and image processor, or
                the name of one on the hub, which is downloaded if it is not there yet.
            text: What pictures should show; None for each genome's own prompt.
            label: Start of the name.

        Raises:
            ModelError: There is no usable CLIP model.
        """
        import torch
        import transformers
        from transformers.image_processing_utils import BaseImageProcessor

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        local = Path(source).is_dir()
        try:
            self._model: Any = transformers.CLIPModel.from_pretrained(
                source, use_safetensors=True, local_files_only=local, dtype=torch.float32
            ).eval()
            self._tokenizer: Any = transformers.CLIPTokenizer.from_pretrained(
                source, local_files_only=local
            )
            # The processor itself would want torchvision; its numbers are all that is needed.
            processor, _ = BaseImageProcessor.get_image_processor_dict(
                source, local_files_only=local
            )
            self._mean = np.array(processor["image_mean"], np.float32)
            self._std = np.array(processor["image_std"], np.float32)
        except Exception as error:  # whatever a damaged folder makes the loaders raise
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise ModelError(f"no CLIP model can be loaded from {source}: {reason}") from error
        self._torch = torch
        self._text = text
        self._label = label
        self._texts: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """`clip` or `clip:TEXT`."""
        return self._label if self._text is None else f"{self._label}:{self._text}"

    @property
    def side(self) -> int:
        """Side of the square views it looks at, in pixels."""
        return int(self._model.config.vision_config.image_size)

    def judge(self, views: Sequence[Image.Image], genome: Genome) -> NDArray[np.float64]:
        """Return 100 cos(E_image(view), E_text) of each view, (n,).

        Args:
            views: RGB pictures of `side` x `side` pixels.
            genome: Whose prompt they should show, unless a text was given.
        """
        with self._torch.inference_mode():
            images = self._images(views)
            similar: NDArray[np.float64] = (images @ self._target(genome)).double().numpy()
        return similar * 100

    def embed(self, pictures: Sequence[Picture]) -> NDArray[np.float64]:
        """Return the unit embedding E_image of each whole picture, (n, width)."""
        size = (self.side, self.side)
        views = [Image.fromarray(p).resize(size, Image.Resampling.BICUBIC) for p in pictures]
        with self._torch.inference_mode():
            vectors: NDArray[np.float64] = self._images(views).double().numpy()
        return vectors

    def _images(self, views: Sequence[Image.Image]) -> Any:
        pixels = np.stack([np.asarray(view, dtype=np.float32) / 255 for view in views])
        batch = self._torch.from_numpy(((pixels - self._mean) / self._std).transpose(0, 3, 1, 2))
        features = self._model.get_image_features(pixel_values=batch)
        return self._torch.nn.functional.normalize(_pooled(features), dim=-1)

    def _target(self, genome: Genome) -> Any:
        """Return the unit embedding of the text, or the weighted mean of the genome's concepts."""
        if self._text is not None:
            return self._embedded(self._text)
        parts = [c.weight * self._embedded(c.text) for c in genome.prompt.concepts]
        return self._torch.nn.functional.normalize(self._torch.stack(parts).sum(0), dim=-1)

    def _embedded(self, text: str) -> Any:
        if text not in self._texts:
            limit = self._model.config.text_config.max_position_embeddings
            tokens = self._tokenizer(text, truncation=True, max_length=limit, return_tensors="pt")
            features = self._model.get_text_features(**tokens)
            self._texts[text] = self._torch.nn.functional.normalize(_pooled(features), dim=-1)[0]
        return self._texts[text]


def _pooled(features: Any) -> Any:
    """Return the projected embedding: transformers gives it bare or wrapped, by version."""
    return getattr(features, "pooler_output", features)
