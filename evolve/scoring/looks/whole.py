"""All embeddings in the record of a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evolve.models.catalog import ModelCard
from evolve.scoring.looks.appearance import appearance_of
from evolve.scoring.looks.embedders import Looker
from evolve.scoring.looks.embedding import APPEARANCE, READING
from evolve.scoring.looks.reading import Reading
from evolve.scoring.looks.sight import Sight
from evolve.session.archive import Picture

if TYPE_CHECKING:
    import torch


class WholeLook:
    """Embeds the pictures of one model as they are painted."""

    def __init__(self, card: Callable[[], ModelCard], clip: Path | None, *, device: str) -> None:
        """Prepare the embedders of the model.

        Args:
            card: Of the model, whose reader is loaded for the first picture.
            clip: The folder of its CLIP; None where it has none.
            device: The torch device that the CLIP computes on.
        """
        self._looker, self._reading = Looker(clip, device=device), Reading(card)

    def sight(self, picture: Picture) -> Sight:
        """Return the sight of a picture."""
        return self._looker.sight(picture)

    def record(self, picture: Picture, latent: torch.Tensor) -> dict[str, Any]:
        """Return the embeddings of a picture for its record.

        Args:
            picture: As it was decoded.
            latent: Of the picture, (channels, height, width), not rounded.
        """
        found: dict[str, Any] = {**self.sight(picture).to_json()}
        if (reading := self._reading.of(latent)) is not None:
            found[READING] = reading.to_json()
        found[APPEARANCE] = appearance_of(picture).to_json()
        return found
