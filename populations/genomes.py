"""Genomes of a population, read when they are asked for."""

from __future__ import annotations

import json
from typing import Any

from numpy.typing import NDArray

from evolve.errors import GenomeError
from evolve.genome import Genome
from populations.bases import Bases
from populations.failures import DamagedError
from populations.ledger import Ledger
from populations.rows import crc32
from populations.schema import latents

_BLOCK = 4096
"""Individuals whose small columns are read at once."""


class Genomes:
    """Reads genomes; not safe to share between threads."""

    def __init__(self, ledger: Ledger) -> None:
        self.bases = Bases(ledger)
        self._ledger = ledger
        self._blocks: dict[tuple[str, int], NDArray[Any]] = {}
        """Last block of each column."""

    def read(self, individual: int) -> Genome:
        """Return one genome, its noise checked against its CRC-32."""
        shape = tuple(self._value("latent_shape", individual, _BLOCK).tolist())
        row = int(self._value("latent_row", individual, _BLOCK))
        told = self._value("genome", individual, 256)
        population = self._ledger.path.name
        name = latents(shape)
        if not 0 <= row < self._ledger.marker.rows.get(name, 0):
            raise DamagedError(population, f"individual {individual} has no noise")
        noise = self._ledger.table(name).read("data", row, row + 1)[0]
        if crc32(noise) != int(self._value("crc32", individual, _BLOCK)):
            raise DamagedError(population, f"the noise of individual {individual} is altered")
        try:
            data = json.loads(told)
            return Genome.from_json(data, noise, self.bases.of(data))
        except GenomeError:
            raise  # made by a newer version; its text says so
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedError(population, f"the genome of individual {individual}") from error

    def _value(self, column: str, individual: int, size: int) -> Any:
        start = individual // size * size
        block = self._blocks.get((column, start))
        if block is None or individual - start >= len(block):
            table = self._ledger.table("individuals")
            block = table.read(column, start, min(start + size, table.rows))
            for key in [k for k in self._blocks if k[0] == column]:
                del self._blocks[key]
            self._blocks[column, start] = block
        return block[individual - start]
