"""A page by taste: more candidates are painted than are kept, and the page is chosen among them.

The page is saved at once, with its pictures. Whoever interrupts it has bred nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from evolve.errors import RenderError
from evolve.genome import Genome
from evolve.rendering.painting import paint
from evolve.rendering.protocol import Failed, Finished, Job, Renderer, RenderEvent, as_render
from evolve.scoring.looks.embedding import Embedding, looks
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.search.search import PicturesMissing
from evolve.session.archive import Archive, Row


def propose(
    search: Search,
    ask: Callable[[Search], list[Individual]],
    archive: Archive,
    renderer: Renderer,
    *,
    on_event: Callable[[RenderEvent], None] = lambda event: None,
    on_painted: Callable[[int, int], None] = lambda painted, wanted: None,
) -> list[Individual]:
    """Paint candidates, save those of them that make the page, and return them.

    Args:
        search: Stands on what is saved.
        ask: Asks it for the page.
        archive: The branch that they are born in.
        renderer: Has nothing else to do meanwhile.
        on_event: Receives whatever the renderer reports.
        on_painted: Receives how many are painted, and of how many.

    Raises:
        RenderError: The renderer cannot work.
    """
    ended: dict[str, Finished | Failed] = {}

    def looks_of(genome: Genome) -> Sequence[Embedding] | None:
        if (known := ended.get(genome.digest)) is None:
            return None
        return looks(known.record) if isinstance(known, Finished) else ()

    search.looks_of = looks_of
    while True:
        try:
            born = search.bear(ask)
        except PicturesMissing as missing:
            wanted = {g.digest: g for g in missing.genomes if g.digest not in ended}
        else:
            break
        jobs = [Job(-1 - k, g) for k, g in enumerate(wanted.values(), start=len(ended))]
        digests = {job.id: job.genome.digest for job in jobs}
        of = len(ended) + len(jobs)
        for event in paint(renderer, jobs):
            on_event(event)
            if isinstance(event, Finished | Failed):
                ended[digests[event.id]] = event
                on_painted(len(ended), of)
        if len(ended) < of:
            raise RenderError("painting was stopped before the page could be chosen")
    rows: list[Row] = [*born]
    for one in born:
        if isinstance(one, Individual) and (known := ended.get(one.genome.digest)) is not None:
            rows.append(as_render(replace(known, id=one.id)))
    archive.append(rows)
    return [one for one in born if isinstance(one, Individual)]
