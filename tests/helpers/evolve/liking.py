"""A person who likes of pictures what points along the first axis."""

from collections.abc import Sequence

import numpy as np
from fakes import SHAPE

from evolve.scoring.looks.embedding import Embedding
from evolve.search.individual import Individual, Verdict

PAGE = 12
AXES = np.random.default_rng(0).standard_normal((int(np.prod(SHAPE)), 8))


class Pictures:
    """What painted pictures are like, and how much the person likes them."""

    def __init__(self) -> None:
        self.looks: dict[int, Embedding] = {}

    def paint(self, page: Sequence[Individual]) -> None:
        for one in page:
            seen = np.tanh(one.genome.noise.astype(float).ravel() @ AXES / 16)
            self.looks[one.id] = Embedding("test", (seen / np.linalg.norm(seen)).astype(np.float16))

    def liked(self, individual: int) -> float:
        return float(self.looks[individual].vector[0])

    def said(self, page: Sequence[Individual]) -> dict[int, Verdict]:
        order = sorted(page, key=lambda one: self.liked(one.id))
        return {
            one.id: Verdict(rating=1 + 5 * place // PAGE, page=one.generation)
            for place, one in enumerate(order)
        }
