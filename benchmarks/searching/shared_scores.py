"""A scorer that never scores the same picture twice: scores are kept as JSON lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.scoring.protocol import Scorer
from evolve.session.archive import Picture


class SharedScores:
    """Scores with another scorer what is not in a file yet."""

    def __init__(self, scorer: Scorer, file: Path) -> None:
        """Keep what `scorer` says in `file`."""
        self._scorer, self._file = scorer, file
        file.parent.mkdir(parents=True, exist_ok=True)
        lines = file.read_text().splitlines() if file.exists() else []
        self._known: dict[str, float] = dict(json.loads(line) for line in lines if line[-1:] == "]")

    @property
    def name(self) -> str:
        """That of the other."""
        return self._scorer.name

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return one score per picture, (n,)."""
        return np.array([self._one(p, g) for p, g in zip(pictures, genomes, strict=True)])

    def _one(self, picture: Picture, genome: Genome) -> float:
        text = json.dumps([self.name, genome.prompt.to_json()], sort_keys=True)
        key = hashlib.sha256(text.encode() + picture.tobytes()).hexdigest()[:24]
        if key not in self._known:
            self._known[key] = float(self._scorer.score([picture], [genome])[0])
            with self._file.open("a") as file:
                file.write(json.dumps([key, self._known[key]]) + "\n")
        return self._known[key]
