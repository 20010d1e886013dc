"""Painting ahead: a renderer paints what will probably be asked for while nothing else waits.

`guess` names what may be asked for; no events are reported about it. When it is asked for, a
picture that is painted is returned at once, and one that is being painted goes on. As a picture
follows from its genome alone, it makes no difference when it was painted. Jobs that are asked for
go before all guesses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from evolve.genome import Genome
from evolve.recent import Recent
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.protocol import (
    Ended,
    Failed,
    Finished,
    Job,
    Ready,
    Renderer,
    RenderEvent,
    Restarted,
    Stepped,
    Task,
    Waitable,
)

FIRST = -(1 << 48)
"""Number of the first guess; no task that is asked for has one as low."""
KEPT_BYTES = 256 << 20
"""Bytes for pictures painted ahead; the least recently guessed is dropped first."""
KEPT = 256
"""Pictures that are kept at most, some pages of candidates: those of old pages are hardly ever
asked for again."""
DEATHS = 2
"""Deaths of the renderer while it paints guesses after which it paints no more of them."""
BETTER = 2.0
"""How many times the value of a guess under way another must have to replace it."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A genome that may be asked for."""

    genome: Genome
    chance: float
    """Probability that it is shown, 0 to 1."""
    kept: float = 1.0
    """Probability that it is liked when it is shown, or any number in proportion to it."""

    @property
    def value(self) -> float:
        """Probability that it is of use, per row of the denoiser that painting it takes."""
        return self.chance * self.kept / (self.genome.settings.steps * self.genome.settings.rows)


@dataclass(slots=True)
class _Flying:
    """A guess that is being painted."""

    digest: str
    guess: Guess
    latest: Stepped | None = None
    wanted_as: int | None = None
    """Id of the job that asks for it; None until then."""

    @property
    def value(self) -> float:
        """Value of the guess by the work that is left."""
        done = 0.0 if self.latest is None else self.latest.step / max(1, self.latest.steps)
        return self.guess.value / max(0.05, 1 - done)


class PaintingAhead(OwnedRenderer):
    """A renderer that has another one paint guesses while nothing is asked for."""

    def __init__(self, renderer: Renderer) -> None:
        """Paint with `renderer`, which is closed with this one."""
        self._renderer = renderer
        self._numbers = count(FIRST, -1)
        self._asked: set[int] = set()
        """Tasks that were asked for and have not ended, including former guesses."""
        self._guesses: dict[str, Guess] = {}
        self._flying: dict[int, _Flying] = {}
        self._kept = Recent[str, Finished](KEPT_BYTES, _size)
        self._hopeless: set[str] = set()
        """Digests of guesses that failed, or were being painted when the renderer died."""
        self._ready: list[RenderEvent] = []
        """Events to report."""
        self.sure = 0.0
        """Chance above which any number of guesses is painted."""
        self.spare = 0
        """How many more guesses of a lower chance may be painted."""
        self._rows = 0  # of a forward; none before the model is loaded
        self._deaths = 0
        self.painted = self.used = 0
        """Guesses that were painted to the end, and how many of these were asked for."""

    # What may be asked for

    def guess(self, guesses: Mapping[str, Guess]) -> None:
        """Paint these while nothing is asked for, instead of earlier guesses.

        Args:
            guesses: By the digest of the genome. Others that are painted are kept; others that are
                being painted are dropped.
        """
        for digest in guesses:
            if digest in self._kept:
                self._kept.move_to_end(digest)
        self._guesses = {
            digest: guess
            for digest, guess in guesses.items()
            if digest not in self._hopeless and digest not in self._kept
        }
        for flying in self._flying.values():
            flying.guess = self._guesses.pop(flying.digest, replace(flying.guess, chance=0.0))
        self._drop(
            [n for n, f in self._flying.items() if f.wanted_as is None and not f.guess.chance]
        )
        self._fly()

    def is_painted(self, digest: str) -> bool:
        """Return whether a picture was painted ahead."""
        return digest in self._kept

    def peek(self, digest: str) -> Finished | None:
        """Return a picture that was painted ahead, and keep it."""
        return self._kept.get(digest)

    def keep(self, digest: str, picture: Finished) -> None:
        """Keep a picture in case it is asked for."""
        if digest not in self._kept:
            self._kept[digest] = picture

    def take(self, job: Job) -> Finished | None:
        """Return the end of a job that was painted ahead, and keep it no longer."""
        if not self._kept or not _is_plain(job):
            return None
        if (kept := self._kept.pop(job.genome.digest, None)) is None:
            return None
        self.used += 1
        return replace(kept, id=job.id)

    @property
    def is_free(self) -> bool:
        """Whether guesses can be painted: the model is loaded and nothing is asked for."""
        return bool(self._rows) and not self._asked and self._deaths < DEATHS

    @property
    def is_idle(self) -> bool:
        """Whether no guess is being painted."""
        return not self._flying

    # A renderer

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs; those that were guessed end at once, or soon."""
        others = [job for job in jobs if not self._have(job)]
        self._asked.update(job.id for job in jobs)
        if others:
            self._drop([n for n, flying in self._flying.items() if flying.wanted_as is None])
            self._renderer.submit(others)

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs that have not ended."""
        gone = set(ids)
        self._asked -= gone
        self._ready = [e for e in self._ready if getattr(e, "id", None) not in gone]
        self._drop([n for n, flying in self._flying.items() if flying.wanted_as in gone])
        self._renderer.cancel(ids)

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return the events since the last call, waiting up to `timeout` seconds for the first."""
        events, self._ready = self._ready, []
        self._asked -= {event.id for event in events if isinstance(event, Ended)}
        for event in self._renderer.poll(0.0 if events else timeout):
            events += self._note(event)
        self._fly()
        return events

    @property
    def waitables(self) -> Sequence[Waitable]:
        """Those of the renderer."""
        return self._renderer.waitables

    def close(self) -> None:
        """Stop the renderer."""
        self._renderer.close()

    def _have(self, job: Task) -> bool:
        """Return whether a task was painted ahead and can be reported, or is a guess under way."""
        if not isinstance(job, Job):
            return False
        if (kept := self.take(job)) is not None:
            self._ready.append(kept)
            return True
        if not self._flying or not _is_plain(job):
            return False
        digest = job.genome.digest
        for flying in self._flying.values():
            if flying.digest == digest and flying.wanted_as is None:
                flying.wanted_as = job.id
                if flying.latest is not None:
                    self._ready.append(replace(flying.latest, id=job.id))
                return True
        return False

    def _note(self, event: RenderEvent) -> list[RenderEvent]:
        if isinstance(event, Ready):
            self._rows = event.info.record.get("rows") or 1
        elif isinstance(event, Restarted):
            guessed = [n for n, flying in self._flying.items() if flying.wanted_as is None]
            self._deaths += bool(guessed)
            self._hopeless.update(self._flying[number].digest for number in guessed)
            self._drop(guessed)
        elif isinstance(event, Stepped | Ended):
            return self._painted(event)
        return [event]

    def _painted(self, event: Stepped | Ended) -> list[RenderEvent]:
        flying = self._flying.get(event.id)
        if flying is None and event.id <= FIRST:
            return []  # a guess that was dropped meanwhile
        if flying is None:
            if not isinstance(event, Stepped):
                self._asked.discard(event.id)
            return [event]
        if isinstance(event, Stepped):
            flying.latest = event
        else:
            del self._flying[event.id]
            if isinstance(event, Finished):
                self.painted += 1
                self.used += flying.wanted_as is not None
        if flying.wanted_as is not None:
            if not isinstance(event, Stepped):
                self._asked.discard(flying.wanted_as)
            return [replace(event, id=flying.wanted_as)]
        if isinstance(event, Finished):
            self.keep(flying.digest, event)
        elif isinstance(event, Failed):
            self._hopeless.add(flying.digest)
        return []

    def _fly(self) -> None:
        """Begin the best guesses, as many as fill a forward and one more."""
        if not self.is_free:
            return
        begun: list[Task] = []
        best_first = sorted(self._guesses.items(), key=lambda each: -each[1].value)
        for digest, guess in best_first:
            if guess.chance < self.sure and self.spare <= 0:
                continue
            if not self._make_room(guess):
                break
            self.spare -= guess.chance < self.sure
            number = next(self._numbers)
            self._flying[number] = _Flying(digest, guess)
            del self._guesses[digest]
            begun.append(Job(number, guess.genome))
        if begun:
            self._renderer.submit(begun)

    def _make_room(self, guess: Guess) -> bool:
        """Return whether a guess can be begun, perhaps in place of some of far less value."""
        most = self._rows + guess.genome.settings.rows  # so that no forward waits for the next one
        while self._flying and self._width + guess.genome.settings.rows > most:
            worst = min(self._flying, key=lambda number: self._flying[number].value)
            given_up = self._flying[worst]
            if given_up.value * BETTER >= guess.value:
                return False
            self._drop([worst])
            if given_up.guess.chance:
                self._guesses[given_up.digest] = given_up.guess
        return True

    @property
    def _width(self) -> int:
        return sum(flying.guess.genome.settings.rows for flying in self._flying.values())

    def _drop(self, numbers: Sequence[int]) -> None:
        if numbers:
            for number in numbers:
                del self._flying[number]
            self._renderer.cancel(numbers)


def _is_plain(job: Job) -> bool:
    """Return whether a job ends like a guess: with a picture, and nothing more in its record."""
    return job.wanted is None and job.until is None


def _size(painted: Finished) -> int:
    """Return the bytes of a picture, small ones so that there are no more than `KEPT`."""
    latent = 0 if painted.latent is None else painted.latent.nbytes
    return max(KEPT_BYTES // KEPT, painted.picture.nbytes + latent + 4096)
