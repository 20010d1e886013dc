"""CLIP score of a picture for a text, averaged over overview and inner cuts.

score = mean over cuts of 100 cos(E_image(cut), E_text) (Hessel et al. 2021, CLIPScore, without the
clipping at zero), the overview counting as much as all inner cuts together.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolve.archive import Picture
from evolve.cuts import Cut, inner_cuts, overview_cuts
from evolve.errors import ModelError
from evolve.genome import Genome


class ClipScorer:
    """Scores pictures by their similarity to a text in a CLIP model."""

    def __init__(
        self,
        source: str | Path,
        *,
        text: str | None = None,
        inner: int = 4,
        label: str = "clip",
    ) -> None:
        """Load a CLIP model.

        Args:
            source: Folder of a transformers CLIPModel with its tokenizer and image processor, or
                the name of one on the hub, which is downloaded if it is not there yet.
            text: What pictures should show; None for each genome's own prompt.
            inner: How many inner cuts are looked at beside the overview; 0 for none.
            label: Start of the scorer's name.

        Raises:
            ModelError: There is no usable CLIP model.
        """
        import torch
        import transformers

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
            from transformers.image_processing_utils import BaseImageProcessor

            processor, _ = BaseImageProcessor.get_image_processor_dict(
                source, local_files_only=local
            )
        except Exception as error:  # whatever a damaged folder makes the loaders raise
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise ModelError(f"no CLIP model can be loaded from {source}: {reason}") from error
        self._mean = np.array(processor["image_mean"], np.float32)
        self._std = np.array(processor["image_std"], np.float32)
        self._torch = torch
        self._text = text
        self._label = label
        self._overview: list[Cut] = overview_cuts()
        self._inner: list[Cut] = inner_cuts(inner)
        self._size: int = self._model.config.vision_config.image_size
        self._texts: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """`clip` or `clip:TEXT`."""
        return self._label if self._text is None else f"{self._label}:{self._text}"

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return one score per picture, (n,), about 0 to 100."""
        scores = [self._one(p, g) for p, g in zip(pictures, genomes, strict=True)]
        return np.array(scores, dtype=np.float64)

    def _one(self, picture: Picture, genome: Genome) -> float:
        """Score a picture by itself, so that its score does not depend on a batch."""
        image = Image.fromarray(picture)
        cuts = [self._view(image, cut) for cut in (*self._overview, *self._inner)]
        torch = self._torch
        with torch.inference_mode():
            features = self._model.get_image_features(pixel_values=torch.stack(cuts))
            views = torch.nn.functional.normalize(_pooled(features), dim=-1)
            similar = (views @ self._target(genome)).double() * 100
        overview = similar[: len(self._overview)].mean()
        inner = similar[len(self._overview) :].mean() if self._inner else overview
        return float((overview + inner) / 2)

    def _view(self, image: Image.Image, cut: Cut) -> Any:
        """Cut, resize and normalise: (3, size, size) float32."""
        side = (self._size, self._size)
        view = image.resize(side, Image.Resampling.BICUBIC, box=cut.box(*image.size))
        pixels = np.asarray(view, dtype=np.float32) / 255
        if cut.flipped:
            pixels = pixels[:, ::-1]
        return self._torch.from_numpy(
            np.ascontiguousarray(((pixels - self._mean) / self._std).transpose(2, 0, 1))
        )

    def _target(self, genome: Genome) -> Any:
        """Return the unit text embedding: of the fixed text, or of the weighted concepts."""
        if self._text is not None:
            return self._embedded(self._text)
        parts = [c.weight * self._embedded(c.text) for c in genome.prompt.concepts]
        total = self._torch.stack(parts).sum(0)
        return self._torch.nn.functional.normalize(total, dim=-1)

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
