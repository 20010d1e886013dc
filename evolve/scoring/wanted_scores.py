"""How surely the one thing is there that an edit was asked for: what its page is ordered by."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from evolve.errors import FancierError
from evolve.genome import Genome, Prompt
from evolve.models.catalog import ModelCard
from evolve.scoring.clip import Clip
from evolve.scoring.cut_score import CutScore
from evolve.scoring.protocol import Scorer
from evolve.scoring.wanted import Wanted
from evolve.scoring.words import Words
from evolve.session.archive import Picture


class WantedScores:
    """Scores pictures by what was asked of each; what judges is loaded for the first."""

    def __init__(self, card: Callable[[], ModelCard], *, device: str = "cpu") -> None:
        """Judge by what comes with a model: its reader of words, or else its CLIP."""
        self._card, self._device = card, device
        self._loaded: dict[str, Scorer | None] = {}

    def score(self, picture: Picture, genome: Genome, wanted: Wanted) -> float | None:
        """Return a number, higher for what is there more surely; None if nothing can judge."""
        words = self._scorer("words")
        if words is not None:
            found = self._by(words, picture, genome, wanted.prompt)
            if found is not None:
                return found
        clip = self._scorer("clip")
        if clip is None:
            return None
        there, gone = (
            (self._by(clip, picture, genome, Prompt.parse(text)) or 0.0) if text else 0.0
            for text in wanted
        )
        return there - gone

    @staticmethod
    def _by(scorer: Scorer, picture: Picture, genome: Genome, prompt: Prompt) -> float | None:
        value = float(scorer.score([picture], [replace(genome, prompt=prompt)])[0])
        return value if math.isfinite(value) else None

    def _scorer(self, kind: str) -> Scorer | None:
        if kind not in self._loaded:
            try:
                self._loaded[kind] = self._load(kind)
            except FancierError:  # a page without an order is a page all the same
                self._loaded[kind] = None
        return self._loaded[kind]

    def _load(self, kind: str) -> Scorer | None:
        card = self._card()
        if kind == "words":
            return None if card.reader is None else Words(card)
        return None if card.clip is None else CutScore(Clip(card.clip, device=self._device))
