"""All embeddings in the record of a picture."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.models.catalog import ModelCard
from evolve.scoring.looks.appearance import appearance_of
from evolve.scoring.looks.embedders import Cells, best_embedder, embedded
from evolve.scoring.looks.embedding import APPEARANCE, READING
from evolve.scoring.looks.reading import Reading
from evolve.scoring.looks.sight import Sight
from evolve.session.archive import Picture

if TYPE_CHECKING:
    import torch


class WholeLook:
    """Embeds the pictures of one model as they are painted."""

    def __init__(self, card: Callable[[], ModelCard], clip: Path | None, *, device: str) -> None:
        """Prepare the embedders: the model's reader, and the CLIP in a folder on a device."""
        self._reading = Reading(card)
        self._embedder = cache(partial(best_embedder, clip, device=device))

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
