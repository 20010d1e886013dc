"""Rows for saved populations on which the app is tested."""

import numpy as np

from evolve.genome import Genome, Prompt
from evolve.search.individual import Individual, Origin
from evolve.session.archive import Render

CONFIG = {"model": "portraits", "prompt": Prompt.parse("a face").to_json(), "seed": 1, "page": 2}


def born(id: int, page: int, *parents: int) -> Individual:
    noise = np.random.default_rng(id).standard_normal((4, 2, 2)).astype(np.float16)
    genome = Genome(noise, Prompt.parse("a face"))
    return Individual(
        id=id, genome=genome, origin=Origin("found"), parents=parents, generation=page
    )


def painted(id: int) -> Render:
    return Render(individual=id, picture=np.full((8, 8, 3), id, np.uint8))
