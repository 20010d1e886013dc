"""Stand-ins for what the engine meets below: an archive in memory, a painter of flat colours."""

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ArchiveError, SavingError
from evolve.genome import Genome
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.protocol import (
    Describe,
    Described,
    Drafted,
    Failed,
    Finished,
    Job,
    Locate,
    Located,
    ModelInfo,
    Ready,
    RenderEvent,
    Stepped,
    Task,
)
from evolve.scoring.looks.embedding import KEY, Embedding
from evolve.scoring.looks.sight import Sight
from evolve.search.births import Births
from evolve.search.individual import Birth, Individual, Verdict
from evolve.search.plan import Plan
from evolve.session.archive import Judgement, Note, Picture, Render, Row, Score

SHAPE = (4, 8, 8)
INFO = ModelInfo(name="fake", latent=SHAPE, pixels=(8, 8))


class MemoryArchive:
    """Keeps a population in memory, and every commit in order.

    `tests/evolve/session/test_archive.py` holds it to what a saved population does.
    """

    def __init__(self, commits: Iterable[Sequence[Row]] = ()) -> None:
        self.commits = [*commits]

    @property
    def commits(self) -> list[list[Row]]:
        """Every commit; those that are set are all there are."""
        return self._commits

    @commits.setter
    def commits(self, commits: Sequence[Sequence[Row]]) -> None:
        self._commits: list[list[Row]] = []
        self.individuals: list[Individual] = []
        self.pictures: dict[int, Picture] = {}
        self.records: dict[int, Mapping[str, Any]] = {}
        self.errors: dict[int, str] = {}
        self.judged: dict[int, Verdict] = {}
        self.scores: dict[str, dict[int, float]] = {}
        self.written: dict[int, str] = {}
        self.plans: list[Plan] = []
        for rows in commits:
            MemoryArchive.append(self, rows)

    def append(self, rows: Sequence[Row]) -> None:
        born = len(self.individuals)
        for row in rows:  # all of them or none
            if isinstance(row, Individual):
                if row.id != born:
                    raise ArchiveError(f"the next individual has id {born}, but was given {row.id}")
                born += 1
            elif not isinstance(row, Plan) and not 0 <= row.individual < born:
                raise ArchiveError(f"no individual {row.individual}: ids go from 0 to {born - 1}")
        self._commits.append(list(rows))
        for row in rows:
            self._take(row)

    def _take(self, row: Row) -> None:
        match row:
            case Individual():
                self.individuals.append(row)
            case Render(individual=individual, picture=None):
                self.errors[individual] = row.error  # an earlier picture is kept
            case Render(individual=individual, picture=picture):
                self.errors.pop(individual, None)
                assert picture is not None
                self.pictures[individual] = picture
                self.records[individual] = row.record
            case Score():
                self.scores.setdefault(row.scorer, {})[row.individual] = row.value
            case Judgement():
                self._judge(row)
            case Note(individual=individual, text=text):
                self.written[individual] = text
                if not text:
                    del self.written[individual]
            case Plan():
                self.plans.append(row)

    def _judge(self, judgement: Judgement) -> None:
        before, value = self.judged.get(judgement.individual, Verdict()), judgement.value or None
        match judgement.kind:
            case "rate":
                after = replace(before, rating=value)
            case "pick":
                after = replace(before, place=value)
            case "reject":
                after = replace(before, rejected=bool(value))
            case "pin":
                after = replace(before, pinned=bool(value))
            case "none":
                after = replace(before, none=bool(value))
            case "same":
                after = replace(before, same=bool(value))
        if judgement.kind in ("rate", "pick"):
            own = self.individuals[judgement.individual].generation
            page = own if judgement.page is None else judgement.page
            after = replace(after, page=page if after.rating or after.place else None)
        self.judged[judgement.individual] = after

    def ids(self) -> Sequence[int]:
        return range(len(self.individuals))

    def births(self) -> Sequence[Birth]:
        return list(self.individuals)

    def genome(self, individual: int) -> Genome:
        return self.individuals[individual].genome

    def picture(self, individual: int) -> Picture | None:
        return self.pictures.get(individual)

    def wanted(self, individual: int) -> float | None:
        return self.records.get(individual, {}).get("wanted")

    def embedding(self, individual: int) -> Embedding | None:
        return Embedding.from_record(self.records.get(individual, {}))

    def sight(self, individual: int) -> Sight | None:
        return Sight.from_record(self.records.get(individual, {}))

    def unpainted(self) -> list[int]:
        done = self.pictures.keys() | self.errors.keys()
        return [i.id for i in self.individuals if i.id not in done]

    def failed(self) -> Mapping[int, str]:
        return dict(self.errors)

    def verdicts(self, scorer: str | None = None) -> Mapping[int, Verdict]:
        if scorer is None and self.scores:
            scorer = max(self.scores, key=lambda name: len(self.scores[name]))
        verdicts = dict(self.judged)
        for i, score in self.scores.get(scorer or "", {}).items():
            verdicts[i] = replace(verdicts.get(i, Verdict()), score=score)
        return {i: verdict for i, verdict in verdicts.items() if verdict != Verdict()}

    def notes(self) -> Mapping[int, str]:
        return dict(self.written)

    def plan(self) -> Plan:
        return (self.plans or [Plan()])[-1]


class Killed(Exception):
    """What a `Mortal` dies of."""


class Mortal(MemoryArchive):
    """Dies before its n-th commit, as a process would that is killed there."""

    def __init__(self, commits: list[list[Row]], until: int) -> None:
        super().__init__(commits)
        self._until = until

    def append(self, rows: Sequence[Row]) -> None:
        if len(self.commits) >= self._until:
            raise Killed
        super().append(rows)


class Tight(MemoryArchive):
    """Has no room while it is full, nor for the first few commits; what begins otherwise fits."""

    def __init__(
        self, commits: Iterable[Sequence[Row]] = (), *, kind: type = object, times: int = 0
    ) -> None:
        super().__init__(commits)
        self.kind, self.times, self.is_full, self.refused = kind, times, False, 0

    def append(self, rows: Sequence[Row]) -> None:
        has_room = not self.is_full and self.refused >= self.times
        if not has_room and isinstance(next(iter(rows), None), self.kind):
            self.refused += 1
            raise SavingError("no space left on the disk: free some", "disk full")
        super().append(rows)


class Illegible(MemoryArchive):
    """Cannot read the birth of one individual."""

    def __init__(self, damaged: int, commits: Iterable[Sequence[Row]]) -> None:
        super().__init__(commits)
        self.damaged = damaged

    def births(self) -> Births:
        return Births(np.array([i.generation for i in self.individuals], np.int32), self._birth)

    def _birth(self, individual: int) -> Birth:
        if individual == self.damaged:
            raise ArchiveError(f"the origin of individual {individual} is damaged")
        return self.individuals[individual]


def flat_picture(genome: Genome) -> Picture:
    """A picture of one colour that follows from the genome."""
    colour = (np.tanh(genome.noise.astype(float).mean((1, 2))[:3] * 8) * 127 + 128).astype(np.uint8)
    return np.broadcast_to(colour, (8, 8, 3)).copy()


@functools.cache
def _cameras(size: int) -> NDArray[np.float64]:
    return np.random.default_rng(0).standard_normal((2, 24, size)) / np.sqrt(size)


def look_of(genome: Genome) -> Embedding:
    """An embedding that follows from noise and guidance: how far a turn leads is each one's own."""
    noise = genome.noise.astype(float).ravel()
    linear, bend = (camera @ noise for camera in _cameras(noise.size))
    vector = np.append(linear * (1 + 0.5 * np.tanh(bend)), genome.settings.guidance_scale)
    return Embedding("fake", (vector / np.linalg.norm(vector)).astype(np.float16))


class Submitted(NamedTuple):
    """What was submitted, without its genome: benchmarks measure what is kept."""

    id: int
    kind: type[Task]
    until: int | None


class FakeRenderer:
    """Paints one job per poll, in order, unless it waits; some ids fail."""

    waitables = ()
    paint = OwnedRenderer.paint

    def __init__(
        self,
        poison: Sequence[int] = (),
        *,
        waits: bool = False,
        pause: int = 0,
        rows: int | None = None,
    ) -> None:
        """Fail `poison`; paint nothing while it waits, nor in `pause` polls before each picture."""
        self.queue: list[Job | Locate | Describe] = []
        self.waits, self.pause, self._polls = waits, pause, 0
        self.poison = set(poison)
        self.painted: list[int] = []
        self.drafted: list[int] = []
        self.submitted: list[Submitted] = []
        self.cancelled: list[int] = []
        self.closed = 0
        self._pending: list[RenderEvent] = [
            Ready(INFO if rows is None else replace(INFO, record={"rows": rows}))
        ]

    def submit(self, jobs: Sequence[Task]) -> None:
        for job in jobs:
            assert isinstance(job, Job | Locate | Describe)
            self.submitted.append(Submitted(job.id, type(job), getattr(job, "until", None)))
            self.queue.append(job)

    def cancel(self, ids: Sequence[int]) -> None:
        self.cancelled += ids
        self.queue = [job for job in self.queue if job.id not in set(ids)]

    def poll(self, timeout: float) -> list[RenderEvent]:
        events, self._pending = self._pending, []
        self._polls += 1
        if self.queue and not self.waits and not self._polls % (self.pause + 1):
            job = self.queue.pop(0)
            if isinstance(job, Describe):
                return [
                    *events,
                    Described(job.id, Sight((Embedding("fake", np.ones(25, np.float16) / 5),))),
                ]
            if job.id in self.poison:
                return [*events, Failed(job.id, "poison")]
            if isinstance(job, Locate):
                difference = np.abs(job.latent.astype(np.float32)).sum(0)
                return [*events, Stepped(job.id, 1, 1), Located(job.id, difference, 1.5)]
            if job.until is not None and job.until < job.genome.settings.steps:
                step, steps = job.until, job.genome.settings.steps
                self.drafted.append(job.id)
                events.append(Stepped(job.id, step, steps))
                events.append(Drafted(job.id, step, flat_picture(job.genome), len(self.painted)))
                return events
            self.painted.append(job.id)
            steps = job.genome.settings.steps
            events.append(Stepped(job.id, steps, steps))
            events.append(
                Finished(
                    job.id,
                    flat_picture(job.genome),
                    {"by": "fake", KEY: look_of(job.genome).to_json()},
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
