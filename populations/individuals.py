"""Births and genomes of a population, read when they are asked for."""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.errors import GenomeError
from evolve.genome import Genome
from evolve.individual import Birth, Origin
from populations.bases import Bases
from populations.failures import DamagedError
from populations.ledger import Ledger
from populations.rows import crc32
from populations.schema import latents

_BLOCKS = 32
"""Blocks of columns that are kept in memory; a block is a chunk."""


class Individuals:
    """Reads individuals; not safe to share between threads."""

    def __init__(self, ledger: Ledger) -> None:
        self.bases = Bases(ledger)
        self._ledger = ledger
        self._table = ledger.table("individuals")
        self._blocks: OrderedDict[tuple[str, int], NDArray[Any]] = OrderedDict()
        """The blocks used last."""

    def birth(self, individual: int) -> Birth:
        """Return one individual without its genome."""
        parents = self._value("parents", individual)
        try:
            told = json.loads(self._value("origin", individual))
            origin = Origin(told["operator"], told["params"])
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged(f"the origin of individual {individual}") from error
        return Birth(
            id=individual,
            origin=origin,
            parents=tuple(parents[parents >= 0].tolist()),
            generation=int(self._value("generation", individual)),
        )

    def mains(self) -> NDArray[np.int64]:
        """Return the main parent of every individual, -1 for none."""
        return self._table.scan("parents", lambda block: block[:, 0].copy())

    def genome(self, individual: int) -> Genome:
        """Return one genome, its noise checked against its CRC-32."""
        shape = tuple(self._value("latent_shape", individual).tolist())
        row = int(self._value("latent_row", individual))
        told = self._value("genome", individual)
        name = latents(shape)
        if not 0 <= row < self._ledger.marker.rows.get(name, 0):
            raise self._damaged(f"individual {individual} has no noise")
        noise = self._ledger.table(name).read("data", row, row + 1)[0]
        if crc32(noise) != int(self._value("crc32", individual)):
            raise self._damaged(f"the noise of individual {individual} is altered")
        try:
            data = json.loads(told)
            return Genome.from_json(data, noise, self.bases.of(data))
        except GenomeError:
            raise  # made by a newer version; its text says so
        except (ValueError, KeyError, TypeError) as error:
            raise self._damaged(f"the genome of individual {individual}") from error

    def _value(self, column: str, individual: int) -> Any:
        size = self._table.columns[column].chunk
        start = individual // size * size
        block = self._blocks.pop((column, start), None)
        if block is None or individual - start >= len(block):
            block = self._table.read(column, start, min(start + size, self._table.rows))
        self._blocks[column, start] = block
        if len(self._blocks) > _BLOCKS:
            self._blocks.popitem(last=False)
        return block[individual - start]

    def _damaged(self, what: str) -> DamagedError:
        return DamagedError(self._ledger.path.name, what)
