"""What the axes of a population are in words: of which properties there is more along each.

An axis has scores of pictures (`evolve.search.axes`); it is called by the property by which those
far along it differ most from those far back, if one differs by more than chance
(`evolve.taste.explaining`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evolve.models.catalog import ModelCard
from evolve.scoring.looks.properties import properties
from evolve.search.axes import components, pictures_before
from evolve.search.births import Births
from evolve.taste.explaining import explain
from populations.core.population import Population
from populations.core.view import View


class AxisName(NamedTuple):
    """The two ends of an axis."""

    further: str
    """What there is more of along it; empty if it has no name."""
    back: str
    """The same against it."""


LIGHT = AxisName("lighter", "darker")
NAMELESS = AxisName("", "")


def axis_names(archive: View[Population], card: ModelCard | None, around: int) -> list[AxisName]:
    """Return what the axes of the ring around an individual are called, in their order.

    There are none where it has none; without a model only light and dark have words.

    Raises:
        ModelError: What reads pictures cannot be used.
    """
    births = Births.of(archive.births())
    known = {
        i: (look, picture)
        for i in pictures_before(births, around, archive.embedding)
        if (look := archive.embedding(i)) and (picture := archive.picture(i)) is not None
    }
    if not known:
        return []
    scores = components([look for look, _ in known.values()])[1]
    pictures = [picture for _, picture in known.values()]
    values = np.array([[picture.mean() / 255] for picture in pictures])
    words = [LIGHT.further]
    if card is not None:
        found = properties(card, archive, list(known))
        values, words = np.hstack([values, found.values]), [*words, *found.words]
    return [_name(axis, values, words) for axis in scores.T]


def _name(scores: np.ndarray, values: np.ndarray, words: list[str]) -> AxisName:
    learnt = explain(scores, values, words)
    if not learnt:
        return NAMELESS
    called, more = learnt[0].words, learnt[0].weight > 0
    name = LIGHT if called == LIGHT.further else AxisName(f"more {called}", f"less {called}")
    return name if more else AxisName(name.back, name.further)
