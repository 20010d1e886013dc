"""The taste of one person in one population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.search.births import Births
from evolve.search.individual import Birth, Verdict
from evolve.search.verdicts import Verdicts
from evolve.taste.answers import Answers, answers_of
from evolve.taste.counting import LOOKED_AT, counts_of
from evolve.taste.embeddings import Embeddings
from evolve.taste.features import SAMPLED, Features
from evolve.taste.learning import Learning, newest
from evolve.taste.prior import Prior
from evolve.taste.process.gaussian_process import condition, squared_exponential

Floats = NDArray[np.float64]

DIGITS = 6
"""Digits of predictions: another machine adds in another order."""


class Prediction(NamedTuple):
    """The expected utility of pictures, in steps of the rating scale."""

    mean: NDArray[np.float64]
    """(m,), relative to the middle of the judged pictures."""
    deviation: NDArray[np.float64]
    """(m,), 0 to 1: 1 where nothing is known."""


class Taste:
    """Predicts how much a person would like pictures, from all their answers.

    It follows from the answers and the embeddings of judged pictures alone, whatever else is
    painted by now.
    """

    def __init__(
        self,
        embeddings: Embeddings,
        births: Sequence[Birth],
        verdicts: Mapping[int, Verdict],
        *,
        since: int = 0,
        learning: Learning = Learning(),  # noqa: B008 (it cannot be changed)
    ) -> None:
        """Learn from answers to pictures with an embedding, from individual `since` on.

        The prior counts only if that is 0.
        """
        self.prior = None if since else learning.prior
        """The prior that it began with."""
        births = Births.of(births)
        judged = {i: v for i, v in Verdicts.of(verdicts).judged.items() if i >= since}
        remembered = newest(judged, births, learning.memory)
        answers = answers_of(births, Verdicts(remembered))
        self._embeddings = embeddings
        looked = embeddings.of(answers.individuals)  # no others: what is painted may vary
        self.kind = looked.kind
        """Of the embeddings that it was learnt from."""
        self.unseen = len(answers.individuals) - len(looked.individuals)
        """Number of judged pictures that cannot be compared."""
        self.answers = _known(answers, set(looked.individuals))
        """The answers that it is learnt from."""
        row = {i: k for k, i in enumerate(looked.individuals)}
        rows = [row[i] for i in self.answers.individuals]
        self.judged = len(rows)
        """Number of pictures that it is learnt from."""
        attributes = learning.attributes if len(self.kind) > 1 else None
        self._features = self._counted = Features(
            looked.vectors,
            looked.parts,
            looked.lengths,
            sampled=SAMPLED if attributes is None else LOOKED_AT,
        )
        self.counts: dict[str, float] = {}
        """How much each property counts, by name; empty where all count alike."""
        if attributes is not None:
            counts = counts_of(attributes, looked, self._features, remembered, births)
            self.counts = counts.named
            self._counted = Features(
                looked.vectors, looked.parts, counts.lengths, counts=counts.columns
            )
        inputs, covariance = self._inputs(looked.vectors, rows)
        self._vectors = looked.vectors[rows]
        self._at_hand = inputs if self._counted is self._features else None
        before = self._before(self._vectors)
        kernel = squared_exponential(self._counted.length)
        self._posterior = condition(kernel, inputs, self.answers, before, covariance)

    @cached_property
    def seen(self) -> dict[int, Floats]:
        """Features of the judged pictures, (d,) each, of length 1."""
        seen = self._features.of(self._vectors) if self._at_hand is None else self._at_hand
        return dict(zip(self.answers.individuals, seen, strict=True))

    @property
    def liked(self) -> dict[int, float]:
        """The expected utility of each judged picture: the means of `of`, at no cost."""
        means = np.round(self._posterior.utilities, DIGITS).tolist()
        return dict(zip(self.answers.individuals, means, strict=True))

    def predict(self, embeddings: NDArray[np.floating]) -> Prediction:
        """Return the expected utility of pictures from their embeddings, (m, d)."""
        mean, deviation = self._posterior.at(self._counted.of(embeddings))
        mean = mean + self._before(embeddings)
        return Prediction(np.round(mean, DIGITS), np.round(deviation, DIGITS))

    def of(
        self, individuals: Sequence[int], embeddings: Embeddings | None = None
    ) -> tuple[list[int], Prediction]:
        """Return those of the individuals that can be compared, and their expected utility.

        The default embeddings are those that it was learnt from.
        """
        looked = (embeddings or self._embeddings).of(individuals, self.kind)
        return looked.individuals, self.predict(looked.vectors)

    def as_prior(self, name: str) -> Prior:
        """Return this taste as a prior; `name` is its population."""
        ids, liked = sorted(self.seen), self.liked
        return Prior.learnt(
            name,
            self.judged,
            self.kind,
            self._features.centre,
            np.array([self.seen[i] for i in ids]),
            np.array([liked[i] for i in ids]),
        )

    def _inputs(
        self, vectors: NDArray[np.float64], rows: list[int]
    ) -> tuple[Floats, Floats | None]:
        """Return the features of the judged, and their covariance if it is at hand."""
        learnt = self._counted.learnt
        if learnt is None or len(rows) < len(vectors):
            return self._counted.of(vectors[rows]), None
        return learnt, self._counted.covariance()

    def _before(self, embeddings: NDArray[np.floating]) -> NDArray[np.float64]:
        if self.prior is None:
            return np.zeros(len(embeddings))
        return self.prior.at(embeddings, self.kind)

    def kernel(self, cosines: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the likeness of pictures, 0 to 1, from the cosines of their features.

        k = exp(-|u - v|^2 / l) of unit vectors u, v with the cosine c: |u - v|^2 = 2 - 2 c. Of any
        shape, elementwise.
        """
        likeness = np.exp((2 * np.asarray(cosines, np.float64) - 2) / self._features.length)
        return np.asarray(np.round(likeness, DIGITS), np.float64)

    def likeness(self, individuals: Sequence[int], embeddings: Embeddings) -> NDArray[np.float64]:
        """Return the likeness among the pictures of individuals, (n, n), 1 for equal ones."""
        seen = self._features.of(embeddings.of(individuals, self.kind).vectors)
        return np.round(squared_exponential(self._features.length)(seen, seen), DIGITS)


def _known(answers: Answers, painted: set[int]) -> Answers:
    orders = []
    for order in answers.orders:
        picked = tuple(i for i in order.picked if i in painted)
        others = tuple(i for i in order.others if i in painted)
        if picked and len(picked) + len(others) > 1:
            orders.append(order._replace(picked=picked, others=others))
    return Answers(tuple(r for r in answers.ratings if r.individual in painted), tuple(orders))
