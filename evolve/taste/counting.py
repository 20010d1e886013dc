"""How much each attribute that is read in pictures counts to a person, by what was judged."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evolve.search.births import Births
from evolve.search.individual import Verdict
from evolve.search.verdicts import Verdicts
from evolve.taste.answers import AGEING, RATING
from evolve.taste.embeddings import Looked
from evolve.taste.features import Features
from evolve.taste.judged_pages import judged_pages
from evolve.taste.process.gaussian_process import OFFSET, squared_exponential
from evolve.taste.process.relevance import LOOKED_AT, Attributes, Said, relevance

Floats = NDArray[np.float64]


def counts_of(
    attributes: Attributes,
    looked: Looked,
    features: Features,
    said: Mapping[int, Verdict],
    births: Births,
) -> Floats:
    """Return how much each attribute counts, (attributes,): 1 where nothing speaks for or against.

    Args:
        attributes: What is read in all of the pictures.
        looked: The judged pictures.
        features: What a taste sees of them as long as all attributes count alike.
        said: What was said of them.
        births: Everyone.
    """
    part = attributes.part_of(looked.kind)
    latest = dict(sorted(said.items())[-LOOKED_AT:])
    rows, judged = _judged(looked, latest, births)
    if part is None or not rows:
        return np.ones(len(attributes.values))
    vectors = looked.vectors[rows]
    seen = features.of(vectors)
    among = squared_exponential(features.length)(seen, seen)
    read = np.square(vectors[:, looked.parts[part]])
    return np.round(relevance(read, attributes.columns, among, judged, OFFSET), 6)


def columns_of(attributes: Attributes, looked: Looked, counts: Floats) -> Floats:
    """Return how much each column of what is known of pictures counts, (d,)."""
    columns = np.ones(looked.vectors.shape[1])
    part = attributes.part_of(looked.kind)
    if part is not None:
        columns[looked.parts[part]] = np.repeat(counts, attributes.values)
    return columns


def _judged(looked: Looked, said: Mapping[int, Verdict], births: Births) -> tuple[list[int], Said]:
    """Return the rows of the pictures that were compared on their pages, and what was said."""
    row = {i: k for k, i in enumerate(looked.individuals)}
    pages = judged_pages(births, Verdicts({**said}))
    found = [
        (row[i], value, RATING / AGEING**age, page)
        for age, (page, values) in enumerate(sorted(pages.items(), reverse=True))
        for i, value in values.items()
        if i in row
    ]
    rows, worth, variance, page = zip(*found, strict=True) if found else ((), (), (), ())
    return list(rows), Said(np.array(worth), np.array(variance), np.array(page, np.intp))
