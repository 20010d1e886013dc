"""What a session can be asked for, one by one; `Session` does it on its own thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evolve.models.words.phrasing import Phrasings
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.search.plan import Plan
from evolve.session.archive import Archive, Judgement, Note


@dataclass(frozen=True, slots=True)
class Breed:
    """Children are wanted."""

    ask: Callable[[Search], list[Individual]]


@dataclass(frozen=True, slots=True)
class Await:
    """Children are wanted that start from what an individual came to, which is not known yet."""

    individual: int
    request: Breed


@dataclass(frozen=True, slots=True)
class Seek:
    """The place in a picture that changes with its words is wanted."""

    individual: int
    phrasings: Phrasings


@dataclass(frozen=True, slots=True)
class Decide:
    """Something was decided about the pages to come."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Paint:
    """These are to be painted."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StopPainting:
    """Painting is to stop."""


@dataclass(frozen=True, slots=True)
class Weigh:
    """What the words of an individual do is to be found out."""

    individual: int


@dataclass(frozen=True, slots=True)
class Switch:
    """Another branch is to be bred."""

    archive: Archive
    branch: str


@dataclass(frozen=True, slots=True)
class SaveJudgement:
    """A person judged something."""

    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """A person wrote something on a picture."""

    note: Note


@dataclass(frozen=True, slots=True)
class SaveChildren:
    """Children that are not saved yet."""

    rows: Sequence[Individual | Plan]
    """They, and what is left of the plan where something in it was for their page only."""

    @property
    def born(self) -> list[Individual]:
        """The children."""
        return [row for row in self.rows if isinstance(row, Individual)]


Request = (
    Await
    | SaveChildren
    | Breed
    | Seek
    | Weigh
    | Decide
    | Paint
    | StopPainting
    | Switch
    | SaveJudgement
    | Write
)
