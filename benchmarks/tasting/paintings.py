"""What is seen in painted pictures, kept by the digest of genomes: nothing is painted twice."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.portraits.judges import load_judge
from benchmarks.tasting.person import Array, Seen
from evolve import Genome
from evolve.rendering.painting import OwnedRenderer, paint
from evolve.rendering.protocol import Finished, Job
from evolve.scoring.looks.embedding import Embedding, looks

TABLE = "create table if not exists seen (digest text primary key, embedder text, embedding blob, "
TABLE += "reading blob, read text, looks blob)"

AT_ONCE = 240
"""Pictures after which what is seen is kept: a large pool takes minutes."""


class Paintings:
    """Paints genomes and looks at them, once each, be it in an earlier run."""

    def __init__(self, renderer: OwnedRenderer, kept: Path) -> None:
        self._renderer, self._judge = renderer, load_judge()
        self._kept = sqlite3.connect(kept, timeout=120)
        self._kept.execute(TABLE)
        self.seen = 0
        """How many were looked at in this run, those that were kept from an earlier one too."""

    def __call__(self, genomes: Sequence[Genome]) -> Seen:
        """Return what is seen in each."""
        self.seen += len(genomes)
        digests = [genome.digest for genome in genomes]
        new = [(d, g) for d, g in zip(digests, genomes, strict=True) if self._row(d) is None]
        for k in range(0, len(new), AT_ONCE):
            self._paint(dict(new[k : k + AT_ONCE]))
        rows = [row for digest in digests if (row := self._row(digest)) is not None]
        return Seen(
            [
                (
                    Embedding(row[1], np.frombuffer(row[2], np.float16)),
                    Embedding("reader", np.frombuffer(row[3], np.float16)),
                )
                for row in rows
            ],
            [json.loads(row[4]) for row in rows],
            np.array([np.frombuffer(row[5]) for row in rows]),
        )

    def _row(self, digest: str) -> tuple[str, str, bytes, bytes, str, bytes] | None:
        asked = self._kept.execute("select * from seen where digest = ?", (digest,))
        row: tuple[str, str, bytes, bytes, str, bytes] | None = asked.fetchone()
        return row

    def _paint(self, new: dict[str, Genome]) -> None:
        digests, done = list(new), dict[int, Finished]()
        jobs = [Job(k, genome) for k, genome in enumerate(new.values())]
        for event in paint(self._renderer, jobs):
            if isinstance(event, Finished):
                done[event.id] = event
        pictures = np.stack([done[k].picture for k in range(len(jobs))])
        read = self._judge.read(pictures)
        unnamed = _looks(pictures)
        for k, digest in enumerate(digests):
            # Without the appearance: it measures what no embedding is to know here.
            embedding, reading, *_ = looks(done[k].record)
            row = (
                *(digest, embedding.of, embedding.vector.tobytes()),
                *(reading.vector.tobytes(), json.dumps(read[k]), unnamed[k].tobytes()),
            )
            self._kept.execute("insert or replace into seen values (?, ?, ?, ?, ?, ?)", row)
        self._kept.commit()


def _looks(pictures: npt.NDArray[np.uint8]) -> Array:
    """(n, 4): how light, colourful, busy and uneven pictures are, not standardised."""
    values = pictures.astype(np.float64) / 255
    grey = values.mean(3)
    busy = np.abs(np.diff(grey, axis=1)).mean((1, 2)) + np.abs(np.diff(grey, axis=2)).mean((1, 2))
    uneven = np.abs(grey - grey[:, :, ::-1]).mean((1, 2))
    colourful = (values.max(3) - values.min(3)).mean((1, 2))
    return np.stack([grey.mean((1, 2)), colourful, busy, uneven], 1)
