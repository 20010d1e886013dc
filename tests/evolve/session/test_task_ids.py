"""Ids of tasks that paint no individual: what is under way is never taken for another task."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from fakes import FakeRenderer

from evolve.genome import Genome, Prompt
from evolve.models.words.phrasing import Phrasings
from evolve.rendering.painting import task_ids
from evolve.rendering.protocol import Job
from evolve.session.choosing.chosen_pages import ChosenPages
from evolve.session.requests import Breed, Choose, Seek
from evolve.session.seeking import Seeking
from evolve.session.sizing.errands import Errands
from evolve.session.weighing import Weighing

GENOME = Genome(noise=np.zeros((4, 8, 8), np.float16), prompt=Prompt.typed("a | b"))


def of_a_page() -> list[int]:
    return [job.id for job in ChosenPages().begin(Choose(Breed(lambda search: []), [GENOME]))]


def of_errands() -> list[int]:
    errands = Errands()
    errands.add(lambda id: Job(id, GENOME), lambda end: None)
    return [task.id for task in errands.tasks()]


def of_a_weighing() -> list[int]:
    renderer = FakeRenderer()
    Weighing().begin(renderer, 0, GENOME)
    return [task.id for task in renderer.queue]


def of_a_search_for_a_place() -> list[int]:
    renderer, phrasings = FakeRenderer(), Phrasings(*[GENOME.prompt] * 3)
    Seeking().begin(renderer, Seek(0, phrasings), GENOME, GENOME.noise)
    return [task.id for task in renderer.queue]


def of_painting() -> list[int]:
    return [next(task_ids)]


@pytest.mark.parametrize(
    "ids", [of_a_page, of_errands, of_a_weighing, of_a_search_for_a_place, of_painting]
)
def test_no_id_is_given_twice(ids: Callable[[], list[int]]) -> None:
    first, second = ids(), ids()
    assert first
    assert second
    assert not set(first) & set(second)
