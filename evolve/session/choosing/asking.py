"""Asking for a page that may be chosen among candidates, where nothing else has to be painted."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence

from evolve.errors import RenderError
from evolve.genome import Genome
from evolve.rendering.painting import paint
from evolve.rendering.protocol import Failed, Finished, Job, Renderer, RenderEvent
from evolve.scoring.looks.embedding import Embedding, looks
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.search.plan import Plan
from evolve.search.search import PicturesMissing


def bear_among_painted(
    search: Search,
    ask: Callable[[Search], list[Individual]],
    renderer: Renderer,
    ended: MutableMapping[str, Finished | Failed],
    *,
    on_event: Callable[[RenderEvent], None] = lambda event: None,
    on_painted: Callable[[int, int], None] = lambda painted, wanted: None,
) -> list[Individual | Plan]:
    """Return what is to be saved of a page, once all that it is chosen among is painted.

    A candidate whose painting failed counts as one of which nothing is known.

    Args:
        search: Is asked again with what the pictures are like.
        ask: Asks it for the page.
        renderer: Has nothing else to do meanwhile.
        ended: How painting ended so far, by the digest of the genome; what is painted is added.
        on_event: Receives whatever the renderer reports.
        on_painted: Receives how many are painted, and of how many.

    Raises:
        RenderError: The renderer cannot work, or was stopped.
    """

    def looks_of(genome: Genome) -> Sequence[Embedding] | None:
        if (known := ended.get(genome.digest)) is None:
            return None
        return looks(known.record) if isinstance(known, Finished) else ()

    search.looks_of = looks_of
    while True:
        try:
            return search.bear(ask)
        except PicturesMissing as missing:
            wanted = {d: g for g in missing.genomes if (d := g.digest) not in ended}
        digests = {-1 - k: digest for k, digest in enumerate(wanted, start=len(ended))}
        jobs = [Job(id, wanted[digest]) for id, digest in digests.items()]
        of = len(ended) + len(jobs)
        for event in paint(renderer, jobs):
            on_event(event)
            if isinstance(event, Finished | Failed):
                ended[digests[event.id]] = event
                on_painted(len(ended), of)
        if len(ended) < of:
            raise RenderError("painting was stopped before the page could be chosen")
