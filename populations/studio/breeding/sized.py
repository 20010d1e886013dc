"""Children of a size that is asked for: drafts are painted until they are so far away.

They are saved all at once, with their pictures.
"""

from __future__ import annotations

from collections.abc import Callable

from evolve.errors import RenderError
from evolve.rendering.painting import PATIENCE_S
from evolve.rendering.protocol import (
    Broken,
    Described,
    Failed,
    Finished,
    ModelInfo,
    Ready,
    Renderer,
    RenderEvent,
)
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.search.sized.brood import Brood
from evolve.session.archive import Archive, Row
from evolve.session.events import DraftsPainted
from evolve.session.sizing.sizing import Sizing


def deliver(
    search: Search,
    archive: Archive,
    brood: Brood,
    renderer: Renderer,
    info: ModelInfo | None,
    *,
    on_event: Callable[[RenderEvent], None] = lambda event: None,
    on_progress: Callable[[DraftsPainted], None] = lambda progress: None,
    on_begin: Callable[[Sizing], None] = lambda sizing: None,
) -> list[Individual]:
    """Find out how far each child of a brood has to go, and save them with their pictures.

    The renderer has nothing else to do meanwhile; `info` is the model that it paints with, None if
    it did not report that it is ready yet. `on_begin` receives what finds it out, once, before it
    begins.

    Raises:
        RenderError: The renderer cannot work.
    """
    sizing: Sizing | None = None
    born: list[Row] = []
    try:
        while True:
            if sizing is None and info is not None:
                sizing = Sizing(search, archive, brood, info=info)
                on_begin(sizing)
            if sizing is not None:
                for child, render in sizing.born():
                    born += [child] if render is None else [child, render]
                if sizing.is_done:
                    break
                if tasks := sizing.tasks():
                    renderer.submit(tasks)
            for event in renderer.poll(PATIENCE_S):
                on_event(event)
                if isinstance(event, Ready):
                    info = event.info
                elif isinstance(event, Broken):
                    raise RenderError(event.error)
                elif isinstance(event, Finished | Described | Failed) and sizing is not None:
                    sizing.take(event)
                    on_progress(sizing.progress)
    finally:
        if sizing is not None and sizing.ids:
            renderer.cancel(sizing.ids)
    # In the order of the ids, and each before its picture.
    archive.append(born if search.plan == archive.plan() else [*born, search.plan])
    return [row for row in born if isinstance(row, Individual)]
