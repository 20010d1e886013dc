"""Births and genomes of a population, read on demand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evolve.errors import GenomeError
from evolve.genome import Genome
from evolve.search.births import Links
from evolve.search.individual import Birth, Origin
from populations.core.edit_sources import Bases
from populations.format import checksums
from populations.format.columns.values import ColumnValues
from populations.format.failures import DamagedError
from populations.format.json_texts import SENSELESS, parse
from populations.format.ledger import Ledger
from populations.format.schema import latents


class Individuals:
    """Reads individuals; not safe to share between threads."""

    def __init__(self, ledger: Ledger) -> None:
        self.bases = Bases(ledger)
        self._ledger = ledger
        self._table = ledger.table("individuals")
        self._blocks = ColumnValues(self._table)

    def birth(self, individual: int) -> Birth:
        """Return one individual without its genome."""
        parents = self._blocks.value("parents", individual)
        if parents.max() >= individual:
            raise self._born_later(individual)
        try:
            data = parse(self._blocks.value("origin", individual))
            origin = Origin(str(data["operator"]), dict(data["params"]))
        except SENSELESS as error:
            raise self._damaged(f"the origin of individual {individual}") from error
        return Birth(
            id=individual,
            origin=origin,
            parents=tuple(parents[parents >= 0].tolist()),
            generation=int(self._blocks.value("generation", individual)),
        )

    def links(self, first: int = 0) -> Links:
        """Return the pairs of parent and child, of the children from an id on."""
        child = first

        def keep(block: NDArray[np.int64]) -> Links:
            nonlocal child
            self._require_older(child, block)
            places, which = np.nonzero(block >= 0)
            links = np.stack([block[places, which], places + child], axis=1)
            child += len(block)
            return links.astype(np.int32)

        return self._table.scan("parents", keep, start=first)

    def genome(self, individual: int) -> Genome:
        """Return one genome, checked against its CRC-32."""
        shape = tuple(self._blocks.value("latent_shape", individual).tolist())
        row = int(self._blocks.value("latent_row", individual))
        text = self._blocks.value("genome", individual)
        name = latents(shape)
        if not 0 <= row < self._ledger.marker.rows.get(name, 0):
            raise self._damaged(f"individual {individual} has no noise")
        noise = self._ledger.table(name).read("data", row, row + 1)[0]
        whole = checksums.of_genome(individual, text, noise)
        if self._blocks.value("crc32", individual) not in (whole, checksums.of_noise(noise)):
            raise self._damaged(f"the genome of individual {individual} is altered")
        try:
            data = parse(text)
            return Genome.from_json(data, noise, self.bases.of(data))
        except GenomeError:
            raise  # made by a newer version, which its text states
        except SENSELESS as error:
            raise self._damaged(f"the genome of individual {individual}") from error

    def _require_older(self, first: int, parents: NDArray[np.int64]) -> None:
        """Test that parents of individuals from `first` on were born before them."""
        born = np.arange(first, first + len(parents))[:, None]
        if (parents >= born).any():
            wrong = int(np.argmax((parents >= born).any(axis=1))) + first
            raise self._born_later(wrong)

    def _born_later(self, individual: int) -> DamagedError:
        return self._damaged(f"individual {individual} has parents that were born later")

    def _damaged(self, what: str) -> DamagedError:
        return DamagedError(self._ledger.path.name, what)
