"""Stand-ins for what the engine meets below: an archive in memory, a painter of flat colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.rendering.protocol import Failed, Finished, Job, ModelInfo, Ready, RenderEvent, Stepped
from evolve.search.individual import Birth, Individual, Verdict
from evolve.search.plan import Plan
from evolve.session.archive import Judgement, Note, Picture, Render, Row, Score

SHAPE = (4, 8, 8)
INFO = ModelInfo(name="fake", latent=SHAPE, pixels=(8, 8))


class MemoryArchive:
    """Keeps a population in memory, and every commit in order."""

    def __init__(self) -> None:
        self.commits: list[list[Row]] = []

    def _rows(self, kind: type) -> list[Row]:
        return [row for commit in self.commits for row in commit if isinstance(row, kind)]

    def append(self, rows: Sequence[Row]) -> None:
        self.commits.append(list(rows))

    def ids(self) -> Sequence[int]:
        return range(len(self.births()))

    def births(self) -> list[Birth]:
        return self._rows(Individual)  # type: ignore[return-value]

    def genome(self, individual: int) -> Genome:
        return self._rows(Individual)[individual].genome  # type: ignore[union-attr]

    def _renders(self) -> dict[int, Render]:
        return {r.individual: r for r in self._rows(Render)}  # type: ignore[union-attr,misc]

    def picture(self, individual: int) -> Picture | None:
        render = self._renders().get(individual)
        return render.picture if render else None

    def unpainted(self) -> list[int]:
        return [b.id for b in self.births() if b.id not in self._renders()]

    def failed(self) -> Mapping[int, str]:
        return {i: r.error for i, r in self._renders().items() if r.picture is None}

    def verdicts(self, scorer: str | None = None) -> Mapping[int, Verdict]:
        ratings = {j.individual: j for j in self._rows(Judgement)}  # type: ignore[union-attr]
        scores = {s.individual: s.value for s in self._rows(Score)}  # type: ignore[union-attr]
        verdicts = {
            i: Verdict(
                rating=ratings[i].value or None if i in ratings else None,  # type: ignore[union-attr]
                score=scores.get(i),
            )
            for i in ratings.keys() | scores.keys()
        }
        return {i: v for i, v in verdicts.items() if v != Verdict()}

    def notes(self) -> Mapping[int, str]:
        return {n.individual: n.text for n in self._rows(Note)}  # type: ignore[union-attr]

    def plan(self) -> Plan:
        return (self._rows(Plan) or [Plan()])[-1]  # type: ignore[return-value]


def flat_picture(genome: Genome) -> Picture:
    """A picture of one colour that follows from the genome."""
    colour = (np.tanh(genome.noise.astype(float).mean((1, 2))[:3] * 8) * 127 + 128).astype(np.uint8)
    return np.broadcast_to(colour, (8, 8, 3)).copy()


class FakeRenderer:
    """Paints one job per poll, in order; some ids fail."""

    waitables = ()

    def __init__(self, poison: Sequence[int] = ()) -> None:
        self.queue: list[Job] = []
        self.poison = set(poison)
        self.painted: list[int] = []
        self.closed = 0
        self._pending: list[RenderEvent] = [Ready(INFO)]

    def submit(self, jobs: Sequence[Job]) -> None:
        self.queue += jobs

    def cancel(self, ids: Sequence[int]) -> None:
        self.queue = [job for job in self.queue if job.id not in set(ids)]

    def poll(self, timeout: float) -> list[RenderEvent]:
        events, self._pending = self._pending, []
        if self.queue:
            job = self.queue.pop(0)
            if job.id in self.poison:
                return [*events, Failed(job.id, "poison")]
            self.painted.append(job.id)
            steps = job.genome.settings.steps
            events.append(Stepped(job.id, steps, steps))
            events.append(
                Finished(
                    job.id,
                    flat_picture(job.genome),
                    {"by": "fake"},
                    len(self.painted),
                    job.genome.noise,
                )
            )
        return events

    def close(self) -> None:
        self.closed += 1


class RedScorer:
    """Likes red."""

    name = "red"

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        return np.array([float(p[..., 0].mean()) for p in pictures])
