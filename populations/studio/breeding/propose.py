"""A page by taste: more candidates are painted than are kept, and the page is chosen among them.

The page is saved at once, with its pictures: if it is interrupted, nothing was bred.
"""

from __future__ import annotations

from collections.abc import Callable

from evolve.rendering.protocol import Renderer, RenderEvent, as_render
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.session.archive import Archive
from evolve.session.choosing.chosen_pages import ChosenPages, bear_among_painted


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
    pages = ChosenPages()
    born = bear_among_painted(
        search, ask, renderer, pages, on_event=on_event, on_painted=on_painted
    )
    children = [row for row in born if isinstance(row, Individual)]
    archive.append([*born, *map(as_render, pages.painted(children))])
    return children
