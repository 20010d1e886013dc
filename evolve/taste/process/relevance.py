"""How much each attribute of pictures matters to a person, from what they said so far.

Most tastes are of a few attributes: who chooses by hair does not care for earrings. A model that
lets each attribute have a variance of its own,

    u = b(page) + g + sum_a f_a + e,    g ~ GP(0, (1 - s) k),    f_a ~ GP(0, v_a k_a)
    k_a(x, x') = (p_a - m_a) . (p_a' - m_a) / q_a

(Duvenaud et al. 2011, first order), with p_a the probabilities of the values of attribute a, m_a
their means and q_a their variances, tells by which of them ratings are explained: automatic
relevance determination (MacKay 1992) by attributes, in which two dozen answers do not overfit as by
single values. From shares s_a, by which all values of all attributes count alike, one step of a
multiplicative update towards a higher posterior density,

    v_a = s_a (s_a z' N_a z + c) / (s_a tr(C^-1 N_a) + c),    z = C^-1 u

with C the covariance of what was said, N_a = k_a among the pictures, and a prior of strength c that
holds v_a to its share; more steps foretell no better. What is read counts sqrt(v_a / s_a) of itself
then: an attribute that decides counts more, another less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.plain_numbers import is_int

Floats = NDArray[np.float64]

KEY = "attributes"
"""What they are called in the config of a population."""
WIDEST = 4096
SHARE = 0.5
"""Of the variance of what is liked, at first, that is put down to attributes, one by one."""
HELD = 0.5
"""How strongly variances are held to their shares: the degrees of freedom of half an answer."""
LOOKED_AT = 72
"""Judged pictures that are looked at, the newest: six pages."""
LEAST = 1e-4
"""The smallest share of an attribute: one in which all pictures are the same tells nothing."""


class Attributes(NamedTuple):
    """How what a reader finds is divided."""

    reader: str
    """What readings are called in records."""
    names: tuple[str, ...]
    """What each attribute is called, in the order in which they are read."""
    values: tuple[int, ...]
    """How many values each has."""

    @property
    def columns(self) -> list[slice]:
        """Return where each attribute is among what is read."""
        ends = np.cumsum(self.values).tolist()
        return [slice(end - n, end) for end, n in zip(ends, self.values, strict=True)]

    def part_of(self, kind: Sequence[tuple[str, int]]) -> int | None:
        """Return which part of what is known of pictures is read by it; None if none is."""
        part = self.reader, sum(self.values)
        return list(kind).index(part) if part in kind else None

    def to_json(self) -> dict[str, Any]:
        """Return them as the config of a population holds them."""
        return {"reader": self.reader, "names": list(self.names), "values": list(self.values)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Attributes | None:
        """Read them; None if a population names none, or what it says makes no sense."""
        data = config.get(KEY)
        if not isinstance(data, Mapping) or not isinstance(data.get("reader"), str):
            return None
        names, values = data.get("names"), data.get("values")
        if not isinstance(names, list) or not isinstance(values, list):
            return None
        is_whole = len(names) == len(values) and all(isinstance(name, str) for name in names)
        if not is_whole or not all(is_int(n, 1, WIDEST) for n in values):
            return None
        if not 0 < sum(values) <= WIDEST:
            return None
        return cls(data["reader"], tuple(names), tuple(values))


class Said(NamedTuple):
    """What was said of some pictures, `n` of them."""

    worth: Floats
    """(n,): relative to the mean of the page, in rating steps."""
    variance: Floats
    """(n,): of that."""
    page: NDArray[np.intp]
    """(n,): on which page."""


def relevance(
    read: Floats, columns: Sequence[slice], among: Floats, said: Said, offset: float
) -> Floats:
    """Return how much each attribute counts, (attributes,): 1 where nothing speaks for or against.

    Args:
        read: (n, d), how probable every value is in each picture.
        columns: Of each attribute.
        among: (n, n), the covariance of how much pictures are liked for whatever there is in them.
        said: What was said of them.
        offset: Variance of the level of a page.
    """
    around = read - read.mean(0)
    spread = np.array([np.square(around[:, one]).sum(1).mean() for one in columns])
    shares = np.maximum(SHARE * spread / max(float(spread.sum()), LEAST), LEAST)
    alike = np.array(
        [
            around[:, one] @ around[:, one].T / max(float(each), LEAST)
            for one, each in zip(columns, spread, strict=True)
        ]
    )
    other = (1 - SHARE) * among + offset * (said.page[:, None] == said.page)
    other.flat[:: len(other) + 1] += said.variance
    inverse = np.linalg.inv(other + np.tensordot(shares, alike, 1))
    answered = inverse @ said.worth
    explained = shares * ((alike @ answered) @ answered)
    expected = shares * np.tensordot(alike, inverse, 2)
    counts: Floats = np.sqrt((explained + HELD) / (expected + HELD))
    return counts
