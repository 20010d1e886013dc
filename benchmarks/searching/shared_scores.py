"""A scorer that never scores the same picture twice: scores are kept as JSON lines."""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.scripting.kept_lines import add_line, read_lines
from evolve.genome import Genome
from evolve.scoring.protocol import Repeatable, Scorer
from evolve.session.archive import Picture


class SharedScores:
    """Scores with another scorer what is not in a file yet."""

    def __init__(self, scorer: Scorer, file: Path, look: str = "") -> None:
        """Keep what `scorer` says in `file`; another `look` at a picture is another score."""
        self._scorer, self._file, self._look = scorer, file, look
        file.parent.mkdir(parents=True, exist_ok=True)
        self._known: dict[str, float] = dict(read_lines(file))

    @property
    def name(self) -> str:
        """That of the other."""
        return self._scorer.name

    @cached_property
    def _again(self) -> "SharedScores":
        assert isinstance(self._scorer, Repeatable)
        return SharedScores(self._scorer.again(), self._file, "again")

    def again(self) -> "SharedScores":
        """Return the second look."""
        return self._again

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return one score per picture, (n,)."""
        return np.array([self._one(p, g) for p, g in zip(pictures, genomes, strict=True)])

    def _one(self, picture: Picture, genome: Genome) -> float:
        asked = [self.name, genome.prompt.to_json(), *([self._look] if self._look else [])]
        text = json.dumps(asked, sort_keys=True)
        key = hashlib.sha256(text.encode() + picture.tobytes()).hexdigest()[:24]
        if key not in self._known:
            self._known[key] = float(self._scorer.score([picture], [genome])[0])
            add_line(self._file, [key, self._known[key]])
        return self._known[key]
