"""A CLIP that is loaded only when there is something to judge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolve.genome import Genome
from evolve.scoring.clip import Clip, named


class ClipOnDemand:
    """Judges as `Clip` does, which it loads with the first views, unless it is begun before."""

    def __init__(self, source: str | Path, *, text: str | None, label: str) -> None:
        """Take what `Clip` takes."""
        self._source, self._text, self._label = source, text, label
        self._clip: Clip | None = None

    def begin(self) -> Clip:
        """Load the model, unless that was done.

        Raises:
            ModelError: There is no usable CLIP model.
        """
        if self._clip is None:
            self._clip = Clip(self._source, text=self._text, label=self._label)
        return self._clip

    @property
    def name(self) -> str:
        """The name of the CLIP with its text."""
        return named(self._label, self._text)

    @property
    def side(self) -> int:
        """Side of the square views, in pixels."""
        return self.begin().side

    def judge(self, views: Sequence[Image.Image], genome: Genome) -> NDArray[np.float64]:
        """Return one number per view, (n,)."""
        return self.begin().judge(views, genome)
