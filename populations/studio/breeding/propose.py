"""A page by taste: more candidates are painted than are kept, and the page is chosen among them.

The page is saved at once, with its pictures. Whoever interrupts it has bred nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from evolve.errors import GenomeError, RenderError
from evolve.rendering.painting import paint
from evolve.rendering.protocol import Failed, Finished, Job, Renderer, RenderEvent, as_render
from evolve.scoring.embedding import looks
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.session.archive import Archive, Row
from evolve.taste.parents import ByTaste
from evolve.taste.proposing import proposed

MOST = 8
"""Times as many candidates as a page has pictures."""


def propose(
    search: Search,
    judge: ByTaste,
    archive: Archive,
    renderer: Renderer,
    *,
    count: int,
    among: int,
    on_event: Callable[[RenderEvent], None] = lambda event: None,
    on_painted: Callable[[int, int], None] = lambda painted, wanted: None,
) -> list[Individual]:
    """Paint candidates, save those of them that make the page, and return them.

    Args:
        search: Stands on what is saved.
        judge: Knows what was learnt.
        archive: The branch that they are born in.
        renderer: Has nothing else to do meanwhile.
        count: Pictures on the page.
        among: How many are painted to choose from.
        on_event: Receives whatever the renderer reports.
        on_painted: Receives how many are painted, and of how many.

    Raises:
        GenomeError: Fewer are to be painted than shown, or very many.
        RenderError: The renderer cannot work.
    """
    if not count <= among <= MOST * count:
        raise GenomeError(
            f"a page of {count} is chosen from {count} to {MOST * count} candidates, not {among}"
        )
    before, first = search.plan, len(search.births)
    taste = judge.taste(search)
    born = judge.candidates(search, taste, among)
    ended: dict[int, Finished | Failed] = {}
    for event in paint(renderer, [Job(-1 - k, one.genome) for k, one in enumerate(born)]):
        on_event(event)
        if isinstance(event, Finished | Failed):
            ended[-1 - event.id] = event
            on_painted(len(ended), len(born))
    if len(ended) < len(born):
        raise RenderError("painting was stopped before the page could be chosen")
    painted = {k: looks(event.record) for k, event in ended.items() if isinstance(event, Finished)}
    page = proposed(taste, born, painted, count, first)
    rows: list[Row] = []
    for place, individual in page:
        rows += [individual, replace(as_render(ended[place]), individual=individual.id)]
    if (plan := before.used()) != before:
        rows.append(plan)
    archive.append(rows)
    return [individual for _, individual in page]
