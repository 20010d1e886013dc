"""Searches and sessions on an archive, as a person sits at them."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Self

import numpy as np
from fakes import SHAPE, FakeRenderer, MemoryArchive
from heard import Heard

from evolve.genome import Prompt
from evolve.rendering.protocol import Renderer
from evolve.search import Search
from evolve.session import events
from evolve.session.archive import Archive, Judgement
from evolve.session.session import Session


def search_on(
    archive: Archive, *, seed: int = 1, prompt: str | Prompt = "a", **options: Any
) -> Search:
    """Return a search that goes on from what is saved."""
    return Search(
        seed=seed,
        prompt=Prompt.parse(prompt) if isinstance(prompt, str) else prompt,
        shape=SHAPE,
        births=archive.births(),
        genome_of=archive.genome,
        **options,
    )


def session_on(
    archive: MemoryArchive,
    renderer: Renderer | None = None,
    *,
    search: Search | None = None,
    **options: Any,
) -> AbstractContextManager[tuple[Session, Heard]]:
    """Start a session, with what is heard of it."""
    search = search or search_on(archive)
    return begun(Session(archive, search, lambda: renderer or FakeRenderer(), **options))


@contextmanager
def begun(session: Session) -> Iterator[tuple[Session, Heard]]:
    """Start a session, with what is heard of it; close it at the end."""
    heard = Heard()
    session.start(heard.queue.put)
    try:
        yield session, heard
    finally:
        session.close()


@contextmanager
def session_with(
    count: int,
    renderer: Renderer | None = None,
    *,
    archive: MemoryArchive | None = None,
    prompt: str | Prompt = "a",
) -> Iterator[tuple[Session, Heard]]:
    """Start a session, and go on when it has painted a page of `count`."""
    archive = MemoryArchive() if archive is None else archive
    search = search_on(archive, prompt=prompt)
    with session_on(archive, renderer, search=search) as (session, heard):
        session.breed(count)
        heard.until(events.Painted, count)
        yield session, heard


def painted(count: int, archive: MemoryArchive | None = None) -> MemoryArchive:
    """Return an archive with a painted page of `count`."""
    archive = MemoryArchive() if archive is None else archive
    with session_with(count, archive=archive):
        return archive


PAGE = 6
ANSWERS = ((5, 4, 3, 2, 1, 1), (1, 2, 5, 5, 2, 3), (3, 3, 1, 4, 5, 2))
"""Ratings of each page."""


class Sitting:
    """A person who breeds pages and rates them."""

    def __init__(
        self, archive: MemoryArchive, search: Search, renderer: FakeRenderer, *, ahead: bool
    ) -> None:
        self.archive, self.renderer, self.heard = archive, renderer, Heard()
        may = (lambda: True) if ahead else None
        self.session = Session(archive, search, lambda: self.renderer, ahead=may)

    def __enter__(self) -> Self:
        self.session.start(self.heard.queue.put)
        self.session.expect(PAGE)
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()

    def breed(self) -> None:
        """Wait for a page and its pictures."""
        self.session.breed(PAGE)
        (born,) = self.heard.until(events.Born)
        if rest := PAGE - len(born.painted):
            self.heard.until(events.Painted, rest)

    def rate(self, page: int, places: Sequence[int] = range(PAGE)) -> None:
        """Rate the pictures in some places of a page."""
        for place in places:
            individual, value = page * PAGE + place, ANSWERS[page][place]
            self.session.judge(
                Judgement(individual=individual, kind="rate", value=value, page=page)
            )
        self.heard.until(events.Judged, len(places))

    def go_on(self, pages: int = 4) -> None:
        """Go on with what was killed until there are so many pages, rated as ever."""
        self.heard.until(events.Painted, len(self.archive.unpainted()))
        while len(self.archive.individuals) < pages * PAGE:
            page = len(self.archive.individuals) // PAGE - 1
            given = [i for i in self.archive.judged if i >= page * PAGE]
            self.rate(page, range(len(given), PAGE))
            self.breed()


def same(one: MemoryArchive, other: MemoryArchive) -> bool:
    """Return whether two populations have the same individuals, pictures and records."""
    return (
        [(i.genome, i.origin, i.parents, i.generation) for i in one.individuals]
        == [(i.genome, i.origin, i.parents, i.generation) for i in other.individuals]
        and one.records == other.records
        and all(np.array_equal(one.pictures[i], other.pictures[i]) for i in one.pictures)
    )
