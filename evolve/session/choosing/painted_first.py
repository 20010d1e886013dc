"""Breeding a page that may be chosen among candidates, by a renderer with no other work."""

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
    """Return what is to be saved of a page, once its candidates are painted.

    `on_painted` receives the numbers of painted candidates and of all.

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
