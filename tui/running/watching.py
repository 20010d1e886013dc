"""Choosing how a run is shown: live where a person looks, as plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui.app.config import read_config
from tui.running.live_view import LiveView, view_for
from tui.running.pace import Goal
from tui.running.plain_lines import PlainLines

if TYPE_CHECKING:
    from populations.studio.studio import Studio

PLAIN = "plain"
"""Instead of the name of blocks: nothing is drawn."""


@contextmanager
def watching(
    studio: Studio, goal: Goal, *, fitness: str, blocks: str | None
) -> Iterator[LiveView | PlainLines]:
    """Show a run until the block ends.

    Args:
        studio: What is bred.
        goal: What ends the run.
        fitness: What pictures are judged by.
        blocks: What pictures are drawn with; `PLAIN` for lines alone, None as configured.
    """
    view: LiveView | PlainLines | None = None
    if blocks != PLAIN:
        title = f"breeding '{studio.population.name}' by {fitness}"
        drawn = read_config(blocks=blocks).blocks
        view = view_for(goal, title=title, picture_of=studio.archive.sound_picture, blocks=drawn)
    view = view or PlainLines(goal)
    try:
        yield view
    finally:
        view.stop()
