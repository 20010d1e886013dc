"""The course of a run: what each individual scored, and what had been spent by then."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evolve.genome.settings import Settings
from evolve.search.individual import Birth
from evolve.strategies.cost import spent
from populations.core.making import making
from populations.core.population import Population
from populations.core.view import View

COLUMNS = ("id", "generation", "made by", "parents", "steps so far", "score", "best so far")

FORMULA = ("=", "+", "-", "@")
"""What a cell of a spreadsheet begins with that is computed; an operator may be a stranger's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """Columns of equal length, one value for each individual that has a score, in order."""

    ids: NDArray[np.int64]
    generations: NDArray[np.int64]
    spent: NDArray[np.int64]
    """Forwards of single pictures up to this one, as recorded (`evolve.strategies.cost`)."""
    scores: NDArray[np.float64]
    full: int
    """Forwards of one full picture."""

    @property
    def best(self) -> NDArray[np.float64]:
        """The best score so far."""
        return np.maximum.accumulate(self.scores)

    def leaders(self, count: int) -> list[int]:
        """Return the ids of the best scores, the best first; of equals the elder."""
        order = np.argsort(-self.scores, kind="stable")[:count]
        return [int(i) for i in self.ids[order]]


def course_of(archive: View[Population], scores: Mapping[int, float]) -> Course:
    """Return the course of what was bred in a branch; scores that are not finite are left out."""
    population = archive.population
    full = Settings.from_json(population.config.get("settings", {})).steps
    births, total = population.births(), 0
    rows = []
    for i in archive.ids():
        birth = births[i]
        total += spent([birth], full)
        score = scores.get(i)
        if score is not None and np.isfinite(score):
            rows.append((i, birth.generation + 1, total, score))
    columns = list(zip(*rows, strict=True)) or [()] * 4
    return Course(
        ids=np.array(columns[0], np.int64),
        generations=np.array(columns[1], np.int64),
        spent=np.array(columns[2], np.int64),
        scores=np.array(columns[3], np.float64),
        full=full,
    )


def write_csv(
    course: Course,
    births: Sequence[Birth],
    file: Path,
    parts: Mapping[str, Mapping[int, float]] | None = None,
) -> None:
    """Write the course as a table for spreadsheets; `parts` are scores that were combined."""
    parts = parts or {}
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow([*COLUMNS, *map(_cell, parts)])
        for row in _rows(course, births):
            writer.writerow([*row, *(scores.get(row[0], "") for scores in parts.values())])


def _cell(text: str) -> str:
    """Return a stranger's text so that no spreadsheet computes it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _rows(
    course: Course, births: Sequence[Birth]
) -> Iterator[tuple[int, int, str, str, int, float, float]]:
    columns = (course.ids, course.generations, course.spent, course.scores, course.best)
    for i, generation, took, score, best in zip(*(c.tolist() for c in columns), strict=True):
        birth = births[i]
        parents = " ".join(map(str, birth.parents))
        yield i, generation, _cell(making(birth.origin)), parents, took, score, best
