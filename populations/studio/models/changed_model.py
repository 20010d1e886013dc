"""Whether the files of a model are those that painted a population so far.

They change where another program updates a model, where a person puts a fine-tuned one in its
place, or moves models about. What was painted stays as it is; what follows would differ for no
apparent reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evolve.errors import ArchiveError, ModelError
from evolve.models.catalog import EMBEDDED, ModelCard
from evolve.models.files.fingerprint import CONFIGURATION, WEIGHTS, has_changed, identity
from populations.core.population import Population
from populations.studio.models.own_model import card_of_population

_PARTS = {WEIGHTS: "weights", CONFIGURATION: "configuration"}


@dataclass(frozen=True, slots=True)
class ModelChange:
    """What is not as it was when the latest picture of a population was painted."""

    population: str
    model: str
    individual: int
    """Whose picture that is."""
    parts: tuple[str, ...]
    """`weights`, `configuration` or both."""

    @property
    def brief(self) -> str:
        """What changed and what follows, for a status line."""
        return (
            f"the model's {' and '.join(self.parts)} changed since picture {self.individual}: "
            "new ones will differ"
        )

    @property
    def line(self) -> str:
        """The same, with the ways to go on."""
        if self.model in EMBEDDED:
            return f"{self.brief}; go on, or use the version of fancier that painted it"
        return (
            f"{self.brief}, and what is saved stays; go on, put the old files back, or say where "
            f"they are with 'fancier model \"{self.population}\" --is PATH'"
        )


def change_of(population: Population, now: Callable[[], Mapping[str, Any]]) -> ModelChange | None:
    """Return how a model differs from the one that painted the latest picture; None if it does not.

    From the first picture that another model painted, that other one is the population's. `now`
    returns `fingerprint.identity` of the model, or the record of one that is loaded; it is not
    called where nothing is recorded to compare with.
    """
    try:
        latest = population.latest_painting()
    except ArchiveError:  # damaged, which `fancier check` reports
        return None
    if latest is None:
        return None
    individual, record = latest
    found = now()
    stated = {key: str(found[key]) for key in _PARTS if found.get(key)}
    parts = [_PARTS[key] for key in stated if has_changed(record, {key: stated[key]})]
    if not parts:
        return None
    return ModelChange(population.name, population.model, individual, tuple(parts))


def changed_line(population: Population, card: ModelCard) -> str:
    """Return one line if a population's model is not the one that painted its latest picture."""
    change = change_of(population, lambda: identity(card))
    return "" if change is None else change.line


def remark_on_model(population: Population) -> str:
    """Return one line about a model that is gone or was changed; empty if all is as it was."""
    try:
        return changed_line(population, card_of_population(population))
    except ModelError as error:
        return str(error)
