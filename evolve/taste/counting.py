"""How much each property of pictures counts for a person, by their answers.

Properties are the attributes of a reader, the traits of appearance, and the embedding by a CLIP as
one property.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.scoring.looks.appearance import NAME as APPEARANCE
from evolve.scoring.looks.appearance import TRAITS
from evolve.search.births import Births
from evolve.search.individual import Verdict
from evolve.search.verdicts import Verdicts
from evolve.taste.answers import AGEING, RATING, judged_pages
from evolve.taste.attributes import Attributes
from evolve.taste.embeddings import Kind, Looked
from evolve.taste.features import Features, norms
from evolve.taste.process.gaussian_process import OFFSET, squared_exponential
from evolve.taste.process.relevance import LEAST, Judged, Property, relevance

Floats = NDArray[np.float64]

LOOKED_AT = 72
"""Judged pictures that are used, the newest: six pages."""


class Counts(NamedTuple):
    """How much each property counts, 1 by default."""

    named: dict[str, float]
    """By name: attributes and traits."""
    columns: Floats
    """(d,), of each column of a picture's vector, within its part."""
    lengths: list[float]
    """Of each part; their squares sum to 1."""


class _Block(NamedTuple):
    """Columns that count as one property."""

    part: int
    columns: slice
    name: str
    """Empty for none."""


def counts_of(
    attributes: Attributes,
    looked: Looked,
    features: Features,
    judgements: Mapping[int, Verdict],
    births: Births,
) -> Counts:
    """Return how much each property counts.

    There is at least one judged picture, of several parts; `features` are those of the pictures
    where all properties count alike.
    """
    blocks = _blocks(looked.kind, attributes)
    rows, judged = _judged(looked, dict(sorted(judgements.items())[-LOOKED_AT:]), births)
    shares, counts = np.zeros(len(blocks)), np.ones(len(blocks))
    if rows:
        vectors = looked.vectors[rows]
        properties = _properties(vectors, blocks, looked, attributes)
        seen = features.of(vectors)
        among = squared_exponential(features.length)(seen, seen)
        counts = np.round(relevance(properties, among, judged, OFFSET), 6)
        shares = np.array([each.share for each in properties])
    columns, weights = np.ones(looked.vectors.shape[1]), np.square(looked.lengths)
    for part in range(len(weights)):
        mine = [k for k, block in enumerate(blocks) if block.part == part]
        total = shares[mine].sum()
        if total > LEAST:
            weights[part] *= (shares[mine] @ np.square(counts[mine])) / total
    for block, count in zip(blocks, counts, strict=True):
        columns[block.columns] = count
    named = {b.name: float(n) for b, n in zip(blocks, counts, strict=True) if b.name}
    return Counts(named, columns, np.sqrt(weights / weights.sum()).tolist())


def _blocks(kind: Kind, attributes: Attributes) -> list[_Block]:
    blocks, start = list[_Block](), 0
    for part, (of, width) in enumerate(kind):
        if attributes.are((of, width)):
            names, widths = attributes.names, attributes.values
        elif (of, width) == (APPEARANCE, len(TRAITS)):
            names, widths = tuple(trait.words for trait in TRAITS), (1,) * width
        else:
            names, widths = ("",), (width,)
        for name, wide in zip(names, widths, strict=True):
            blocks.append(_Block(part, slice(start, start + wide), name))
            start += wide
    return blocks


def _properties(
    vectors: Floats, blocks: Sequence[_Block], looked: Looked, attributes: Attributes
) -> list[Property]:
    """Return the properties of pictures, each with its share of its part, by its variance."""
    around = vectors - vectors.mean(0)
    for part, kind in zip(looked.parts, looked.kind, strict=True):
        if attributes.are(kind):  # chances, not the roots of them
            around[:, part] = np.square(vectors[:, part]) - np.square(vectors[:, part]).mean(0)
    spread = np.square(around).mean(0)
    shares = [
        looked.lengths[block.part] ** 2
        * spread[block.columns].sum()
        / max(float(spread[looked.parts[block.part]].sum()), LEAST)
        for block in blocks
    ]
    return [
        Property(there if block.name else there / norms(there), share)
        for block, share in zip(blocks, shares, strict=True)
        for there in (around[:, block.columns],)
    ]


def _judged(
    looked: Looked, judgements: dict[int, Verdict], births: Births
) -> tuple[list[int], Judged]:
    """Return the rows of the pictures that were compared on their pages, and the answers."""
    row = {i: k for k, i in enumerate(looked.individuals)}
    pages = judged_pages(births, Verdicts(judgements))
    found = [
        (row[i], value, RATING / AGEING**age, page)
        for age, (page, values) in enumerate(reversed(pages.items()))
        for i, value in values.items()
        if i in row
    ]
    rows, worth, variance, page = zip(*found, strict=True) if found else ((), (), (), ())
    return list(rows), Judged(np.array(worth), np.array(variance), np.array(page, np.intp))
