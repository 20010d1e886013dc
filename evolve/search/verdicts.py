"""The verdicts on a whole population: judgements of persons as objects, scores as columns.

Persons judge thousands at most; scores are given to everyone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evolve.search.growable_array import Growing
from evolve.search.individual import Verdict

_NOTHING = Verdict()


class Scores(Mapping[int, float]):
    """The latest score of each individual that has one."""

    def __init__(self) -> None:
        self._value = Growing(np.float64, 0.0)
        self._known = Growing(np.bool_, False)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether each individual, up to the last that has one, has a score; (n,)."""
        return self._known.values

    @property
    def in_order(self) -> NDArray[np.float64]:
        """The scores that there are, (scored,), in the order of the individuals; a copy."""
        values: NDArray[np.float64] = self._value.values[self.known]
        return values

    def to_dict(self) -> dict[int, float]:
        """Return the same as a dictionary, faster than `dict` would."""
        ids = np.flatnonzero(self.known)
        return dict(zip(ids.tolist(), self._value.values[ids].tolist(), strict=True))

    def finite(self) -> dict[int, float]:
        """Return those that are numbers, as a dictionary."""
        ids = np.flatnonzero(self.known)
        values = self._value.values[ids]
        fine = np.isfinite(values)
        return dict(zip(ids[fine].tolist(), values[fine].tolist(), strict=True))

    @property
    def best(self) -> int:
        """Who has the highest score, the first of equals; there must be one."""
        return int(np.where(self.known, self._value.values, -np.inf).argmax())

    def put(
        self, individuals: NDArray[np.int64] | int, scores: NDArray[np.float64] | float
    ) -> None:
        """Set one score or many, both (n,) then; of the same individual the last counts."""
        self._value.put(individuals, scores)
        self._known.put(individuals, True)

    def discard(self, individual: int) -> None:
        """Forget one score, if there is one."""
        if individual in self:
            self._known.put(individual, False)

    def among(self, inside: NDArray[np.bool_]) -> Scores:
        """Return the scores of those where `inside`, (individuals,), is true, to keep."""
        twin = self.copy()
        twin.known[:] &= inside[: len(twin.known)]
        return twin

    def copy(self) -> Scores:
        """Return scores that can be changed by themselves."""
        twin = Scores()
        twin._value, twin._known = self._value.copy(), self._known.copy()
        return twin

    def __getitem__(self, individual: int) -> float:
        if not self._known[individual]:
            raise KeyError(individual)
        return float(self._value[individual])

    def __iter__(self) -> Iterator[int]:
        return iter(np.flatnonzero(self.known).tolist())

    def __len__(self) -> int:
        return int(np.count_nonzero(self._known.values))


class Verdicts(Mapping[int, Verdict]):
    """What is known of every judged individual; the others are left out."""

    def __init__(
        self, judged: dict[int, Verdict] | None = None, scores: Scores | None = None
    ) -> None:
        """Take over the verdicts of persons (without scores), by individual, and scores."""
        self.judged = {} if judged is None else judged
        self.scores = Scores() if scores is None else scores

    @classmethod
    def of(cls, verdicts: Mapping[int, Verdict]) -> Verdicts:
        """Return `verdicts` themselves if they are such already."""
        if isinstance(verdicts, Verdicts):
            return verdicts
        kept = cls()
        for individual, verdict in verdicts.items():
            kept.put(individual, verdict)
        return kept

    def put(self, individual: int, verdict: Verdict) -> None:
        """Set what is known of one individual; an empty verdict removes it."""
        by_person = replace(verdict, score=None)
        self.judged.pop(individual, None)
        if by_person != _NOTHING:
            self.judged[individual] = by_person
        if verdict.score is not None:
            self.scores.put(individual, verdict.score)
        else:
            self.scores.discard(individual)

    def copy(self) -> Verdicts:
        """Return verdicts that can be changed by themselves."""
        return Verdicts(self.judged.copy(), self.scores.copy())

    @property
    def ids(self) -> NDArray[np.int64]:
        """Who was judged, in order."""
        judged = np.fromiter(self.judged, np.int64, len(self.judged))
        scored = self.scores.known
        known = np.zeros(max(len(scored), int(judged.max(initial=-1)) + 1), np.bool_)
        known[: len(scored)] = scored
        known[judged] = True
        return np.flatnonzero(known)

    def __getitem__(self, individual: int) -> Verdict:
        score = self.scores.get(individual)
        if score is None:
            return self.judged[individual]
        return replace(self.judged.get(individual, _NOTHING), score=score)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids.tolist())

    def __len__(self) -> int:
        return len(self.ids)
