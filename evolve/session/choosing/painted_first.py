"""A page that may be chosen among candidates, which are painted first and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from evolve.errors import PicturesMissing, RenderError
from evolve.rendering.painting import paint
from evolve.rendering.protocol import Failed, Finished, Renderer, RenderEvent
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.search.plan import Plan
from evolve.session.choosing.chosen_pages import ChosenPages
from evolve.session.requests import Breed, Choose


def bear_among_painted(
    search: Search,
    ask: Callable[[Search], list[Individual]],
    renderer: Renderer,
    pages: ChosenPages,
    *,
    on_event: Callable[[RenderEvent], None] = lambda event: None,
    on_painted: Callable[[int, int], None] = lambda painted, wanted: None,
) -> list[Individual | Plan]:
    """Return what is to be saved of a page, once all that it is chosen among is painted.

    Args:
        search: Is asked again with what the pictures are like.
        ask: Asks it for the page.
        renderer: Has nothing else to do meanwhile.
        pages: Knows what is painted already, and keeps what is painted now.
        on_event: Receives whatever the renderer reports.
        on_painted: Receives how many are painted, and of how many.

    Raises:
        RenderError: The renderer cannot work, or was stopped.
    """
    search.looks_of = pages.looks_of
    while True:
        try:
            return search.bear(ask)
        except PicturesMissing as missing:
            jobs = pages.begin(Choose(Breed(ask), missing.genomes))
        for event in paint(renderer, jobs):
            on_event(event)
            if isinstance(event, Finished | Failed) and pages.take(event):
                on_painted(*pages.progress)
        if pages.released() is None:
            raise RenderError("painting was stopped before the page could be chosen")
