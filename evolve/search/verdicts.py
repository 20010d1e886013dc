"""The verdicts on a whole population: judgements of persons as objects, scores as columns.

Persons judge thousands at most; scorers judge every individual.
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
        """(n,): whether each individual has a score, up to the last that has one."""
        return self._known.values

    @property
    def in_order(self) -> NDArray[np.float64]:
        """(scored,): the scores in the order of the individuals; a copy."""
        values: NDArray[np.float64] = self._value.values[self.known]
        return values

    def to_dict(self) -> dict[int, float]:
        """Return the scores as a dictionary, faster than `dict` would."""
        ids = np.flatnonzero(self.known)
        return dict(zip(ids.tolist(), self._value.values[ids].tolist(), strict=True))

    def finite(self) -> dict[int, float]:
        """Return the finite scores as a dictionary."""
        ids = np.flatnonzero(self.known)
        values = self._value.values[ids]
        fine = np.isfinite(values)
        return dict(zip(ids[fine].tolist(), values[fine].tolist(), strict=True))

    @property
    def best(self) -> int | None:
        """Individual with the highest score, the first of equals; None without a finite one."""
        values = self._value.values
        finite = self.known & np.isfinite(values)
        return int(np.where(finite, values, -np.inf).argmax()) if finite.any() else None

    def put(
        self, individuals: NDArray[np.int64] | int, scores: NDArray[np.float64] | float
    ) -> None:
        """Set one score, or many, both (n,); of the same individual the last counts."""
        self._value.put(individuals, scores)
        self._known.put(individuals, True)

    def discard(self, individual: int) -> None:
        """Forget one score, if there is one."""
        if individual in self:
            self._known.put(individual, False)

    def among(self, inside: NDArray[np.bool_]) -> Scores:
        """Return a copy with the scores of those where `inside`, (individuals,), is true."""
        twin = self.copy()
        twin.known[:] &= inside[: len(twin.known)]
        return twin

    def copy(self) -> Scores:
        """Return a copy that can be changed without changing these."""
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
    """The verdict on every judged individual."""

    def __init__(
        self, judged: dict[int, Verdict] | None = None, scores: Scores | None = None
    ) -> None:
        """Take over scores, and the verdicts of persons (without scores) by individual."""
        self.judged = {} if judged is None else judged
        self.scores = Scores() if scores is None else scores

    @classmethod
    def of(cls, verdicts: Mapping[int, Verdict]) -> Verdicts:
        """Return verdicts as a `Verdicts`: themselves if they are one."""
        if isinstance(verdicts, Verdicts):
            return verdicts
        kept = cls()
        for individual, verdict in verdicts.items():
            kept.put(individual, verdict)
        return kept

    def put(self, individual: int, verdict: Verdict) -> None:
        """Set the verdict on one individual; an empty one removes it."""
        by_person = replace(verdict, score=None)
        self.judged.pop(individual, None)
        if by_person != _NOTHING:
            self.judged[individual] = by_person
        if verdict.score is not None:
            self.scores.put(individual, verdict.score)
        else:
            self.scores.discard(individual)

    def copy(self) -> Verdicts:
        """Return a copy that can be changed without changing these."""
        return Verdicts(self.judged.copy(), self.scores.copy())

    @property
    def ids(self) -> NDArray[np.int64]:
        """The judged individuals, in order."""
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
