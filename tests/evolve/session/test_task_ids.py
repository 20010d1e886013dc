"""Ids of tasks that paint no individual: what is under way is never taken for another task."""

import numpy as np
from fakes import FakeRenderer

from evolve.genome import Genome, Prompt
from evolve.models.words.phrasing import Phrasings
from evolve.rendering.painting import task_ids
from evolve.rendering.protocol import Job
from evolve.session.chosen_pages import ChosenPages
from evolve.session.requests import Breed, Choose, Seek
from evolve.session.seeking import Seeking
from evolve.session.sizing.errands import Errands
from evolve.session.weighing import Weighing

GENOME = Genome(noise=np.zeros((4, 8, 8), np.float16), prompt=Prompt.typed("a | b"))


def ids_of_all_kinds() -> list[int]:
    renderer, errands = FakeRenderer(), Errands()
    errands.add(lambda id: Job(id, GENOME), lambda end: None)
    Weighing().begin(renderer, 0, GENOME, 1)
    Seeking().begin(renderer, Seek(0, Phrasings(*[GENOME.prompt] * 3)), GENOME, GENOME.noise)
    page = ChosenPages().begin(Choose(Breed(lambda search: []), [GENOME]))
    return [next(task_ids), *(task.id for task in (*errands.tasks(), *renderer.queue, *page))]


def test_no_id_is_given_twice() -> None:
    first, second = ids_of_all_kinds(), ids_of_all_kinds()
    assert len({*first, *second}) == 2 * len(first) == 2 * 6
