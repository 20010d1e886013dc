"""A population in memory, with flat two-colour pictures, bred without a model."""

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ArchiveError, FancierError
from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base
from evolve.genome.masks import Mask
from evolve.genome.settings import Settings
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings, taken
from evolve.search import Search
from evolve.search.individual import Individual, Origin
from evolve.search.plan import Plan
from evolve.search.search import Alteration
from evolve.session import events
from evolve.session.archive import Judgement, Note, Picture, Row
from evolve.session.drafting import DROPPED
from populations.core.branches import Branch
from populations.home.names import MAIN

sys.path.append(str(Path(__file__).parents[1] / "evolve"))  # programs know this folder alone
from fakes import MemoryArchive

if TYPE_CHECKING:
    from evolve.models.words.reach import Reach
    from evolve.models.words.vocabulary import Topics
    from populations.studio.breeding.axis_names import AxisName
    from populations.studio.taste import TasteReport

PROMPT = "a smiling woman with a red bob, round glasses and a green shirt"


def flat_picture(id: int) -> Picture:
    """Return 32 x 32 pixels, the left half in one colour and the right half in another."""
    picture = np.empty((32, 32, 3), np.uint8)
    picture[:, :16] = (id * 47 % 256, id * 91 % 256, 160)
    picture[:, 16:] = (220, id * 31 % 256, id * 17 % 256)
    return picture


class FakeArchive(MemoryArchive):
    """An archive in memory that only the session writes to: all branches, and the one shown."""

    until: int | None = None
    """Members of the branch that is shown have smaller ids; None for everyone."""

    def __init__(self) -> None:
        super().__init__()
        self.forks: list[tuple[str, int]] = []

    @property
    def population(self) -> "FakeArchive":
        return self

    def branches(self) -> list[Branch]:
        forks = enumerate(self.forks, start=1)
        return [
            Branch(id=0, name=MAIN),
            *(Branch(id=i, name=name, parent=0, fork=at + 1, at=at) for i, (name, at) in forks),
        ]

    def members(self) -> NDArray[np.bool_]:
        return np.isin(np.arange(len(self.individuals)), self.ids())

    def born_in(self) -> NDArray[np.int32]:
        return np.zeros(len(self.individuals), np.int32)

    def prompts(self, individuals: Sequence[int]) -> list[str]:
        return [str(self.genome(individual).prompt) for individual in individuals]

    def damage(self, kind: str, individual: int, why: str) -> None:
        """Let `kind` ("picture" or "genome") of an individual be refused from now on."""
        read = getattr(self, kind)

        def refusing(asked: int) -> object:
            if asked == individual:
                raise ArchiveError(why)
            return read(asked)

        setattr(self, kind, refusing)

    def append(self, rows: object) -> None:
        raise AssertionError("the app never writes to the archive itself")

    def commit(self, *rows: Row) -> None:
        """Append as the session does."""
        super().append(rows)

    def ids(self) -> Sequence[int]:
        return range(len(self.individuals) if self.until is None else self.until)

    def add(self, count: int, parents: Sequence[int] = ()) -> list[Individual]:
        generation = 1 + max((i.generation for i in self.individuals), default=-1)
        born = []
        for place in range(count):
            id = len(self.individuals) + place
            noise = np.random.default_rng(id).standard_normal((4, 16, 16)).astype(np.float16)
            origin = Origin("mutate", {"step": 18.0, "angle": 9.5 + place}) if parents else None
            born.append(
                Individual(
                    id=id,
                    origin=origin or Origin("found"),
                    parents=tuple(parents),
                    generation=generation,
                    genome=Genome(noise, Prompt.parse(PROMPT)),
                )
            )
        self.commit(*born)
        return born


class FakeSession:
    """Answers requests at once, but paints only when a test has it paint."""

    breeds = True
    past = False

    def __init__(
        self,
        generations: Sequence[int] = (12,),
        *,
        page: int = 12,
        picture: Callable[[int], Picture] = flat_picture,
    ) -> None:
        """Make a population with so many painted pictures in each generation."""
        self.archive = FakeArchive()
        self.page, self.times, self.words = page, 1.0, ""
        self.settings = Settings().to_json()
        self.seed = 7
        self.branch: str = MAIN
        self.individual: int | None = None
        self.vocabulary: Topics = {}
        self.reach: Reach | None = None
        self.picture = picture
        self.kept: list[tuple[int, Path]] = []
        self.bred: list[tuple[int, tuple[int, ...]]] = []
        self.by_places: list[bool] = []
        self.sizes: list[float | None] = []
        """Of pages and rings."""
        self.walked: list[tuple[int, int, int, tuple[float, ...]]] = []
        self.expected: list[tuple[int, tuple[int, ...], float | None]] = []
        self.drafted: list[tuple[int, tuple[int, ...]]] = []
        self.dropped: list[int] = []
        self.new: list[int] = []
        self.painted_again: list[int] = []
        self.looked: list[int] = []
        self.weighed: list[int] = []
        self.forks = self.archive.forks
        self.altered: list[tuple[int, Alteration, int]] = []
        self.sought: list[tuple[int, Phrasings]] = []
        self.sought_in: list[Mask | None] = []
        """The known place of each, if only tries were wanted."""
        self.unknown: dict[str, str] = {}
        """Remarks on the words of a change."""
        self.steered: list[tuple[int, int, int, tuple[float, ...]]] = []
        self.judgements: list[Judgement] = []
        self.cancelled = 0
        self.given_up = 0
        """How often the place that was sought was given up."""
        self.left: list[int | None] = []
        self.closed = 0
        self.pages = 0
        """How many were asked for: the number of the latest request for one."""
        self.holds = False
        """Whether judgements wait before they are saved, and newborns before they are born."""
        self._held: list[events.Event] = []
        self.listener: Callable[[events.Event], None] | None = None
        for generation, count in enumerate(generations):
            self.archive.add(count, () if not generation else (0, 1))
        self.archive.pictures = {i.id: picture(i.id) for i in self.archive.individuals}

    def keep(self, individual: int, folder: Path) -> Path:
        if individual not in self.archive.pictures:
            raise ArchiveError(f"individual {individual} has no picture")
        self.kept.append((individual, folder))
        return folder / f"faces-{individual:05d}.png"

    def recipe(self, individual: int) -> str:
        return f"{self.archive.genome(individual).prompt}\x1b[31m\nSteps: 8, Seed: {self.seed}"

    def taste(self) -> "TasteReport":
        raise ArchiveError("nothing is learnt here")

    def axis_names(self, around: int) -> Sequence["AxisName"]:
        raise ArchiveError("nothing is named here")

    def start(self, listener: Callable[[events.Event], None]) -> None:
        assert self.listener is None, "started twice"
        self.listener = listener

    def emit(self, *happened: events.Event) -> None:
        """Tell the listener."""
        assert self.listener is not None, "not started"
        for event in happened:
            self.listener(event)

    def judge(self, *judgements: Judgement) -> None:
        self.judgements += judgements
        self.archive.commit(*judgements)
        self._answer(events.Judged(judgements))

    def note(self, individual: int, text: str) -> None:
        note = Note(individual=individual, text=text)
        self.archive.commit(note)
        self._answer(events.Noted(note))

    def breed(
        self,
        count: int,
        *,
        parents: Sequence[int] = (),
        by_places: bool = True,
        size: float | None = None,
    ) -> int:
        self.sizes.append(size)
        self.bred.append((count, tuple(parents)))
        if by_places and (left := self.archive.plan().used()) != self.archive.plan():
            self.archive.commit(left)
        self.by_places.append(by_places)
        parents = parents or ((0, 1) if self.archive.individuals else ())
        return self._bear(self.archive.add(count, parents))

    def draft(self, count: int, *, parents: Sequence[int] = ()) -> int:
        self.drafted.append((count, tuple(parents)))
        return self._bear(self.archive.add(count, parents or (0, 1)))

    def drop(self, ids: Sequence[int]) -> None:
        self.dropped += ids
        for id in ids:
            self.archive.errors[id] = DROPPED
            self._answer(events.PaintingFailed(id, DROPPED))

    def expect(self, count: int, *, parents: Sequence[int] = (), size: float | None = None) -> None:
        self.expected.append((count, tuple(parents), size))

    def newcomers(self, count: int) -> int:
        self.new.append(count)
        return self._bear(self.archive.add(count))

    def weigh(self, individual: int) -> int:
        self.weighed.append(individual)
        return len(self.weighed)

    def look(self, around: int, *, angle: float | None = None, size: float | None = None) -> int:
        self.sizes.append(size)
        self.looked.append(around)
        born = self.archive.add(8, (around,))
        for place, individual in enumerate(born):
            params = {"axis": place % 4, "angle": 30.0 if place < 4 else -30.0}
            turned = Origin("look", params | ({"along": place % 4 + 1} if place % 4 < 2 else {}))
            self.archive.individuals[individual.id] = replace(individual, origin=turned)
        return self._bear(self.archive.individuals[-8:])

    def steer(self, individual: int, *, start: int, end: int, angles: Sequence[float]) -> int:
        self.steered.append((individual, start, end, tuple(angles)))
        return self._bear(self.archive.add(len(angles), (individual,)))

    def alter(self, parent: int, change: Alteration, count: int) -> int:
        self.altered.append((parent, change, count))
        base = Base(self.archive.genome(parent).noise, self.archive.pictures[parent])
        search = Search(
            seed=self.seed,
            prompt=Prompt.parse(PROMPT),
            shape=(4, 16, 16),
            births=self.archive.individuals,
            genome_of=self.archive.genome,
            base_of=lambda individual: base,
        )
        try:
            born = search.alter(parent, change, count)
        except FancierError as error:
            self.pages += 1
            self._answer(events.Refused(str(error), request=self.pages))
            return self.pages
        self.archive.commit(*born)
        return self._bear(born)

    def phrasings(self, individual: int, change: WordChange) -> Phrasings:
        return phrasings(self.archive.genome(individual).prompt, change)

    def words_taken(self, individual: int, other: int, words: str) -> Prompt:
        own, others = (self.archive.genome(i).prompt for i in (individual, other))
        return taken(own, others, words)

    def change_remarks(
        self, individual: int, change: WordChange, found: Phrasings, other: int | None = None
    ) -> Sequence[str]:
        return [
            line if other is None else f"{line} of #{other}"
            for words, line in self.unknown.items()
            if words in (change.add, change.remove)
        ]

    def locate(self, individual: int, phrasings: Phrasings, place: Mask | None = None) -> int:
        self.sought.append((individual, phrasings))
        self.sought_in.append(place)
        return len(self.sought)

    def walk(self, individual: int, *, start: int, end: int, sizes: Sequence[float]) -> int:
        self.walked.append((individual, start, end, tuple(sizes)))
        return self._bear(self.archive.add(len(sizes), (individual,)))

    def plan(self, plan: Plan) -> None:
        self.archive.commit(plan)
        self._answer(events.Planned(plan))

    def fork(self, name: str, at: int) -> None:
        if not name:
            raise ArchiveError("a branch needs a name")
        self.forks.append((name, at))

    def switch(self, branch: str) -> None:
        self.archive.until = next((at + 1 for name, at in self.forks if name == branch), None)
        self._answer(events.Switched(branch))

    def paint(self, ids: Sequence[int]) -> None:
        self.painted_again += ids

    def leave(self, individual: int | None) -> None:
        self.left.append(individual)

    def cancel(self) -> None:
        self.cancelled += 1
        self._answer(events.PaintingStopped())

    def stop_locating(self) -> None:
        self.given_up += 1

    def close(self, timeout: float = 2.0) -> None:
        self.closed += 1

    def step(self, ids: Iterable[int], step: int, steps: int = 8) -> None:
        """Go on painting."""
        for id in ids:
            self.emit(events.Stepped(id, step, steps, self.picture(id)[::4, ::4]))

    def sketch(self, ids: Iterable[int]) -> None:
        """Paint drafts."""
        for id in ids:
            self.emit(events.Drafted(id, self.picture(id), 4, 8))

    def finish(self, ids: Iterable[int]) -> None:
        """Finish painting."""
        for id in ids:
            self.archive.pictures[id] = self.picture(id)  # maybe before the app saw it born
            self.emit(events.Painted(id, self.archive.pictures[id]))

    def fail(self, id: int, error: str) -> None:
        """Fail painting."""
        self.archive.errors[id] = error
        self.emit(events.PaintingFailed(id, error))

    def release(self) -> None:
        """Let what was held back happen."""
        self.holds = False
        held, self._held = self._held, []
        self.emit(*held)

    def _bear(self, born: Sequence[Individual]) -> int:
        self.pages += 1
        self._answer(events.Born(born, request=self.pages))
        return self.pages

    def _answer(self, event: events.Event) -> None:
        if self.holds:
            self._held.append(event)
        else:
            self.emit(event)
