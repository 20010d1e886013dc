"""The requests to a session, which it meets on its own thread.

Those that are awaited have a number, which their answers carry: some are answered late.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from evolve.genome import Genome
from evolve.genome.masks import Mask
from evolve.models.words.phrasing import Phrasings
from evolve.search import Ask, Search
from evolve.search.individual import Individual
from evolve.search.plan import Plan
from evolve.search.sized.brood import Brood
from evolve.session.archive import Archive, Judgement, Note, Render, Row
from evolve.session.events import Awaited, Refused


@dataclass(frozen=True, slots=True)
class Breed:
    """Children are wanted."""

    ask: Ask
    is_open: bool = False
    """Whether the search chooses the parents."""
    is_next: bool = False
    """Whether its turn has come: others wait for it."""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Size:
    """Children of a size are wanted."""

    ask: Callable[[Search], Brood]
    parents: tuple[int, ...] = ()
    """Named parents; empty for the search's choice."""
    instead: Ask | None = None
    """Makes the page where there are no parents yet."""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Expect:
    """Children will probably be wanted; None for what cannot be foreseen."""

    ask: Ask | None


@dataclass(frozen=True, slots=True)
class Lay:
    """A brood is to be saved and begun."""

    brood: Brood
    number: int = 0


@dataclass(frozen=True, slots=True)
class Then:
    """A call is to be made in its turn."""

    do: Callable[[], None]
    after_pages: bool = False
    """Whether waiting pages come first: the search learns what does not count for them."""
    what: Awaited = "page"
    """What will not come if it fails."""
    number: int = 0
    changes_pages: bool = True
    """Whether other pages may be bred after it, so that what was foreseen is foreseen again."""


@dataclass(frozen=True, slots=True)
class Await:
    """Children are wanted that start from a finished picture whose latent is not known yet."""

    individual: int
    request: Breed | Lay


@dataclass(frozen=True, slots=True)
class Choose:
    """A page is wanted that is chosen among candidates, not all of which are painted."""

    request: Breed
    genomes: Sequence[Genome]
    """Of all candidates."""


@dataclass(frozen=True, slots=True)
class Seek:
    """The place where a picture changes with its prompt is wanted."""

    individual: int
    phrasings: Phrasings
    place: Mask | None = None
    """The place, if it is known and only tries are wanted."""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Decide:
    """A person decided something about the pages to come."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class StopPainting:
    """Painting is to stop."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Another branch is to be bred."""

    archive: Archive
    branch: str


@dataclass(frozen=True, slots=True)
class SaveJudgement:
    """A person judged pictures."""

    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """A person wrote a note."""

    note: Note


@dataclass(frozen=True, slots=True)
class SaveChildren:
    """Children are to be saved."""

    rows: Sequence[Row]
    """The children, the plan where their page changed it, and pictures that are painted already."""
    is_sized: bool = False
    """Whether they are of the brood for which others wait."""
    number: int = 0

    @property
    def born(self) -> list[Individual]:
        """The children."""
        return [row for row in self.rows if isinstance(row, Individual)]

    @property
    def renders(self) -> list[Render]:
        """Their pictures that are painted already."""
        return [row for row in self.rows if isinstance(row, Render)]


Request = (
    SaveChildren
    | Breed
    | Size
    | Lay
    | Await
    | Choose
    | Expect
    | Then
    | Seek
    | Decide
    | StopPainting
    | Switch
    | SaveJudgement
    | Write
)


def refused(request: Request, reason: str) -> Refused:
    """Return the answer to a request that cannot be met."""
    match request:
        case Seek(number=number):
            return Refused(reason, "place", number)
        case Then(what=what, number=number):
            return Refused(reason, what, number)
        case Await(request=waiting) | Choose(request=waiting):
            return refused(waiting, reason)
    return Refused(reason, "page", getattr(request, "number", 0))
