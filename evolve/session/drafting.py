"""A page of drafts: twice the pictures, each painted half way, and finished if it is liked.

A draft is an individual like any other, bred by the same rules and marked as a draft in its record.
Its picture is saved only when it is finished. A draft that is not liked by the time the next page
is bred is dropped, and that is saved, so that it is not painted again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from evolve.genome import Genome
from evolve.search import Ask, Search
from evolve.search.births import Births
from evolve.search.individual import Individual, Origin, Verdict
from evolve.session.archive import Archive

DRAFT = "draft"
"""Parameter of an origin: whether an individual was born on a page of drafts."""
DROPPED = "dropped before it was painted"
"""Saved as the error of a painting that is not to be tried again unasked."""


def as_drafts(ask: Ask) -> Ask:
    """Return a function that asks for the same individuals as drafts."""

    def asked(search: Search) -> list[Individual]:
        twin = search.twin(search.genome)
        twin.looks_of = None  # a person chooses among them
        born = [replace(one, origin=one.origin.plus({DRAFT: True})) for one in ask(twin)]
        search.plan = twin.plan
        return search.accept(born)

    return asked


def half_way(genome: Genome) -> int | None:
    """Return the step after which half of a picture is painted; None if too few steps paint."""
    half = genome.painting_steps // 2
    return genome.held_steps + half if half else None


def is_liked(verdict: Verdict | None) -> bool:
    """Return whether a draft is to be finished."""
    if verdict is None or verdict.rejected:
        return False
    return verdict.is_favourite or verdict.place is not None


def is_draft(origin: Origin) -> bool:
    """Return whether an individual was born as a draft."""
    return origin.params.get(DRAFT) is True


def left_behind(archive: Archive, newest: int, unpainted: Collection[int]) -> list[int]:
    """Return the unpainted drafts of pages before the newest generation that are not liked."""
    births, judged = Births.of(archive.births()).readable(), archive.verdicts()
    return [
        i
        for i in unpainted
        if births[i].generation < newest
        and is_draft(births[i].origin)
        and not is_liked(judged.get(i))
    ]
