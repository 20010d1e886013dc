"""Births know the place of everyone, and nothing heavy."""

from typing import NoReturn

import numpy as np
import pytest

from evolve import Genome, Prompt
from evolve.errors import ArchiveError
from evolve.search.births import Births
from evolve.search.individual import Birth, Individual, Origin


def test_births_do_not_keep_the_genomes_of_newborns():
    genome = Genome(np.zeros((4, 2, 2), np.float16), Prompt.parse("a man"))
    births = Births()
    births.append(Individual(id=0, origin=Origin("found"), parents=(), generation=0, genome=genome))
    assert births[0] == Birth(id=0, origin=Origin("found"))


def test_what_is_damaged_is_shown_as_unknown_and_the_rest_as_it_is():
    def read(individual: int) -> Birth:
        if individual:
            raise ArchiveError("the origin of individual 1 is damaged")
        return Birth(id=0, origin=Origin("found"))

    def links(first: int) -> NoReturn:
        raise ArchiveError("the parents are damaged")

    births = Births(np.array([0, 3], np.int32), read, links)
    shown = births.readable()
    assert shown[0] == births[0]
    origin = Origin("unknown", {"because": "the origin of individual 1 is damaged"})
    assert shown[1] == Birth(id=1, origin=origin, generation=3)
    assert (shown.children(0), shown.mains.tolist()) == ([], [-1, -1])
    with pytest.raises(ArchiveError, match="the origin of individual 1 is damaged"):
        births[1]
    shown.append(Birth(id=2, origin=Origin("mutate"), parents=(0,), generation=4))
    assert (shown.children(0), len(births)) == ([2], 2)
