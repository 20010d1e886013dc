"""Tables and columns of format 1.

    individuals        one row per individual; the row number is its id
    latents/<CxHxW>    their noise, and latents of bases, one table per shape
    bases              what edits start from, each once (since 1.1)
    renders            attempts to paint
    scores             numbers given by scorers
    events             judgements; later everything else that happens
    plans              what was decided about the pages to come; the last one counts (since 1.1)
    notes              what persons wrote on individuals; the last one counts (since 1.2)
    branches           ways of going on from an earlier point (since 1.1)

Genomes are JSON; since 1.3 weights may count by another rule in their prompts, since 1.4 by a third
one, since 1.5 by a fourth, and since 1.3 their words may be shifted (`evolve.genome`). Records of
pictures are JSON; since 1.4 they say how it is at a few cells (`evolve.scoring.looks.sight`).

All columns of a table have the same number of rows. Core zarr dtypes only, so any zarr v3 reader
can open a population. Chunks end with a CRC32C, so a flipped bit is seen and never shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evolve.judgements import JUDGEMENTS

MAX_PARENTS = 16
"""Parents of one individual; a page has 12 pictures."""
MAX_BLOB = 64 << 20
"""Bytes in one encoded picture."""
BLOB_CHUNK = 256 << 10
"""Bytes of a picture per file; unused chunks take no file, and the zeros at the end compress."""

LARGEST_NOISE = 1 << 26
"""Numbers in the noise of one individual."""
MOST_ROWS = 1 << 24
"""Rows in one table; a million individuals are measured (`benchmarks/scale.py`)."""
BELIEVED = 1 << 16
"""Rows that are believed; more must be borne out by files, or by other rows."""
MOST_EACH = 100
"""Rows about each individual in any table, if there are more than are believed anyway."""
LARGEST_TEXTS = 64 << 20
"""Bytes of the texts in one chunk; usually there are far fewer."""
LATEST = 7_258_118_400_000
"""Milliseconds since 1970: the year 2200, after which no commit was made."""

HIGHEST = tuple(kind.highest for kind in JUDGEMENTS.values())
"""Highest value of each kind of events; the column `kind` holds the position here."""

FAILED = 0
"""`renders/length` of an attempt without a picture; the column `error` says why."""
WITHDRAWN = -1
"""`renders/length` of a row that takes back the pictures before it: the individual is unpainted."""
DROPPED = -2
"""`renders/length` of a picture that was painted and is not kept: it is painted again if wanted."""


@dataclass(frozen=True, slots=True)
class Column:
    """One array of a table."""

    name: str
    dtype: str
    """A zarr dtype, or `blob`: bytes of any length up to `MAX_BLOB`, padded with zeros."""
    shape: tuple[int, ...] = ()
    """Shape of one row."""
    chunk: int = 4096
    """Rows per chunk."""
    compressed: bool = True
    text: int = LARGEST_TEXTS
    """Bytes of a text, on average over a chunk, at most: for texts that are read all together."""


_CREATED = Column("created", "datetime64[ms]")
_INDIVIDUAL = Column("individual", "int64")

TABLES: dict[str, tuple[Column, ...]] = {
    "individuals": (
        Column("generation", "int32"),
        Column("branch", "int32"),  # it was born in
        Column("parents", "int64", (MAX_PARENTS,), chunk=1024),  # -1: none
        Column("origin", "string", chunk=1024),  # JSON: operator, params
        Column("genome", "string", chunk=256),  # JSON of the genome without its arrays
        Column("latent_shape", "int32", (3,)),
        Column("latent_row", "int64"),  # row in latents/<shape>
        Column("crc32", "uint32"),  # of the row (checksums.py); until 1.0 of the noise alone
        _CREATED,
    ),
    "renders": (
        _INDIVIDUAL,
        Column("length", "int64"),  # bytes of the picture, FAILED or WITHDRAWN
        Column("width", "int32"),
        Column("height", "int32"),
        Column("data", "blob"),  # WebP lossless, or PNG for sides above 16383
        Column("error", "string", chunk=1024),
        Column("record", "string", chunk=256),  # JSON; since 1.1 with `crc32` of the picture
        _CREATED,
    ),
    "bases": (
        Column("digest", "uint8", (32,), chunk=1024),  # SHA-256, as genomes name it
        Column("latent_shape", "int32", (3,)),
        Column("latent_row", "int64"),  # row in latents/<shape>
        Column("length", "int64"),  # bytes of the picture, 0 if there is none
        Column("data", "blob"),  # as in renders
        _CREATED,
    ),
    "scores": (_INDIVIDUAL, Column("scorer", "string"), Column("value", "float64"), _CREATED),
    "events": (
        _INDIVIDUAL,
        Column("kind", "int16"),
        Column("value", "int64"),
        Column("page", "int32"),  # -1: unknown
        Column("info", "string", chunk=1024, text=4096),  # JSON: by
        _CREATED,
    ),
    "notes": (
        _INDIVIDUAL,
        Column("text", "string", chunk=256, text=8192),
        Column("info", "string", chunk=1024, text=4096),  # JSON: by
        _CREATED,
    ),
    "plans": (Column("plan", "string", chunk=64), _CREATED),  # JSON
    "branches": (  # row 0 is branch 1: the main branch has no row
        Column("name", "string", chunk=64, text=4096),
        Column("parent", "int32"),
        Column("fork", "int64"),  # individuals born before it left its parent
        Column("at", "int64"),  # individual it was made at; -1: a moment
        _CREATED,
    ),
}


_LATENTS = re.compile("latents/" + "x".join([r"[1-9]\d{0,8}"] * 3), re.ASCII)


def latents(shape: tuple[int, ...]) -> str:
    """Return the name of the table for noise of `shape` (channels, height, width)."""
    return "latents/" + "x".join(map(str, shape))


def is_known(table: str) -> bool:
    """Return whether this version knows `table`; a newer minor version may have more."""
    return table in TABLES or _LATENTS.fullmatch(table) is not None


def columns(table: str) -> tuple[Column, ...]:
    """Return the columns of `table`."""
    if not table.startswith("latents/"):
        return TABLES[table]
    channels, height, width = map(int, table.removeprefix("latents/").split("x"))
    rows = (512 << 10) // (2 * channels * height * width)
    shape = (channels, height, width)
    return (Column("data", "float16", shape, chunk=min(256, max(1, rows)), compressed=False),)
