"""Sessions that breed children of a size, and what came of them."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import sittings
from fakes import FakeRenderer, MemoryArchive
from heard import Heard

from evolve.rendering.protocol import RenderEvent
from evolve.scoring.looks.distance import Distances
from evolve.search import Policy, Search
from evolve.session import events
from evolve.session.session import Session

PAGE = 12


def search_on(archive: MemoryArchive, policy: Policy | None = None) -> Search:
    return sittings.search_on(archive, prompt="a face | a hat", policy=policy)


def session_on(
    archive: MemoryArchive,
    renderer: FakeRenderer | None = None,
    *,
    retry: float = 0.01,
    policy: Policy | None = None,
) -> AbstractContextManager[tuple[Session, Heard]]:
    search = search_on(archive, policy)
    return sittings.session_on(archive, renderer, search=search, retry=retry)


def wait_for_births(heard: Heard, count: int) -> None:
    while count > 0:
        count -= len(heard.until(events.Born)[0].individuals)


def bred(archive: MemoryArchive, size: float = 0.4, **how: Any) -> FakeRenderer:
    """Breed a page of a size, to the end; return what painted it."""
    renderer = FakeRenderer()
    with session_on(archive, renderer) as (session, heard):
        session.breed(PAGE, size=size, **how)
        wait_for_births(heard, PAGE)
    return renderer


def digests(archive: MemoryArchive, first: int = PAGE) -> list[tuple[object, ...]]:
    return [
        (i.id, i.parents, i.generation, i.origin.operator, dict(i.origin.params), i.genome.digest)
        for i in archive.individuals[first:]
    ]


def realised(archive: MemoryArchive, ids: Sequence[int]) -> list[float]:
    distances = Distances(search_on(archive).births, archive.sight)
    return [d for i in ids if (d := distances.to_parent(i)) is not None]


class Held(FakeRenderer):
    """Reports nothing while it is held."""

    is_held = False

    def poll(self, timeout: float) -> list[RenderEvent]:
        return [] if self.is_held else super().poll(timeout)
