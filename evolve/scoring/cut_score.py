"""The cut score: the mean of a judge's scores of the whole picture and of cuts of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolve.genome import Genome
from evolve.scoring.cuts import Cut, inner_cuts, overview_cuts
from evolve.session.archive import Picture

if TYPE_CHECKING:
    from evolve.scoring.clip import Clip


class CutScore:
    """A scorer: the mean of the overview cuts and the mean of the inner cuts, in equal parts.

    A judge of a single view is easily pleased by what a person does not see; a picture that agrees
    with its text as a whole and in its parts is harder to find. Cuts are the same for all pictures,
    so that their scores can be compared. A picture is not punished for what only some cuts show:
    less a multiple of their deviation a CLIP chose no better (`benchmarks/results/headless.md`).
    """

    def __init__(self, judge: Clip, *, inner: int = 4, seed: int = 0) -> None:
        """Score by `judge` on the overview and on `inner` inner cuts, those of `seed`."""
        self._judge, self._count, self._seed = judge, inner, seed
        self._overview = overview_cuts(seed)
        self._inner = inner_cuts(inner, seed=seed)

    @property
    def name(self) -> str:
        """The judge's name."""
        return self._judge.name

    def again(self) -> CutScore:
        """Return the same score over other cuts."""
        return CutScore(self._judge, inner=self._count, seed=self._seed + 1)

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return one score per picture, (n,), which does not depend on the others."""
        scores = [self._one(p, g) for p, g in zip(pictures, genomes, strict=True)]
        return np.array(scores, dtype=np.float64)

    def _one(self, picture: Picture, genome: Genome) -> float:
        image = Image.fromarray(picture)
        views = [self._view(image, cut) for cut in (*self._overview, *self._inner)]
        numbers = self._judge.judge(views, genome)
        overview = numbers[: len(self._overview)].mean()
        inner = numbers[len(self._overview) :].mean() if self._inner else overview
        return float((overview + inner) / 2)

    def _view(self, image: Image.Image, cut: Cut) -> Image.Image:
        side = (self._judge.side, self._judge.side)
        view = image.resize(side, Image.Resampling.BICUBIC, box=cut.box(*image.size))
        return view.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if cut.flipped else view
