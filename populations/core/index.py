"""What is kept in memory of an open population: columns, so that a million individuals fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from evolve.search.growable_array import Growing
from evolve.search.individual import Verdict
from evolve.search.plan import Plan
from evolve.search.verdicts import Scores, Verdicts
from evolve.session.archive import Judgement
from populations.format.schema import DROPPED, FAILED, WITHDRAWN

_NOTHING = Verdict()


class Index:
    """The state after a number of rows; rows are added in the order they were committed."""

    def __init__(self) -> None:
        self.generations = Growing(np.int32, 0)
        self.pictures = Growing(np.int64, -1)
        """Row in `renders` of the latest picture, kept or dropped; -1 if there is none."""
        self.lengths = Growing(np.int64, 0)
        """Bytes of that picture, or DROPPED."""
        self.waiting = Growing(np.bool_, True)
        """Whether an individual has no picture and has not failed."""
        self.failed: dict[int, str] = {}
        self.verdicts: dict[int, Verdict] = {}
        """Without scores; unjudged individuals are left out."""
        self.scores: dict[str, Scores] = {}
        """Latest scores, by scorer."""
        self.rated = 0
        self.notes: dict[int, str] = {}
        """What is written on individuals; the others are left out."""
        self.plan = Plan()

    def copy(self) -> Index:
        """Return an index that can be added to without changing this one."""
        twin = Index()
        for name in ("generations", "pictures", "lengths", "waiting"):
            setattr(twin, name, getattr(self, name).copy())
        twin.failed = self.failed.copy()
        twin.verdicts, twin.rated, twin.plan = self.verdicts.copy(), self.rated, self.plan
        twin.notes = self.notes.copy()
        twin.scores = {scorer: values.copy() for scorer, values in self.scores.items()}
        return twin

    def add_births(self, generations: Sequence[int] | NDArray[np.int32]) -> None:
        """Add the next individuals."""
        self.generations.extend(generations)
        for column in (self.pictures, self.lengths, self.waiting):
            column.reach(len(self.generations))

    def add_renders(
        self,
        individuals: NDArray[np.int64],
        lengths: NDArray[np.int64],
        *,
        first_row: int,
        error: Callable[[int], str],
    ) -> None:
        """Add attempts to paint, and withdrawals of the pictures so far, from row `first_row` on.

        `lengths` are as in `renders/length`; `error` gives the text of an error by its row.
        """
        rows = np.arange(first_row, first_row + len(individuals))
        if len(rows) and individuals.min() < 0:  # rows given up by a repair
            good = individuals >= 0
            rows, individuals, lengths = rows[good], individuals[good], lengths[good]
        withdrawn, failed = lengths == WITHDRAWN, lengths == FAILED
        self.waiting.put(individuals, withdrawn)
        # What is known of a picture stays known where it is dropped, or painted again in vain.
        other = (lengths > 0) | withdrawn
        self.pictures.put(individuals[other], np.where(withdrawn, -1, rows)[other])
        self.lengths.put(individuals[~failed], lengths[~failed])
        if self.failed or failed.any():
            latest = {individual: place for place, individual in enumerate(individuals.tolist())}
            for individual, place in latest.items():
                self.failed.pop(individual, None)
                if failed[place]:
                    self.failed[individual] = error(int(rows[place]))

    def forget(self, given_up: NDArray[np.int64]) -> None:
        """Note that pictures of these, which may be born later, have been given up since."""
        known = given_up[(given_up >= 0) & (given_up < len(self.generations))]
        known = known[self.lengths.values[known] > 0]
        self.lengths.put(known, DROPPED)

    def add_scores(
        self, scorer: str, individuals: NDArray[np.int64], values: NDArray[np.float64]
    ) -> None:
        """Add scores, which replace earlier ones of the same scorer."""
        # Others were given up by a repair, or say nothing.
        good = (individuals >= 0) & np.isfinite(values)
        self.scores.setdefault(scorer, Scores()).put(individuals[good], values[good])

    def add_judgement(self, judgement: Judgement) -> None:
        """Add a judgement, which replaces earlier ones of the same kind."""
        known = self.verdicts.get(judgement.individual, _NOTHING)
        self.rated -= known.rating is not None
        page = (
            judgement.page if judgement.page is not None else self.generations[judgement.individual]
        )
        known = known.judged(judgement.kind, judgement.value, page)
        self.rated += known.rating is not None
        if known == _NOTHING:
            self.verdicts.pop(judgement.individual, None)
        else:
            self.verdicts[judgement.individual] = known

    def add_note(self, individual: int, text: str) -> None:
        """Add a note, which replaces the one before."""
        self.notes[individual] = text
        if not text:
            del self.notes[individual]

    def rated_after(self, judgements: Sequence[Judgement]) -> int:
        """Return how many individuals will have a rating once `judgements` are added."""
        latest = {j.individual: bool(j.value) for j in judgements if j.kind == "rate"}
        before = sum(self.verdicts.get(i, _NOTHING).rating is not None for i in latest)
        return self.rated - before + sum(latest.values())

    def verdicts_by(self, scorer: str | None) -> Verdicts:
        """Return the verdicts with the scores of `scorer`, to keep.

        Without a name it is the scorer that gave the most scores.
        """
        if scorer is None and self.scores:
            scorer = max(self.scores, key=lambda name: (len(self.scores[name]), name))
        scores = self.scores.get(scorer or "")
        return Verdicts(self.verdicts.copy(), scores and scores.copy())
