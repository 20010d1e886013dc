"""What edits start from: latents and pictures, each stored once and found by its digest."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from evolve.errors import GenomeError
from evolve.genome.edit import Base
from populations.format import picture_bytes
from populations.format.failures import DamagedError
from populations.format.ledger import Ledger
from populations.format.schema import latents
from populations.format.tables import Values

_KEPT = 64
"""Bases kept in memory; the children of one page share theirs."""


class Bases:
    """Reads bases; any thread may."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._rows: dict[str, int] = {}
        """Row of each digest, as far as digests were read."""
        self._reading = threading.Lock()
        self.read = lru_cache(maxsize=_KEPT)(self._read)

    def of(self, genome: Mapping[str, Any]) -> Base | None:
        """Return the base that a genome, as JSON, starts from; None if it has no edit."""
        edit = genome.get("edit")
        return None if edit is None else self.read(str(edit["base"]))

    def __contains__(self, digest: object) -> bool:
        return isinstance(digest, str) and self._row(digest) is not None

    def _row(self, digest: str) -> int | None:
        with self._reading:
            known, table = len(self._rows), self._ledger.table("bases")
            if known < table.rows:
                for row, new in enumerate(table.read("digest", known), start=known):
                    self._rows[new.tobytes().hex()] = row
            return self._rows.get(digest)

    def _read(self, digest: str) -> Base:
        """Return the base with this digest, checked against it."""
        population, row = self._ledger.path.name, self._row(digest)
        if row is None:
            raise DamagedError(population, f"base {digest[:8]} is missing")
        table = self._ledger.table("bases")
        shape, latent_row, length = (
            table.read(c, row, row + 1)[0] for c in ("latent_shape", "latent_row", "length")
        )
        name = latents(tuple(shape.tolist()))
        if not 0 <= latent_row < self._ledger.marker.rows.get(name, 0):
            raise DamagedError(population, f"base {digest[:8]} has no latent")
        latent = self._ledger.table(name).read("data", int(latent_row), int(latent_row) + 1)[0]
        try:
            data = table.read_blob(row, int(length)) if length else None
            base = Base(latent, None if data is None else picture_bytes.decode(data))
        except (ValueError, GenomeError) as error:
            raise DamagedError(population, f"base {digest[:8]}") from error
        if base.digest != digest:
            raise DamagedError(population, f"base {digest[:8]} is altered")
        return base


def base_columns(bases: Sequence[Base], latent_rows: Sequence[int]) -> Values:
    """Return new bases as columns; their latents are stored beside the noise of individuals."""
    encoded = [b"" if b.picture is None else picture_bytes.encode(b.picture) for b in bases]
    return {
        "digest": np.array([list(bytes.fromhex(b.digest)) for b in bases]).reshape(-1, 32),
        "latent_shape": np.array([b.latent.shape for b in bases]).reshape(-1, 3),
        "latent_row": latent_rows,
        "length": [len(data) for data in encoded],
        "data": encoded,
    }
