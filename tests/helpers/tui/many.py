"""The pages of a million individuals of which only columns are known."""

import numpy as np

from evolve.search.births import Births
from evolve.search.individual import Birth, Origin, Verdict
from evolve.search.verdicts import Scores, Verdicts
from tui.controller.pages import Pages

COUNT = 1_000_000


class Many:
    """An archive without single individuals."""

    def __init__(self, judged: dict[int, Verdict]) -> None:
        self.judged = judged

    def ids(self):
        return range(COUNT)

    def births(self):
        def founder(i: int) -> Birth:
            return Birth(id=i, origin=Origin("found"), parents=(), generation=i // 12)

        return Births((np.arange(COUNT) // 12).astype(np.int32), founder)

    def verdicts(self, scorer=None):
        scores = Scores()
        scores.put(COUNT - 1, 0.5)
        return Verdicts(self.judged, scores)

    def failed(self):
        return {}

    def unpainted(self):
        return []

    def notes(self):
        return {}


def million(judged: dict[int, Verdict]) -> Pages:
    """Return the pages of a million, some of them judged."""
    return Pages(Many(judged))
