"""Editing: children of one picture that differ from it in one named thing, in one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from evolve.errors import GenomeError
from evolve.genome.masks import Box, Mask, mask_of
from evolve.models.catalog import ModelCard
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import WordChange, taken
from evolve.models.words.vocabulary import require_known
from evolve.search.edits import ANEW, PaintedPlace, Taken, TakenOff
from evolve.search.individual import Individual
from evolve.search.search import Alteration
from populations.core.population import Population
from populations.exchange.mask_file import read_mask
from populations.studio.breeding.locate import LocatedPlace
from populations.studio.breeding.shown_already import remarks_before
from populations.studio.opening import require

Where = Box | Mask | Path
"""A box in shares of the picture or, where a number is above 1, in pixels; or a mask, bool (height,
width) of the latent; or the file of one, white where the picture may change."""

PlaceOf = Callable[[WordChange, Mask | None], LocatedPlace]
"""Finds where in the picture something is or would be, and with which words it comes there; in a
place that is known, these alone."""

COUNT = 12
"""Children of an edit, unless asked otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EditRequest:
    """What is to be different in one picture; what is not explained is as for `Studio.edit`."""

    individual: int
    add: str = ""
    remove: str = ""
    """With `add`: what that takes the place of."""
    take: int | None = None
    words: str = ""
    take_off: bool = False
    """Whether the latest edit is taken off again."""
    where: Sequence[Where] = ()
    depth: float | None = None
    strength: float | None = None
    count: int = COUNT

    def __post_init__(self) -> None:
        if self.take is not None and (self.add or self.remove):
            raise GenomeError(
                "a place is taken from a picture or changed by words: leave out take, or add and "
                "remove"
            )
        if self.words and self.take is None:
            raise GenomeError("words name what is taken: give take, or use add")

    @property
    def change(self) -> WordChange | None:
        """What is to change in words; None if nothing is."""
        if self.take is not None:
            return WordChange(add=self.words) if self.words else None
        return WordChange(add=self.add, remove=self.remove) if self.add or self.remove else None

    @property
    def recorded(self) -> dict[str, Any]:
        """What the records of its children state of it."""
        if self.add and self.remove:
            return {"swap": [self.remove, self.add]}
        asked = {"add": self.add, "remove": self.remove, "words": self.words}
        return {kind: words for kind, words in asked.items() if words}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edited:
    """What an edit made."""

    individuals: list[Individual]
    mask: Mask
    """(height, width) of the latent, True in the place."""
    remark: str = ""
    """A line about what the model cannot paint in pictures like this one; mostly empty."""

    @property
    def as_json(self) -> dict[str, Any]:
        """The place as a command prints it."""
        cells = int(self.mask.sum())
        share = round(cells / self.mask.size, 4)
        return {"shape": list(self.mask.shape), "cells": cells, "share": share}


def remarks_on(
    population: Population, request: EditRequest, card: Callable[[], ModelCard]
) -> list[str]:
    """Return lines about words that the model does not know, or has not seen together.

    And about what is there already, or is not there to be removed.

    Raises:
        GenomeError: There is no such individual, or the model knows none of the words.
        ModelError: The model is not on this machine.
    """
    require(population, [request.individual])
    if (change := request.change) is None:
        return []
    _require_known(request, change, card)
    return remarks_before(population, request.individual, change, card(), other=request.take)


def planned(
    population: Population,
    request: EditRequest,
    card: Callable[[], ModelCard],
    place_of: PlaceOf,
) -> tuple[Alteration, Mask | None, str]:
    """Return what is to change, where, and a line about what the model cannot paint there.

    The place is None where it follows from earlier edits. `place_of` looks for it and tries.

    Raises:
        GenomeError: Something is missing or invalid.
        ModelError: The model is not on this machine.
        RenderError: The picture could not be painted again.
    """
    others = [] if request.take is None else [request.take]
    require(population, [request.individual, *others])
    if request.take_off:
        return TakenOff(), None, ""
    change = request.change
    if change is None and not request.where:
        raise GenomeError("say what is to change, or where")
    if change is not None:
        _require_known(request, change, card)
    mask = where(request.where, population) if request.where else None
    place = None
    if change is not None and not (request.take is not None and mask is not None):
        place = place_of(change, mask)
        mask = place.mask
    assert mask is not None
    remark = "" if place is None else place.remark
    if request.take is not None:
        return _taking(request, request.take, mask, population, card), mask, remark
    painted = PaintedPlace(
        mask=mask, depth=request.depth, angle=request.strength, asked=request.recorded
    )
    if place is None:
        return replace(painted, depths=ANEW), mask, remark
    painted = replace(painted, guidance=place.guidance, near=place.near)
    return painted.in_words(place.phrasings, place.chances), mask, remark


def _taking(
    request: EditRequest,
    other: int,
    mask: Mask,
    population: Population,
    card: Callable[[], ModelCard],
) -> Taken:
    prompt = None
    if request.words:
        own, theirs = (population.genome(i).prompt for i in (request.individual, other))
        prompt = taken(own, theirs, request.words, meanings_of(card()))
    return Taken(other=other, mask=mask, depth=request.depth, prompt=prompt, asked=request.recorded)


def _require_known(request: EditRequest, change: WordChange, card: Callable[[], ModelCard]) -> None:
    # A place that is taken from another picture comes with its pixels, whatever the words.
    if request.take is None or not request.where:
        require_known(card(), change.thing)


def places_of(given: Where | Sequence[Where]) -> list[Where]:
    """Return one place, or several, as a list."""
    if isinstance(given, np.ndarray | Path):
        return [given]
    if len(given) == 4 and all(isinstance(each, int | float) for each in given):
        left, top, right, bottom = given
        return [(left, top, right, bottom)]  # type: ignore[list-item]
    return list(given)  # type: ignore[arg-type]


def where(places: Sequence[Where], population: Population) -> Mask:
    """Return the mask of all places together.

    Raises:
        GenomeError: One of them is not inside the picture, or of another size.
    """
    rows, columns = population.config["latent"][1:]
    whole = np.zeros((rows, columns), np.bool_)
    for place in places:
        if isinstance(place, tuple):
            whole |= mask_of(in_shares(place, population), (rows, columns))
        elif isinstance(place, Path):
            whole |= read_mask(place, (rows, columns))
        elif place.shape == whole.shape:
            whole |= place.astype(np.bool_)
        else:
            raise GenomeError(f"a mask of shape {place.shape} is not one of {whole.shape} cells")
    return whole


def in_shares(region: Box, population: Population) -> Box:
    """Return a box in shares of the picture; where one is above 1 they are pixels.

    Raises:
        GenomeError: It is not inside the picture.
    """
    if max(region) > 1:
        width, height = population.config["size"]
        left, top, right, bottom = region
        region = left / width, top / height, right / width, bottom / height
    mask_of(region, population.config["latent"][1:])  # refused before anything is painted
    return region


def mask_of_edit(individual: Individual) -> Mask:
    """Return where an individual that comes from an edit differs from what it was edited from."""
    edit = individual.genome.edit
    assert edit is not None
    assert edit.mask is not None
    return edit.mask
