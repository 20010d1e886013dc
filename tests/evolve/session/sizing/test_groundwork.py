"""What is known of a population and its model before children of a size are aimed at."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from broods import PAGE, bred, digests, session_on, wait_for_births
from fakes import FakeRenderer, MemoryArchive

from evolve.models.machine import trials
from evolve.rendering.protocol import Describe, Described, Finished, RenderEvent
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.sight import CELLS, Sight
from evolve.session import events


def test_a_picture_that_nobody_has_looked_at_is_described_first(archive: MemoryArchive) -> None:
    del archive.records[2], archive.records[3]
    renderer = FakeRenderer()
    with session_on(archive, renderer) as (session, heard):
        session.breed(3, parents=(2,), size=0.4)
        wait_for_births(heard, 3)
    assert described(renderer) == 2


def described(renderer: FakeRenderer) -> int:
    return sum(job.kind is Describe for job in renderer.submitted)


class Seeing(FakeRenderer):
    """Sees more of pictures than the embedding alone."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        return [self._seen(event) for event in super().poll(timeout)]

    def _seen(self, event: RenderEvent) -> RenderEvent:
        cells = Embedding("cells", np.ones(4, np.float16) / 2)
        if isinstance(event, Finished):
            return replace(event, record={**event.record, CELLS: cells.to_json()})
        if isinstance(event, Described):
            return replace(event, sight=Sight((*event.sight.parts, cells)))
        return event


def test_sizes_keep_their_meaning_where_founders_were_painted_by_what_saw_less(
    archive: MemoryArchive,
) -> None:
    other = MemoryArchive(archive.commits)
    bred(archive, parents=(2, 5))
    renderer = Seeing()
    with session_on(other, renderer) as (session, heard):
        session.breed(PAGE, size=0.4, parents=(2, 5))
        wait_for_births(heard, PAGE)
    assert other.sight(PAGE).kinds == ("fake", "cells")  # type: ignore[union-attr]
    assert digests(other) == digests(archive)


def test_a_parent_of_which_less_is_known_than_of_founders_is_looked_at_again(
    archive: MemoryArchive,
) -> None:
    cells = Embedding("cells", np.ones(4, np.float16) / 2).to_json()
    for i in range(PAGE):
        archive.records[i] = {**archive.records[i], CELLS: cells}
    with session_on(archive) as (session, heard):  # paints what is seen by less
        session.breed(1, parents=(2,))
        heard.until(events.Painted)
    renderer = Seeing()
    with session_on(archive, renderer) as (session, heard):
        session.breed(2, parents=(PAGE,), size=0.4)
        wait_for_births(heard, 2)
    assert described(renderer) == PAGE + 1


def test_a_model_is_measured_once(archive: MemoryArchive, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(trials, "user_cache_path", lambda name: tmp_path / name)
    painted = []
    for _ in range(2):
        fresh = MemoryArchive(archive.commits)
        painted.append(len(bred(fresh).painted))
    assert painted[0] > painted[1] + 40
