"""Bases and places of edits, by a renderer that has nothing else to do meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from evolve.errors import NotPaintedError
from evolve.genome import Genome
from evolve.genome.edit import Base
from evolve.rendering.painting import paint, task_ids
from evolve.rendering.protocol import (
    Encode,
    Encoded,
    Failed,
    Finished,
    Job,
    Locate,
    Located,
    Renderer,
    RenderEvent,
    Task,
)
from evolve.session.archive import Picture

End = TypeVar("End", Finished, Encoded, Located)


def base_of(
    renderer: Renderer,
    genome: Genome,
    *,
    on_event: Callable[[RenderEvent], None] = lambda event: None,
) -> Base:
    """Paint a genome and return its latent and picture; `on_event` receives all events.

    Raises:
        NotPaintedError: It could not be painted.
        RenderError: The renderer cannot work.
    """
    event = _answer(renderer, Job(0, genome), Finished, on_event)
    assert event.latent is not None
    return Base(event.latent, event.picture)


def as_seen(base: Base, picture: Picture | None) -> Base:
    """Return a base with the saved picture, if there is one, since that was judged."""
    return base if picture is None else Base(base.latent, picture)


def encode(renderer: Renderer, picture: Picture) -> Base:
    """Return a picture with its latent.

    Raises:
        RenderError: It could not be encoded; the model does not paint this size, for example.
    """
    return _answer(renderer, Encode(0, picture), Encoded).base


def locate(
    renderer: Renderer,
    task: Locate,
    on_event: Callable[[RenderEvent], None] = lambda event: None,
) -> Located:
    """Return where a picture changes with its words; `on_event` receives all events.

    Raises:
        RenderError: The search failed.
    """
    return _answer(renderer, task, Located, on_event)


def _answer(
    renderer: Renderer,
    task: Task,
    kind: type[End],
    on_event: Callable[[RenderEvent], None] = lambda event: None,
) -> End:
    for event in paint(renderer, [replace(task, id=next(task_ids))]):
        on_event(event)
        if isinstance(event, Failed):
            raise NotPaintedError(event.error)
        if isinstance(event, kind):
            return event
    raise AssertionError("painting ends with an answer")
