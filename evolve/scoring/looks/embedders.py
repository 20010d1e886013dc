"""Embedders: from pictures to vectors whose distances are about those that a person sees.

The CLIP that comes with a model is the best one at hand. For a model without one it is the picture
at a few cells, lightness finer than colour, as a person sees light and dark first.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolve.errors import ModelError
from evolve.models.catalog import ModelCard
from evolve.models.files.fingerprint import fingerprint
from evolve.models.files.pipeline_files import weights_in
from evolve.models.files.staging import clip_files
from evolve.scoring.looks import appearance
from evolve.scoring.looks.appearance import appearance_of
from evolve.scoring.looks.embedding import APPEARANCE, READING, Embedding
from evolve.scoring.looks.reading import Reading, name_of
from evolve.scoring.looks.sight import Sight
from evolve.session.archive import Picture

if TYPE_CHECKING:
    import torch

    from evolve.scoring.clip import Clip

LIGHTNESS, COLOUR = 12, 6
"""Cells on a side."""


class Embedder(Protocol):
    """Embeds pictures."""

    @property
    def name(self) -> str:
        """A name for all that decides the vectors."""

    def embed(self, pictures: Sequence[Picture]) -> NDArray[np.float64]:
        """Return a unit vector for each picture, (n, width), whatever the others are."""


class Cells:
    """Embeds a picture by its lightness and colour (YCbCr) at a few cells."""

    name = f"cells-{LIGHTNESS}-{COLOUR}"

    def embed(self, pictures: Sequence[Picture]) -> NDArray[np.float64]:
        """Return a unit vector of each picture, (n, 216)."""
        return np.stack([self._one(picture) for picture in pictures])

    def _one(self, picture: Picture) -> NDArray[np.float64]:
        bands = Image.fromarray(picture).convert("YCbCr").split()
        cells = [
            np.asarray(band.resize((side, side), Image.Resampling.BOX), np.float64).ravel()
            / (255 * side)  # so that each band counts as much as its mean square
            for band, side in zip(bands, (LIGHTNESS, COLOUR, COLOUR), strict=True)
        ]
        vector = np.concatenate(cells)
        return vector / max(1e-9, float(np.linalg.norm(vector)))


class ByClip:
    """Embeds pictures by the CLIP in a folder."""

    def __init__(self, folder: Path, *, device: str) -> None:
        """Use the CLIP in `folder` on a torch device.

        Raises:
            ModelError: It cannot be used.
        """
        self._clip = clip_in(folder, device)
        self.name = f"clip-{clip_fingerprint(folder)[:12]}"

    def embed(self, pictures: Sequence[Picture]) -> NDArray[np.float64]:
        """Return a unit vector of each picture, (n, width)."""
        return self._clip.embed(pictures)


def clip_fingerprint(folder: Path) -> str:
    """Return the SHA-256 of the weights of the CLIP in a folder, 64 hexadecimal digits."""
    files, _ = clip_files(folder)
    return fingerprint([folder / file for file in weights_in(files)])


class ByReader:
    """Embeds pictures by what a model's reader finds in them (`reading`)."""

    def __init__(self, card: ModelCard) -> None:
        """Use the reader of a model.

        Raises:
            ModelError: It brings none.
        """
        from evolve.scoring.words import Words  # torch comes with it

        self._words = Words(card)
        assert card.reader is not None
        self.name = name_of(card.reader)

    def embed(self, pictures: Sequence[Picture]) -> NDArray[np.float64]:
        """Return the root of every value's probability in each picture, (n, values)."""
        return self._words.embed(pictures)


class ByAppearance:
    """Embeds pictures by how they look as a whole (`evolve.scoring.looks.appearance`)."""

    name = appearance.NAME

    def embed(self, pictures: Sequence[Picture]) -> NDArray[np.float64]:
        """Return how much of each trait there is in each picture, (n, traits)."""
        looks = [appearance_of(picture).vector for picture in pictures]
        return np.stack(looks).astype(np.float64)


class Joined:
    """Joins the vectors of several embedders."""

    def __init__(self, parts: Sequence[Embedder]) -> None:
        self._parts = parts
        self.name = "+".join(part.name for part in parts)

    def embed(self, pictures: Sequence[Picture]) -> NDArray[np.float64]:
        """Return the vectors of each picture, (n, all widths)."""
        return np.concatenate([part.embed(pictures) for part in self._parts], axis=1)


@functools.lru_cache(maxsize=1)
def clip_in(folder: Path, device: str) -> Clip:
    """Return the CLIP in a folder; the last one is kept for the next painter."""
    from evolve.scoring.clip import Clip  # torch comes with it

    return Clip(folder, device=device)


def best_embedder(clip: Path | None, *, device: str = "cpu") -> Embedder:
    """Return the embedder by the CLIP in a folder; by a few cells where none works."""
    if clip is not None:
        with contextlib.suppress(ModelError):  # pictures are painted all the same
            return ByClip(clip, device=device)
    return Cells()


def embedded(embedder: Embedder, picture: Picture) -> Embedding:
    """Return the embedding of a picture, rounded as it is kept."""
    (vector,) = embedder.embed([picture])
    return Embedding(embedder.name, vector.astype(np.float16))


class WholeLook:
    """Embeds the pictures of one model as they are painted."""

    def __init__(self, card: Callable[[], ModelCard], clip: Path | None, *, device: str) -> None:
        """Prepare the embedders: the model's reader, and the CLIP in a folder on a device."""
        self._reading = Reading(card)
        self._embedder = functools.cache(functools.partial(best_embedder, clip, device=device))

    def sight(self, picture: Picture) -> Sight:
        """Return what distances are measured by: embeddings by a CLIP and at a few cells."""
        look = embedded(self._embedder(), picture)
        alone = look.of == Cells.name
        return Sight((look,) if alone else (look, embedded(Cells(), picture)))

    def record(self, picture: Picture, latent: torch.Tensor) -> dict[str, Any]:
        """Return the embeddings of a picture for its record.

        The latent is (channels, height, width), not rounded.
        """
        found: dict[str, Any] = {**self.sight(picture).to_json()}
        if (reading := self._reading.of(latent)) is not None:
            found[READING] = reading.to_json()
        found[APPEARANCE] = appearance_of(picture).to_json()
        return found
