"""Embedders: from pictures to vectors whose distances are about those that a person sees.

The CLIP that comes with a model is the best one at hand. For a model without one it is the picture
at a few cells, lightness finer than colour, as a person sees light and dark first.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, slots=True)
class Embedder:
    """A way to embed pictures."""

    name: str
    """Names all that decides the vectors."""
    embed: Callable[[Sequence[Picture]], NDArray[np.float64]]
    """Returns a vector of each picture, (n, width), whatever the others are. It is of length 1 by a
    CLIP and by cells, and of another one by a reader or by appearance."""


def _cells_of(picture: Picture) -> NDArray[np.float64]:
    bands = Image.fromarray(picture).convert("YCbCr").split()
    cells = [
        np.asarray(band.resize((side, side), Image.Resampling.BOX), np.float64).ravel()
        / (255 * side)  # so that each band counts as much as its mean square
        for band, side in zip(bands, (LIGHTNESS, COLOUR, COLOUR), strict=True)
    ]
    vector = np.concatenate(cells)
    return vector / max(1e-9, float(np.linalg.norm(vector)))


BY_CELLS = Embedder(
    f"cells-{LIGHTNESS}-{COLOUR}",
    lambda pictures: np.stack([_cells_of(picture) for picture in pictures]),
)
"""By lightness and colour (YCbCr) at a few cells, (216,)."""

BY_APPEARANCE = Embedder(
    appearance.NAME,
    lambda pictures: np.stack([appearance_of(each).vector for each in pictures]).astype(np.float64),
)
"""By how a picture looks as a whole (`evolve.scoring.looks.appearance`)."""


def by_clip(folder: Path, *, device: str) -> Embedder:
    """Return the embedder by the CLIP in a folder, on a torch device.

    Raises:
        ModelError: It cannot be used.
    """
    clip = clip_in(folder, device)
    return Embedder(f"clip-{clip_fingerprint(folder)[:12]}", clip.embed)


def clip_fingerprint(folder: Path) -> str:
    """Return the SHA-256 of the weights of the CLIP in a folder, 64 hexadecimal digits."""
    files, _ = clip_files(folder)
    return fingerprint([folder / file for file in weights_in(files)])


def by_reader(card: ModelCard) -> Embedder:
    """Return the embedder by what a model's reader finds in pictures (`reading`).

    Raises:
        ModelError: It brings none.
    """
    from evolve.scoring.words import Words  # torch comes with it

    words = Words(card)
    assert card.reader is not None
    return Embedder(name_of(card.reader), words.embed)


def joined(parts: Sequence[Embedder]) -> Embedder:
    """Return the embedder that joins the vectors of several."""
    return Embedder(
        "+".join(part.name for part in parts),
        lambda pictures: np.concatenate([part.embed(pictures) for part in parts], axis=1),
    )


@functools.lru_cache(maxsize=1)
def clip_in(folder: Path, device: str) -> Clip:
    """Return the CLIP in a folder; the last one is kept for the next painter."""
    from evolve.scoring.clip import Clip  # torch comes with it

    return Clip(folder, device=device)


def best_embedder(clip: Path | None, *, device: str = "cpu") -> Embedder:
    """Return the embedder by the CLIP in a folder; by a few cells where none works."""
    if clip is not None:
        with contextlib.suppress(ModelError):  # pictures are painted all the same
            return by_clip(clip, device=device)
    return BY_CELLS


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
        alone = look.of == BY_CELLS.name
        return Sight((look,) if alone else (look, embedded(BY_CELLS, picture)))

    def record(self, picture: Picture, latent: torch.Tensor) -> dict[str, Any]:
        """Return the embeddings of a picture for its record.

        The latent is (channels, height, width), not rounded.
        """
        found: dict[str, Any] = {**self.sight(picture).to_json()}
        if (reading := self._reading.of(latent)) is not None:
            found[READING] = reading.to_json()
        found[APPEARANCE] = appearance_of(picture).to_json()
        return found
