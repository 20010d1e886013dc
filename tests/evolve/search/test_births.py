"""Births know the place of everyone, and nothing heavy."""

import numpy as np

from evolve import Genome, Prompt
from evolve.search.births import Births
from evolve.search.individual import Birth, Individual, Origin


def test_births_do_not_keep_the_genomes_of_newborns():
    genome = Genome(np.zeros((4, 2, 2), np.float16), Prompt.parse("a man"))
    births = Births()
    births.append(Individual(id=0, origin=Origin("found"), parents=(), generation=0, genome=genome))
    assert births[0] == Birth(id=0, origin=Origin("found"))
