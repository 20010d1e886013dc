"""Rows as the engine gives them: checked, and turned into columns of tables."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from evolve.errors import ArchiveError
from evolve.genome import Noise
from evolve.judgements import KINDS
from evolve.search.individual import Individual
from evolve.search.plan import Plan
from evolve.session.archive import Judgement, Note, Picture, Render, Row, Score
from populations.core import notes
from populations.core.branches import Branch
from populations.core.captions import known_ids
from populations.core.edit_sources import Bases, base_columns
from populations.core.index import Index
from populations.format import checksums, picture_bytes
from populations.format.ledger import Ledger
from populations.format.schema import (
    FAILED,
    HIGHEST,
    MAX_BLOB,
    MAX_PARENTS,
    latents,
)
from populations.format.tables import Values


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderRow:
    """A row about the pictures of an individual: one was painted, failed, or is given up."""

    individual: int
    length: int
    """Bytes of the picture; without one FAILED, WITHDRAWN or DROPPED."""
    error: str = ""
    """Why there is none."""
    data: bytes = b""
    """The picture."""
    size: tuple[int, int] = (0, 0)
    """Its height and width in pixels."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """Of its painting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Checked rows by kind, each in the order given."""

    individuals: Sequence[Individual]
    renders: Sequence[RenderRow]
    scores: Sequence[Score]
    judgements: Sequence[Judgement]
    notes: Sequence[Note]
    plans: Sequence[Plan]
    branches: Sequence[Branch]
    born_in: int
    """Branch of the individuals."""

    @classmethod
    def of(cls, rows: Sequence[Row | RenderRow | Branch], *, branch: int = 0) -> Batch:
        """Sort rows by kind and encode their pictures, which takes the longest."""
        return cls(
            born_in=branch,
            branches=[r for r in rows if isinstance(r, Branch)],
            individuals=[r for r in rows if isinstance(r, Individual)],
            renders=[
                _render_row(r) if isinstance(r, Render) else r
                for r in rows
                if isinstance(r, Render | RenderRow)
            ],
            scores=[r for r in rows if isinstance(r, Score)],
            judgements=[r for r in rows if isinstance(r, Judgement)],
            notes=[r for r in rows if isinstance(r, Note)],
            plans=[r for r in rows if isinstance(r, Plan)],
        )

    def check(self, known: int) -> None:
        """Refuse rows that do not fit behind `known` individuals."""
        for expected, individual in enumerate(self.individuals, start=known):
            _check_individual(individual, expected)
        count = known + len(self.individuals)
        about: list[RenderRow | Score | Judgement | Note] = [*self.renders, *self.scores]
        for row in (*about, *self.judgements, *self.notes):
            if not 0 <= row.individual < count:
                raise ArchiveError(f"there is no individual {row.individual}: {known_ids(count)}")
        for judgement in self.judgements:
            _check_judgement(judgement)
        for note in self.notes:
            if wrong := notes.problem(note.text):
                raise ArchiveError(f"the note on individual {note.individual}: {wrong}")

    def content(self) -> tuple[object, ...]:
        """Return the content of the rows, to compare with that of another batch by ==."""
        return (
            self.born_in,
            [(i.id, i.parents, i.generation, i.genome.digest) for i in self.individuals],
            [(r.individual, r.length, r.error, r.data) for r in self.renders],
            *map(list, (self.scores, self.judgements, self.notes, self.plans, self.branches)),
        )

    def columns(self, ledger: Ledger, known: Bases) -> dict[str, Values]:
        """Return the rows by table and column, with those bases that are not `known`."""
        edits = (i.genome.edit for i in self.individuals)
        wanted = {e.base.digest: e.base for e in edits if e is not None}
        bases = [base for digest, base in wanted.items() if digest not in known]
        noises = [i.genome.noise for i in self.individuals]
        latent_rows, tables = _latent_columns([*noises, *(b.latent for b in bases)], ledger)
        tables["individuals"] = _individual_columns(
            self.individuals, latent_rows[: len(noises)], self.born_in
        )
        tables["bases"] = base_columns(bases, latent_rows[len(noises) :])
        tables["renders"] = _render_columns(self.renders)
        tables["scores"] = {
            "individual": [s.individual for s in self.scores],
            "scorer": [_text(s.scorer) for s in self.scores],
            "value": [s.value for s in self.scores],
        }
        tables["events"] = {
            "individual": [j.individual for j in self.judgements],
            "kind": [KINDS.index(j.kind) for j in self.judgements],
            "value": [j.value for j in self.judgements],
            "page": [-1 if j.page is None else j.page for j in self.judgements],
            "info": [_json({"by": j.by}) for j in self.judgements],
        }
        tables["notes"] = {
            "individual": [note.individual for note in self.notes],
            "text": [note.text for note in self.notes],
            "info": [_json({"by": note.by}) for note in self.notes],
        }
        tables["branches"] = {
            "name": [b.name for b in self.branches],
            "parent": [b.parent for b in self.branches],
            "fork": [b.fork for b in self.branches],
            "at": [b.at for b in self.branches],
        }
        tables["plans"] = {"plan": [_json(plan.to_json()) for plan in self.plans]}
        return {name: values for name, values in tables.items() if len(next(iter(values.values())))}

    def add_to(self, index: Index, *, first_render: int) -> None:
        """Add the rows to what is kept in memory; `first_render` is the row of the first render."""
        index.add_births([i.generation for i in self.individuals])
        about = [r.individual for r in self.renders]
        lengths = [r.length for r in self.renders]
        index.add_renders(
            np.array(about, np.int64),
            np.array(lengths, np.int64),
            first_row=first_render,
            error=lambda row: self.renders[row - first_render].error,
        )
        for s in self.scores:
            index.add_scores(s.scorer, np.array([s.individual]), np.array([float(s.value)]))
        for judgement in self.judgements:
            index.add_judgement(judgement)
        for note in self.notes:
            index.add_note(note.individual, note.text)
        for plan in self.plans:
            index.plan = plan


def _latent_columns(arrays: Sequence[Noise], ledger: Ledger) -> tuple[list[int], dict[str, Values]]:
    """Return the row that each array gets in the table of its shape, and those tables."""
    by_table: defaultdict[str, list[Noise]] = defaultdict(list)
    rows = []
    for array in arrays:
        name = latents(array.shape)
        rows.append(ledger.table(name).rows + len(by_table[name]))
        by_table[name].append(array)
    return rows, {name: {"data": np.stack(new)} for name, new in by_table.items()}


def _individual_columns(
    individuals: Sequence[Individual], latent_rows: list[int], branch: int
) -> Values:
    parents = np.full((len(individuals), MAX_PARENTS), -1)
    for row, individual in enumerate(individuals):
        parents[row, : len(individual.parents)] = individual.parents
    noises = [i.genome.noise for i in individuals]
    genomes = [_json(i.genome.to_json()) for i in individuals]
    return {
        "generation": [i.generation for i in individuals],
        "branch": [branch] * len(individuals),
        "parents": parents,
        "origin": [
            _json({"operator": i.origin.operator, "params": dict(i.origin.params)})
            for i in individuals
        ],
        "genome": genomes,
        "latent_shape": np.array([n.shape for n in noises]).reshape(-1, 3),
        "latent_row": latent_rows,
        "crc32": [
            checksums.of_genome(i.id, genome, i.genome.noise)
            for i, genome in zip(individuals, genomes, strict=True)
        ],
    }


def _render_columns(renders: Sequence[RenderRow]) -> Values:
    return {
        "individual": [r.individual for r in renders],
        "length": [r.length for r in renders],
        "width": [r.size[1] for r in renders],
        "height": [r.size[0] for r in renders],
        "data": [r.data for r in renders],
        "error": [_text(r.error) for r in renders],
        "record": [
            _json({**r.record, "crc32": checksums.of_picture(r.individual, r.data)})
            if r.data
            else _json(dict(r.record))
            for r in renders
        ],
    }


def _render_row(render: Render) -> RenderRow:
    picture = render.picture
    data, size = b"", (0, 0)
    if picture is not None:
        data, size = _encoded(render.individual, picture), picture.shape[:2]
    return RenderRow(
        individual=render.individual,
        length=len(data) or FAILED,
        error=render.error,
        data=data,
        size=size,
        record=render.record,
    )


def _encoded(individual: int, picture: Picture) -> bytes:
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
        raise ArchiveError(
            f"the picture of individual {individual} must be uint8 of shape "
            f"(height, width, 3), but is {picture.dtype} of shape {picture.shape}"
        )
    data = picture_bytes.encode(picture)
    if len(data) > MAX_BLOB:
        raise ArchiveError(
            f"the picture of individual {individual} takes {len(data) >> 20} MiB: "
            f"at most {MAX_BLOB >> 20} can be saved"
        )
    return data


def _check_individual(individual: Individual, expected: int) -> None:
    if individual.id != expected:
        raise ArchiveError(f"the next individual has id {expected}, but was given {individual.id}")
    if len(individual.parents) > MAX_PARENTS:
        raise ArchiveError(
            f"individual {expected} has {len(individual.parents)} parents: at most {MAX_PARENTS}"
        )
    if not all(0 <= p < expected for p in individual.parents):
        raise ArchiveError(
            f"individual {expected} has parents {individual.parents}: they must be born before it"
        )


def _check_judgement(judgement: Judgement) -> None:
    if judgement.kind not in KINDS:
        raise ArchiveError(
            f"unknown kind of judgement '{judgement.kind}': use one of {', '.join(KINDS)}"
        )
    highest = HIGHEST[KINDS.index(judgement.kind)]
    if not 0 <= judgement.value <= highest:
        raise ArchiveError(
            f"'{judgement.kind}' takes 0 to {highest}, but was given {judgement.value}"
        )


def _json(value: Any) -> str:
    try:
        return json.dumps(value, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise ArchiveError(f"cannot be saved as JSON: {error}") from error


def _text(value: str) -> str:
    """Return text that UTF-8 can hold: messages of the system may have stray surrogates."""
    return value.encode("utf-8", "replace").decode("utf-8")
