"""The interface of a saved population; `populations.Population` implements it on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.judgements import Kind
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.sight import Sight
from evolve.search.individual import Birth, Individual, Verdict
from evolve.search.plan import Plan

Picture = NDArray[np.uint8]
"""Finished picture, (height, width, 3) RGB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Render:
    """One attempt to paint an individual."""

    individual: int
    picture: Picture | None
    """None if painting failed."""
    error: str = ""
    """Why painting failed; empty if it did not."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """What else decided the pixels, as JSON: model and its fingerprint, rows per forward, dtype,
    device, versions; and the seconds that it took."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A number that a scorer gave to a picture; higher is better."""

    individual: int
    scorer: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One judgement of a person about an individual."""

    individual: int
    kind: Kind
    """`pick` gives it a place among its page; `none` and `same` apply to every picture of a page:
    none of these is good, or all are alike."""
    value: int
    """One of the values of its kind (`evolve.judgements`); 0 takes it back."""
    page: int | None = None
    """Page on which it was made; None for the individual's generation."""
    by: str = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line that a person wrote on an individual. The latest counts; "" takes it back."""

    individual: int
    text: str
    by: str = "person"


Row = Individual | Render | Score | Judgement | Note | Plan


class Archive(Protocol):
    """An append-only population. Reading is cheap and allowed from any thread."""

    def append(self, rows: Sequence[Row]) -> None:
        """Commit all `rows` together or none; when it returns they are durable.

        Individuals must carry the next free ids in order. Safe to call from any thread.
        """

    def ids(self) -> Sequence[int]:
        """Return the ids of all individuals of the branch that is bred, in order."""

    def births(self) -> Sequence[Birth]:
        """Return all births: that of individual `i`, of whatever branch, is at `i`."""

    def genome(self, individual: int) -> Genome:
        """Return the genome of one individual."""

    def picture(self, individual: int) -> Picture | None:
        """Return the latest picture of one individual, or None if it is not painted."""

    def embedding(self, individual: int) -> Embedding | None:
        """Return the embedding of an individual's latest picture; None if unknown."""

    def sight(self, individual: int) -> Sight | None:
        """Return the same by all embedders, for distances; None if unknown."""

    def wanted(self, individual: int) -> float | None:
        """Return how surely an individual's latest picture shows what its edit asked for.

        None if it is no edit, or that is unknown.
        """

    def unpainted(self) -> list[int]:
        """Return the ids that have no picture and have not failed, in order of birth."""

    def failed(self) -> Mapping[int, str]:
        """Return the ids whose latest attempt failed, with the reason."""

    def verdicts(self, scorer: str | None = None) -> Mapping[int, Verdict]:
        """Return the verdict on every judged individual, with its latest score by `scorer`.

        The default is the scorer that gave the most scores.
        """

    def plan(self) -> Plan:
        """Return the latest plan, or one that leaves everything open."""

    def notes(self) -> Mapping[int, str]:
        """Return the notes on individuals, of whatever branch; none is empty."""
